"""What is a school's own way in batches: which of its students have a letter due, and what the letters rest on (L6, L10)."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from sqlalchemy import Select, select

from app.attendance.calendars.queries import present_term
from app.calendars.school_terms import TermOfYear
from app.core.db import AnySelect, db
from app.letters.batches.models import Whom
from app.letters.batches.rules import HOLIDAY_OVER, LEFT, NOT_NAMED, STEPS, TERM_OVER, Rule, posting_order
from app.letters.purposes import Purpose
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.gathering import address_of, gathered
from app.letters.school.listing import away_from, ticked_of, with_letter_due
from app.letters.school.making import preview_letter
from app.letters.school.many import dossiers_of_each
from app.letters.school.naming import writer_of
from app.letters.school.queries import OnRoll, students_on_roll
from app.letters.school.readiness import readiness
from app.letters.wordings.queries import own_texts
from app.people.queries import Actor
from app.students.models import Caregiver, Student

__all__ = ["gathered", "preview_letter", "readiness"]
AT_ONCE = 250
"""Students who are looked at together."""


def candidates(actor: Actor, purpose: Purpose, rule: Rule, ticked: Sequence[str]) -> Iterator[SchoolDossier]:
    """Everybody to whom a letter is due by the rule, of the students on the roll of this person's school; or of those of them
    that were ticked."""
    heads = students_on_roll(actor, db.session.scalars(_students(actor, rule, ticked)).all())
    return (each for each in _of_purpose(actor, purpose, list(heads.values())) if fits(rule, each))


def _students(actor: Actor, rule: Rule, ticked: Sequence[str]) -> AnySelect:
    """As far as SQL can say it; which letter is due to each caregiver is looked at afterwards."""
    if rule is Rule.STUDENTS:
        return ticked_of(actor, ticked)
    return away_from(actor) if rule is Rule.HOLIDAYS else with_letter_due(actor)


def fits(rule: Rule, dossier: SchoolDossier) -> bool:
    """Does the letter that is due to this caregiver belong in such a batch?"""
    due = dossier.due.position
    if rule is Rule.STUDENTS:
        return True
    return due.is_open and due.step is not None and (rule not in STEPS or due.step.number == STEPS[rule])


def known(actor: Actor, purpose: Purpose, those: Collection[Whom]) -> tuple[dict[Whom, SchoolDossier], dict[Whom, str]]:
    """What letters to these rest on now; and of each to whom there can be none any more, why."""
    whose = {row.id: row.student_id for row in db.session.execute(_caregivers(those))}
    heads = students_on_roll(actor, sorted(set(whose.values())))
    found = {whom_of(each): each for each in _of_purpose(actor, purpose, list(heads.values()))}
    lost = [whom for whom in those if whom not in found]
    term = present_term(actor.organisation_id) if lost else None
    here = {whom: whose[whom.caregiver_id] in heads for whom in lost}
    return found, {whom: _why_gone(whom, purpose, term, is_here=here[whom]) for whom in lost}


def _why_gone(whom: Whom, purpose: Purpose, term: TermOfYear | None, *, is_here: bool) -> str:
    if not is_here:
        return LEFT
    if purpose is Purpose.HOLIDAY:
        return HOLIDAY_OVER
    return NOT_NAMED if term and term.code == whom.round else TERM_OVER


def _caregivers(those: Collection[Whom]) -> Select[int, int]:
    return select(Caregiver.id, Caregiver.student_id).where(Caregiver.id.in_({whom.caregiver_id for whom in those}))


def hold(those: Collection[Whom]) -> None:
    """Before any letter about them, as whoever writes a letter by hand does."""
    theirs = _caregivers(those).with_only_columns(Caregiver.student_id)
    held = select(Student.id).where(Student.id.in_(theirs)).order_by(Student.id)
    db.session.execute(held.with_for_update(key_share=True))


def whom_of(dossier: SchoolDossier) -> Whom:
    return Whom(0, dossier.caregiver.id, dossier.round)


def student_of(dossier: SchoolDossier) -> int:
    return dossier.head.student_id


def order_of(dossier: SchoolDossier) -> tuple[object, ...]:
    address = address_of(dossier.caregiver, dossier.home)
    return posting_order(address, dossier.caregiver.name, dossier.head.public_id)


def _of_purpose(actor: Actor, purpose: Purpose, heads: Sequence[OnRoll]) -> Iterator[SchoolDossier]:
    """Each caregiver of these, with what letters are written with; where they are for that, about each holiday."""
    texts, writer = own_texts(actor.organisation_id, purpose), writer_of(actor)
    for start in range(0, len(heads), AT_ONCE):
        for each in _about(purpose, dossiers_of_each(heads[start : start + AT_ONCE])):
            yield replace(each, texts=texts, writer=writer)


def _about(purpose: Purpose, dossiers: Iterable[SchoolDossier]) -> Iterator[SchoolDossier]:
    for each in dossiers:
        yield from (each.about(away) for away in each.holidays) if purpose is Purpose.HOLIDAY else (each,)
