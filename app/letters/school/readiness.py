"""Is a school's letter to a caregiver ready to be written, and what is in its way (L3, LET-4)?"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from app.calendars.working_days import weekday_and_date, working_days_between
from app.letters import points, saying
from app.letters.by_email import has_bounced, of_email
from app.letters.facts import Facts
from app.letters.models import Back, Method
from app.letters.points import OLD_AFTER, Place, Point
from app.letters.purposes import Purpose
from app.letters.readiness import Readiness
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.gathering import gathered
from app.letters.school.naming import KnownCaregiver
from app.letters.school.rules import Due
from app.students.models import LettersBy, Tried

TELL = "Write down the days absent of this term"
REPLACE = "Replace the mark in your student management system, and send the marks again"
SPEAK = "Speak with the student’s case manager, or with the service, before you write"
ELSEWHERE = (
    "{name} chose letters by e-mail. What is known of that choice, or of the address, is another since: print this one."
)
LEAD = "An attendance lead, or the office where there is none,"
ANEW = "Name them again with the address they have now"


@dataclass(frozen=True)
class SchoolReadiness(Readiness):
    """The same, with the steps that were passed over."""

    due: Due


def readiness(dossier: SchoolDossier, today: date, wanted: str = "") -> SchoolReadiness:
    """LET-4, for the letter that is due to this caregiver, in the languages that somebody chose."""
    due, known = dossier.due, gathered(dossier, today)
    languages = saying.languages_for(dossier, due.position.step, wanted)
    found = (
        _of_ladder(dossier, due),
        _of_roll(dossier),
        *points.of_caregiver(dossier),
        *of_others(dossier.caregiver),
        _of_address(dossier, known),
        *_of_returned(dossier),
        *of_email_at_school(dossier.caregiver, dossier.desk.email, bounced=has_bounced(dossier.in_force)),
        saying.of_language(dossier, languages),
        *_of_absences(dossier, today),
        *_of_holidays(dossier),
        *_of_desk(dossier),
        *points.of_holds(dossier),
        *points.of_missing(known),
        *points.of_characters(known),
        *saying.of_wording(dossier.texts, due.position, languages, today),
    )
    return SchoolReadiness(found, known, due.position, languages, due)


def _of_ladder(dossier: SchoolDossier, due: Due) -> Point:
    stands = due.position
    if stands.step is None or not stands.is_open:
        return Point(stands.waits_for, is_met=False)
    if stands.is_excepted:
        return Point(f"An attendance lead lets letter {stands.step.number} be written now: {stands.step.name}.")
    if dossier.purpose is Purpose.HOLIDAY:
        return Point("No letter on this holiday has been written to them.")
    return Point(f"Letter {stands.step.number} is due: {stands.step.name}.")


def _of_roll(dossier: SchoolDossier) -> Point:
    if dossier.head.is_on_roll:
        return Point("The student is on your school’s roll.")
    return Point("The student is not on your school’s roll any more.", is_met=False)


def of_others(caregiver: KnownCaregiver) -> Iterator[Point]:
    """What a service knows stays there; that there is something, the letter waits for."""
    if caregiver.is_to_be_asked_about:
        words = f"A service that works with this student knows more about writing to {caregiver.name}."
        yield Point(words, is_met=False, remedy=SPEAK, place=Place.CASE)


def of_email_at_school(caregiver: KnownCaregiver, sender: str | None, *, bounced: bool = False) -> Iterator[Point]:
    """LET-7, for whoever chose letters by e-mail of this school. What others found out since stays there (CASE-10)."""
    if caregiver.letters_by is LettersBy.EMAIL and caregiver.is_email_elsewhere:
        yield Point(ELSEWHERE.format(name=caregiver.name), is_met=False, stops=False)
    else:
        yield from of_email(caregiver, is_formal=False, sender=sender, bounced=bounced, lead=LEAD)


def _of_address(dossier: SchoolDossier, known: Facts) -> Point:
    """A school writes down where somebody lives, and not how often that was tried."""
    point = points.of_address(dossier, known)
    return point if point.stops else replace(point, remedy="")


def _of_returned(dossier: SchoolDossier) -> Iterator[Point]:
    """LET-2: a letter that came back stops the others until there is another address. Where the school cannot change what it
    said first, its own letters tell."""
    sent = [letter for letter in dossier.letters if letter.sent_on and letter.voided_at is None]
    is_back = bool(sent) and sent[-1].back is Back.RETURNED and sent[-1].method is not Method.EMAIL
    if is_back and dossier.caregiver.is_shared and dossier.caregiver.address_state is not Tried.NOT_CURRENT:
        yield Point("The last letter to this address came back.", is_met=False, remedy=ANEW, place=Place.CAREGIVER)


def _of_absences(dossier: SchoolDossier, today: date) -> Iterator[Point]:
    """LET-2, LET-5: figures of this term, not too old."""
    if dossier.purpose is Purpose.HOLIDAY:
        return
    told = dossier.absences
    if told is None or dossier.term is None:
        of = f" in {dossier.term.words}" if dossier.term else ""
        yield Point(f"Nobody has told the days absent{of}.", is_met=False, remedy=TELL, place=Place.ATTENDANCE)
        return
    yield from points.of_unknown(told, REPLACE)
    words = f"{told.days_in_words} absent in {dossier.term.words}, as known on {weekday_and_date(told.as_of)}, {told.source}."
    age = working_days_between(told.as_of, today, dossier.head.region)
    if age > OLD_AFTER:
        old = f"{words} That is {age} working days ago."
        remedy = "Bring it up to date"
        yield Point(old, is_met=False, stops=False, remedy=remedy, place=Place.ATTENDANCE, stops_many=True)
    else:
        yield Point(words)


def _of_holidays(dossier: SchoolDossier) -> Iterator[Point]:
    """LET-4: where the date of return is known, the holiday letter goes instead."""
    if dossier.purpose is Purpose.HOLIDAY:
        return
    for away in dossier.holidays:
        words = f"A holiday until {weekday_and_date(away.to_on)} is recorded: the letter on the holiday goes instead."
        yield Point(
            words, is_met=False, remedy="Take the holiday back, if it does not take place", place=Place.HOLIDAYS
        )


def _of_desk(dossier: SchoolDossier) -> Iterator[Point]:
    if not dossier.desk.address or not dossier.desk.phone:
        words = "The school’s letterhead lacks its address or phone."
        yield Point(
            words,
            is_met=False,
            remedy="An attendance lead writes them, or the office where there is none",
            place=Place.LETTERHEAD,
        )
