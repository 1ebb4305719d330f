"""Which cases have a letter due by a rule, and each of their caregivers as they stand today (L6)."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, true

from app.cases.many import heads_of, workable
from app.cases.models import Case, Status
from app.core import clock
from app.core.db import AnyRow, db
from app.letters.batches.models import LineState
from app.letters.batches.rules import GONE, MOST, NOT_NAMED, STEPS, Line, Rule, fits, line_of
from app.letters.dossiers import Dossier
from app.letters.many import dossiers_of_each
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.queries import PURPOSES
from app.letters.rulings import LetterRestart
from app.people.models import Organisation
from app.people.queries import Actor
from app.students.models import Caregiver, Student

KINDS = {purpose: kind for kind, purpose in PURPOSES.items()}
TICKS = 100
"""Cases on one page to tick."""
AT_ONCE = 250
"""Cases that are looked at together."""
NO_LETTERS = (Status.CLOSED, Status.TRIAGE)
TWO_WEEKS = timedelta(days=14)
"""In fewer there are not ten working days."""


@dataclass(frozen=True)
class Chosen:
    """Lines in posting order, whether there would be more letters, and how many more are not ready."""

    lines: Sequence[Line]
    has_more: bool = False
    more_not_ready: int = 0


def chosen(actor: Actor, purpose: Purpose, rule: Rule, numbers: Sequence[str] = ()) -> Chosen:
    """Everybody to whom a letter is due by the rule, on the cases that this person may work; or on those of them that were
    ticked."""
    case_ids = db.session.scalars(_cases(actor, purpose, rule, numbers)).all()
    ready: list[Line] = []
    others: list[Line] = []
    today = clock.today()
    for dossier in _dossiers(actor, purpose, case_ids):
        if fits(rule, dossier, today):
            line = line_of(dossier, today)
            (ready if line.state is LineState.READY else others).append(line)
        if len(ready) > MOST:
            break
    both = [*ready[:MOST], *others[:MOST]]
    in_order = sorted(both, key=lambda line: line.order)
    return Chosen(in_order, len(ready) > MOST, max(len(others) - MOST, 0))


def to_tick(actor: Actor, purpose: Purpose, *, after: str = "") -> Sequence[AnyRow]:
    """A page of the cases that this person may write letters on, newest first, and one more."""
    name = func.coalesce(func.nullif(Student.preferred_name, ""), Student.legal_name).label("student_name")
    statement = (
        select(Case.number, name, Organisation.name.label("school_name"), Case.service_started_on)
        .join(Student, Student.id == Case.student_id)
        .join(Organisation, Organisation.id == Case.school_id)
        .where(workable(actor), Case.kind == KINDS[purpose], Case.status.not_in(NO_LETTERS))
        .order_by(Case.id.desc())
    )
    last = select(Case.id).where(Case.number == after, workable(actor)).scalar_subquery()
    return db.session.execute((statement.where(Case.id < last) if after else statement).limit(TICKS + 1)).all()


def looked_at_again(actor: Actor, purpose: Purpose, those: Iterable[tuple[int, int]]) -> list[Line]:
    """The same of caregivers of cases that were chosen before; who is not among them any more stands last, with why."""
    wanted, today = set(those), clock.today()
    found = _dossiers(actor, purpose, sorted({case_id for case_id, _ in wanted}))
    again = [line_of(each, today) for each in found if (each.case.id, each.caregiver.id) in wanted]
    lost = sorted(wanted - {(line.case_id, line.caregiver_id) for line in again})
    return [*sorted(again, key=lambda line: line.order), *_gone(actor, lost)]


def _gone(actor: Actor, lost: Sequence[tuple[int, int]]) -> Iterator[Line]:
    mine = select(Case.id).where(Case.id.in_([case_id for case_id, _ in lost]), workable(actor))
    theirs = set(db.session.scalars(mine)) if lost else set()
    for case_id, caregiver_id in lost:
        yield Line(case_id, caregiver_id, 0, LineState.NOT_READY, NOT_NAMED if case_id in theirs else GONE, ())


def _dossiers(actor: Actor, purpose: Purpose, case_ids: Sequence[int]) -> Iterator[Dossier]:
    for start in range(0, len(case_ids), AT_ONCE):
        yield from dossiers_of_each(purpose, list(heads_of(actor, case_ids[start : start + AT_ONCE]).values()))


def _cases(actor: Actor, purpose: Purpose, rule: Rule, numbers: Sequence[str]) -> Any:
    """As far as SQL can say it; where each caregiver stands on the ladder is looked at afterwards."""
    mine = select(Case.id).where(workable(actor), Case.kind == KINDS[purpose]).order_by(Case.id)
    if rule is Rule.TICKED:
        return mine.where(Case.number.in_(numbers))
    return mine.where(Case.status.not_in(NO_LETTERS), _may_fit(purpose, rule, clock.today()))


def _may_fit(purpose: Purpose, rule: Rule, today: date) -> Any:
    written = exists().where(Letter.case_id == Case.id, Letter.purpose == purpose, *_COUNTS)
    if rule is Rule.OPEN:
        return ~written & (Case.service_started_on <= today - TWO_WEEKS)
    if rule is Rule.NEXT:
        return written.where(Letter.sent_on.is_not(None))
    to_them = written.where(Letter.caregiver_id == Caregiver.id, Letter.step == STEPS[rule])
    named = (Caregiver.student_id == Case.student_id, Caregiver.ended_at.is_(None))
    began = exists().where(LetterRestart.case_id == Case.id)
    before = true() if STEPS[rule] == 1 else written.where(Letter.step == STEPS[rule] - 1)
    return or_(began, exists().where(*named, ~to_them) & before)


_COUNTS = (Letter.made_at.is_not(None), Letter.voided_at.is_(None))
