"""What is a service's own way in batches: which of its cases have a letter due, what the letters rest on, and what their timelines
say of it (L6)."""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, func, or_, select, true

from app.calendars.working_days import working_days_between
from app.cases.many import heads_of, workable
from app.cases.models import Case, CaseKind, Status
from app.core import clock
from app.core.db import AnyRow, db
from app.letters.batches.models import Whom
from app.letters.batches.rules import GONE, NOT_NAMED, OPEN_FOR, STEPS, Rule, posting_order
from app.letters.dossiers import Dossier
from app.letters.gathering import address_of, gathered
from app.letters.ladders import Position
from app.letters.making import preview_letter
from app.letters.many import dossiers_of_each
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.queries import PURPOSES
from app.letters.readiness import readiness, stands_at
from app.letters.rulings import LetterRestart
from app.people.models import Organisation
from app.people.queries import Actor
from app.students.models import Caregiver, Student

__all__ = ["gathered", "preview_letter", "readiness"]
KINDS: dict[Purpose, CaseKind] = {purpose: kind for kind, purpose in PURPOSES.items()}
TICKS = 100
"""Cases on one page to tick."""
AT_ONCE = 250
"""Cases that are looked at together."""
NO_LETTERS = (Status.CLOSED, Status.TRIAGE)
TWO_WEEKS = timedelta(days=14)
"""In fewer there are not ten working days."""
_COUNTS = (Letter.made_at.is_not(None), Letter.voided_at.is_(None))


def candidates(actor: Actor, purpose: Purpose, rule: Rule, numbers: Sequence[str]) -> Iterator[Dossier]:
    """Everybody to whom a letter is due by the rule, on the cases that this person may work; or on those of them that were
    ticked."""
    today = clock.today()
    case_ids = db.session.scalars(_cases(actor, purpose, rule, numbers)).all()
    for start in range(0, len(case_ids), AT_ONCE):
        heads = heads_of(actor, case_ids[start : start + AT_ONCE])
        yield from (each for each in dossiers_of_each(purpose, list(heads.values()), actor) if fits(rule, each, today))


def fits(rule: Rule, dossier: Dossier, today: date) -> bool:
    """Does the next letter to this caregiver belong in such a batch? Who is not written to is not ready, with the reason (LET-3)."""
    if rule is Rule.TICKED:
        return True
    stands, written = stands_at(dossier, today), dossier.in_force
    if rule is Rule.OPEN:
        head = dossier.case
        return not written and working_days_between(head.service_started_on, today, head.region) >= OPEN_FOR
    if rule is Rule.NEXT:
        return bool(written) and _is_due_by(stands, today + timedelta(days=6 - today.weekday()))
    return stands.is_open and stands.step is not None and stands.step.number == STEPS[rule]


def _is_due_by(stands: Position, day: date) -> bool:
    return stands.step is not None and (stands.is_open or (stands.opens_on is not None and stands.opens_on <= day))


def known(actor: Actor, purpose: Purpose, those: Collection[Whom]) -> tuple[dict[Whom, Dossier], dict[Whom, str]]:
    """What letters to these rest on now; and of each to whom there can be none any more, why."""
    case_ids = sorted({whom.case_id for whom in those})
    found: dict[Whom, Dossier] = {}
    mine: set[int] = set()
    for start in range(0, len(case_ids), AT_ONCE):
        heads = heads_of(actor, case_ids[start : start + AT_ONCE])
        mine |= heads.keys()
        found |= {whom_of(each): each for each in dossiers_of_each(purpose, list(heads.values()), actor)}
    return found, {whom: NOT_NAMED if whom.case_id in mine else GONE for whom in those if whom not in found}


def hold(those: Collection[Whom]) -> None:
    """Before any letter of theirs, as whoever writes a letter by hand does."""
    ids = sorted({whom.case_id for whom in those})
    db.session.execute(select(Case.id).where(Case.id.in_(ids)).order_by(Case.id).with_for_update())


def whom_of(dossier: Dossier) -> Whom:
    return Whom(dossier.case.id, dossier.caregiver.id, 0)


def student_of(_: Dossier) -> None:
    """Its case says that."""


def order_of(dossier: Dossier) -> tuple[object, ...]:
    address, _, _ = address_of(dossier)
    return posting_order(address, dossier.caregiver.name, dossier.case.number)


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
