"""Transfers as each side and the investigators see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, exists, func, or_, select, true, tuple_
from sqlalchemy.orm import aliased

from app.cases.heading import shows_also
from app.cases.models import Case, SafetyNote
from app.cases.transfers.models import Transfer, TransferState
from app.cases.transfers.policy import visible
from app.cases.transfers.rules import ASKED, WAITING, is_overdue
from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.core.events import Audit
from app.people.models import Kind, Organisation, Person
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.students.models import Enrolment, Student
from app.students.queries import is_not_over

PAGE = 25
From, To, AtSchool = (aliased(Organisation, name=name) for name in ("sender", "receiver", "at_school"))
WAITS = Transfer.state.in_(WAITING)
_SAFETY = select(func.count()).where(SafetyNote.case_id == Case.id, SafetyNote.ended_at.is_(None)).correlate(Case)
_YEAR_LEVEL = (
    select(func.max(Enrolment.year_level)).where(Enrolment.student_id == Case.student_id, is_not_over()).correlate(Case)
)
_FACTS = (
    *(Transfer.public_id, Transfer.case_id, Transfer.state, Transfer.why, Transfer.asked_at, Transfer.offered_at),
    *(Transfer.due_on, Transfer.ended_at, Transfer.answer, Transfer.from_id, Transfer.to_id),
    *(From.name.label("from_name"), From.phone.label("from_phone"), To.name.label("to_name")),
    *(Case.number, Case.kind, Case.status, Case.made_at, Case.student_id, Case.school_id, Student.born_on),
    *(AtSchool.name.label("school_name"), _YEAR_LEVEL.scalar_subquery().label("year_level")),
    _SAFETY.scalar_subquery().label("safety_notes"),
)
_FOUND = (
    select(*_FACTS)
    .select_from(Transfer)
    .join(Case, Case.id == Transfer.case_id)
    .join(Student, Student.id == Case.student_id)
    .join(AtSchool, AtSchool.id == Case.school_id)
    .join(From, From.id == Transfer.from_id)
    .outerjoin(To, To.id == Transfer.to_id)
)


def _of_case(column: Any) -> Any:
    waits = select(column).select_from(Transfer).outerjoin(To, To.id == Transfer.to_id)
    return waits.where(Transfer.case_id == Case.id, WAITS).correlate(Case).scalar_subquery()


shows_also(_of_case(Transfer.state).label("transfer_state"))
shows_also(_of_case(Transfer.due_on).label("transfer_due_on"))
shows_also(_of_case(To.name).label("transfer_to"))


@dataclass(frozen=True)
class Offer:
    """A transfer with what is needed to decide on it, and nothing of what the notes say."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def state(self) -> TransferState:
        return TransferState(self.row.state)

    @property
    def is_overdue(self) -> bool:
        return is_overdue(self.row.state, self.row.due_on, clock.today())

    @property
    def age(self) -> int:
        today, born = clock.today(), self.row.born_on
        return int(today.year - born.year - ((today.month, today.day) < (born.month, born.day)))


def transfer_for(actor: Actor, public_id: str) -> Offer | None:
    """One that this person may see without having the case."""
    row = db.session.execute(_FOUND.where(Transfer.public_id == public_id, visible(actor))).first()
    return Offer(row) if row else None


def transfers_waiting(actor: Actor, *, after: str = "") -> list[Offer]:
    """A page of all that wait, oldest first, and one more; `after` is the last one's public id."""
    return _page(actor, (Transfer.asked_at, Transfer.id), after, WAITS)


def transfers_offered(actor: Actor, *, after: str = "") -> list[Offer]:
    """The same of those that this person’s service is to answer, the first due first."""
    return _page(actor, (Transfer.due_on, Transfer.id), after, Transfer.state == TransferState.OFFERED)


def _page(actor: Actor, place: tuple[Any, ...], after: str, which: ColumnElement[bool]) -> list[Offer]:
    last = select(*place).where(Transfer.public_id == after, visible(actor)).correlate(None).scalar_subquery()
    later: ColumnElement[bool] = tuple_(*place) > last if after else true()
    found: AnySelect = _FOUND.where(visible(actor), which, later).order_by(*place).limit(PAGE + 1)
    return [Offer(row) for row in db.session.execute(found)]


def transfers_of_ours(actor: Actor, *, before: str = "") -> Sequence[AnyRow]:
    """A page of those that were asked for on cases of this lead’s service, newest first, and one more."""
    ours, is_here = Transfer.from_id == actor.organisation_id, Case.service_id == actor.organisation_id
    last = select(Transfer.id).where(Transfer.public_id == before, ours).scalar_subquery()
    earlier = Transfer.id < last if before else true()
    statement = _asked(Transfer.public_id, Case.number, is_here.label("is_here")).where(ours, earlier)
    return db.session.execute(statement.order_by(Transfer.id.desc()).limit(PAGE + 1)).all()


def transfers_on(case_id: int) -> Sequence[AnyRow]:
    """All that were asked for on a case, newest first. Who may see them is asked of the case."""
    statement = _asked(Transfer.public_id).where(Transfer.case_id == case_id)
    return db.session.execute(statement.order_by(Transfer.id.desc())).all()


def _asked(*columns: Any) -> AnySelect:
    said = (Transfer.state, Transfer.why, Transfer.asked_at, Transfer.due_on, Transfer.ended_at, Transfer.answer)
    return (
        select(*columns, *said, To.name.label("to_name"), Person.name.label("asked_by"))
        .select_from(Transfer)
        .join(Case, Case.id == Transfer.case_id)
        .join(Person, Person.id == Transfer.asked_by_id)
        .outerjoin(To, To.id == Transfer.to_id)
    )


def how_many_offered(actor: Actor) -> Any:
    """Of those that this person’s service is to answer, counted to a page and one, as a column of another statement."""
    some = select(Transfer.id).where(visible(actor), Transfer.state == TransferState.OFFERED).limit(PAGE + 1)
    return select(func.count()).select_from(some.subquery()).scalar_subquery()


def waiting_transfer(case_id: int) -> Transfer | None:
    """The one that waits, as it is now; nobody else changes it until the end of the transaction."""
    found = select(Transfer).where(Transfer.case_id == case_id, WAITS).with_for_update()
    return db.session.scalar(found.execution_options(populate_existing=True))


def is_asked_by_school(case: Case) -> bool:
    """A school’s request asked for a transfer since the case came to the service that has it, and none was accepted (REQ-7)."""
    begun = clock.begin_of(case.service_started_on)
    roles = [role.value for role in ROLES_OF[Kind.SCHOOL]]
    asked = (Audit.case_id == case.id, Audit.event == ASKED, Audit.thing_id == Transfer.id, Audit.role.in_(roles))
    of_now = (Transfer.case_id == case.id, Transfer.asked_at >= begun, Transfer.from_id == case.service_id)
    waits_or_not = or_(WAITS, Transfer.state == TransferState.REFUSED)
    return (
        db.session.scalar(select(Transfer.id).where(*of_now, waits_or_not, exists().where(*asked)).limit(1)) is not None
    )
