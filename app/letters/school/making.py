"""A school's letter is asked for, looked at, and made as it was looked at (L2, LET-6)."""

from app.core import clock, events
from app.core.errors import Conflict, Refused
from app.letters.facts import thawed
from app.letters.ladders import Step
from app.letters.making import CHANGED, NOT_READY, ask_for, refuse_made, use_up
from app.letters.models import Letter
from app.letters.queries import letter_to_change
from app.letters.saying import refuse_missing
from app.letters.school.dossiers import SchoolDossier, dossier_of
from app.letters.school.finding import SchoolLetter
from app.letters.school.naming import Writer
from app.letters.school.readiness import SchoolReadiness, readiness
from app.people.queries import Actor
from app.students.queries import hold_student


def preview_letter(dossier: SchoolDossier, *, by: Actor, languages: str = "") -> Letter:
    """Freeze the facts of the letter that is due and ask the worker to render it. Raises `Refused` where it is not ready."""
    ready, step = _ready(dossier, languages)
    refuse_missing(dossier, step, languages)
    of_student = {"student_id": dossier.head.student_id, "ladder_id": dossier.ladder_id}
    return ask_for(dossier, ready, step, of=of_student, by=by)


def make_letter(found: SchoolLetter, *, by: Actor) -> None:
    """What was looked at is kept as it is, for good. Raises `Conflict` where it would say something else today, or where
    somebody has just made this letter."""
    hold_student(found.head.student_id)
    letter = letter_to_change(found.letter.id)
    refuse_made(letter)
    dossier = dossier_as_asked(found)
    ready, step = _ready(dossier, letter.languages)
    wording = dossier.texts.wording(step, letter.languages, clock.today()).digest
    now = (dossier.round, step.number, dossier.ladder_id, ready.facts.frozen(), wording)
    if now != (letter.round, letter.step, letter.ladder_id, letter.facts, letter.wording):
        raise Conflict(CHANGED)
    letter.made_at, letter.made_by_id = clock.now(), by.person_id
    use_up(letter, by)
    events.record("letter.made", by=by, on=letter)


def dossier_as_asked(found: SchoolLetter) -> SchoolDossier:
    """What the letter would rest on now, signed by whoever asked for it."""
    letter = found.letter
    return dossier_of(found.head, letter.caregiver_id, letter.purpose, letter.round, writer_of(found))


def writer_of(found: SchoolLetter) -> Writer:
    """Whoever asked for it, as they are reached today, in the role in which they did."""
    role, row = thawed(found.letter.facts).values.get("writer_role", ""), found.record
    return Writer(found.letter.asked_by_id, row.asked_by, role, row.asked_phone, row.asked_email)


def _ready(dossier: SchoolDossier, languages: str) -> tuple[SchoolReadiness, Step]:
    ready = readiness(dossier, clock.today(), languages)
    if not ready.is_ready or ready.position.step is None:
        raise Refused(NOT_READY)
    return ready, ready.position.step
