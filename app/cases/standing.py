"""Where a case stands: its status, its service and its manager. They change here only, and with them what is kept of them: how
many cases a service has in each status, and by which names its people find the student."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, func, insert, literal, select, text, update

from app.cases.models import Case, CasePerson, Part, Status, StatusCount
from app.cases.naming import plays
from app.core import events
from app.core.db import db, inserting
from app.students.models import Student
from app.students.records.finding import make_findable

Place = tuple[int, Status]
Counts = Mapping[Place, int]
Ends = Callable[[Sequence[Case], events.By], object]
_ends: list[tuple[Any, Any, Ends]] = []


def when_it_leaves(case_id: Any, waits: Any) -> Callable[[Ends], Ends]:
    """A room above registers what it ends, and by whom, when cases close or go to another service: where of one of them, by
    this column, something `waits`."""

    def register(ends: Ends) -> Ends:
        _ends.append((case_id, waits, ends))
        return ends

    return register


def begin(case: Case) -> None:
    """A new case stands where it was put."""
    _find(case)
    _count(_at(case))


def move(case: Case, *, service_id: int | None, by: events.By) -> None:
    """To another service."""
    was, had = _at(case), case.service_id
    case.service_id = service_id
    db.session.flush()
    if service_id != had:
        _find(case)
        _end_with([case], by)
    _count(_at(case), instead_of=was)


def become(cases: Sequence[Case], status: Status, *, by: events.By) -> None:
    """All of these get another status in one act."""
    was = _at(*cases)
    for case in cases:
        case.status = status
    db.session.flush()
    if status is Status.CLOSED:
        _end_with(cases, by)
    _count(_at(*cases), instead_of=was)


def give(cases: Iterable[Case], person_id: int | None) -> None:
    """To who is named their manager, or to nobody; written with the next statement."""
    for case in cases:
        case.manager_id = person_id


def kept_and_counted() -> tuple[Counts, Counts]:
    """What is kept, of services that have any cases, and what ought to be; both of one moment."""
    kept = select(literal("kept"), StatusCount.organisation_id, StatusCount.status, StatusCount.cases)
    each = (Case.service_id, Case.status)
    counted = select(literal("counted"), *each, func.count()).where(Case.service_id.is_not(None)).group_by(*each)
    found: dict[str, dict[Place, int]] = {"kept": {}, "counted": {}}
    for which, service_id, status, cases in db.session.execute(kept.where(StatusCount.cases != 0).union_all(counted)):
        found[which][service_id, status] = cases
    return found["kept"], found["counted"]


def kept_counts() -> Counts:
    return kept_and_counted()[0]


def counted_again() -> Counts:
    return kept_and_counted()[1]


def wrongly_managed() -> int:
    """How many cases are kept with another manager than who is named on them."""
    return db.session.scalar(select(func.count()).select_from(Case).where(_is_wrongly_managed())) or 0


def recount() -> None:
    """What is kept is what is counted, and who is named, from the end of this transaction on; changes of status wait for it."""
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("LOCK TABLE status_count IN SHARE ROW EXCLUSIVE MODE"))
    db.session.execute(delete(StatusCount))
    rows = [{"organisation_id": at[0], "status": at[1], "cases": cases} for at, cases in counted_again().items()]
    if rows:
        db.session.execute(insert(StatusCount), rows)
    db.session.execute(update(Case).where(_is_wrongly_managed()).values(manager_id=_named()))


def _is_wrongly_managed() -> ColumnElement[bool]:
    return Case.manager_id.is_distinct_from(_named())


def _named() -> Any:
    """Who is named on a Case as its manager."""
    named = select(CasePerson.person_id).where(plays(CasePerson, Part.MANAGER))
    return named.correlate(Case).scalar_subquery()


def _end_with(cases: Sequence[Case], by: events.By) -> None:
    """Mostly nothing waits: one statement asks for all of it."""
    ids = [case.id for case in cases]
    waiting = db.session.execute(select(*(exists().where(case_id.in_(ids), waits) for case_id, waits, _ in _ends)))
    for is_waiting, (*_, ends) in zip(waiting.one(), _ends, strict=True):
        if is_waiting:
            ends(cases, by)


def _at(*cases: Case) -> Counter[Place]:
    """Each once in the counts of its service; without one in none."""
    return Counter((case.service_id, case.status) for case in cases if case.service_id)


def _count(now: Counter[Place], *, instead_of: Counter[Place] | None = None) -> None:
    """One statement takes the counts of the services concerned in the same order, whatever changes: of two at once one
    waits for the other, and neither for ever."""
    now.subtract(instead_of or {})
    rows = [
        {"organisation_id": service_id, "status": status, "cases": now[service_id, status]}
        for service_id in sorted({service_id for service_id, _ in now})
        for status in Status
    ]
    if any(row["cases"] for row in rows):
        kept = inserting(StatusCount).values(rows)
        both = {"cases": StatusCount.cases + kept.excluded.cases}
        place = [StatusCount.organisation_id, StatusCount.status]
        db.session.execute(kept.on_conflict_do_update(index_elements=place, set_=both))


def _find(case: Case) -> None:
    if case.service_id:
        make_findable(db.session.get_one(Student, case.student_id), case.service_id)
