"""What a letter needs, point by point (LET-3, LET-4, LET-8). Each says what is there or what is in the way."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from app.attendance.rules import Absences
from app.calendars.working_days import weekday_and_date, working_days_between
from app.cases.models import Status
from app.core.db import AnyRow
from app.letters.characters import lacking, named
from app.letters.dossiers import Dossier
from app.letters.facts import ENROLMENT, LABELS, Facts, lines
from app.letters.ladders import Position
from app.letters.rules import HOLD_WORDS
from app.letters.window import fault_of_window, the_window
from app.students.models import Tried

OLD_AFTER = 10
"""Working days after which figures of absences are called old."""
SOME = 3


class Place(StrEnum):
    """Where something is mended."""

    CAREGIVER = "caregiver"
    ATTENDANCE = "attendance"
    ASSIGNMENT = "assignment"
    LETTERHEAD = "letterhead"
    HOLDS = "holds"
    LAST_DAY = "last_day"
    STUDENT = "student"
    WORDING = "wording"
    SPOKEN = "spoken"
    CASE = "case"
    HOLIDAYS = "holidays"


class Rests(Protocol):
    """What a letter rests on, of a case or without one."""

    @property
    def caregiver(self) -> Any: ...
    @property
    def holds(self) -> Sequence[AnyRow]: ...


@dataclass(frozen=True)
class Point:
    """One thing that a letter needs: whether it is there, in words, and where it is mended."""

    words: str
    is_met: bool = True
    stops: bool = True
    """Whether the letter waits for it; else it is only said."""
    remedy: str = ""
    place: Place | None = None
    stops_many: bool = False
    """Whether a letter waits for it that is made together with others, where nobody looks at it first (LET-4)."""


def of_ladder(stands: Position) -> Point:
    if stands.step is None or not stands.is_open:
        return Point(stands.waits_for, is_met=False)
    if stands.is_excepted:
        return Point(f"A workflow lead lets letter {stands.step.number} be written now: {stands.step.name}.")
    return Point(f"Letter {stands.step.number} is the next one: {stands.step.name}.")


def of_status(dossier: Dossier) -> Point:
    if dossier.case.status == Status.CLOSED:
        return Point("The case is closed.", is_met=False, remedy="Reopen it first")
    return Point("The case is not closed.")


def of_caregiver(dossier: Rests) -> Iterator[Point]:
    """LET-3: who has responsibility and may be contacted."""
    caregiver = dossier.caregiver
    said = {
        True: f"{caregiver.name} has responsibility for the student.",
        False: f"{caregiver.name} has no responsibility for the student: no letter goes to them.",
        None: f"Nobody has said whether {caregiver.name} has responsibility for the student.",
    }
    may = {
        True: f"{caregiver.name} may be contacted{f': {caregiver.contact_note}' if caregiver.contact_note else ''}.",
        False: f"{caregiver.name} may not be contacted: {caregiver.contact_note or 'no reason is given'}.",
        None: f"Nobody has said whether {caregiver.name} may be contacted.",
    }
    asked = (
        (caregiver.has_responsibility, said, "Say whether they have responsibility"),
        (caregiver.may_be_contacted, may, "Say whether they may be contacted"),
    )
    for answer, words, remedy in asked:
        yield Point(words[answer], is_met=answer is True, remedy=remedy, place=Place.CAREGIVER)


def of_address(dossier: Rests, known: Facts) -> Point:
    """LET-3, LET-4: an address that is not known to be wrong, and that the envelope's window shows whole."""
    printed = lines(known.values.get("caregiver_address", ""))
    if not printed:
        return Point(
            "There is no address to write to.", is_met=False, remedy="Write the address", place=Place.CAREGIVER
        )
    if dossier.caregiver.address_state is Tried.NOT_CURRENT:
        return Point("The address is not current.", is_met=False, remedy="Write the new one", place=Place.CAREGIVER)
    if fault := fault_of_window([dossier.caregiver.name, *printed], the_window()):
        return Point(fault, is_met=False, remedy="Shorten the name or the address", place=Place.CAREGIVER)
    is_checked = dossier.caregiver.address_state is Tried.CURRENT
    words = "The address has been checked." if is_checked else "The address has not been tried yet."
    return Point(words, is_met=is_checked, stops=False, remedy="Say what is known of it", place=Place.CAREGIVER)


def of_absences(dossier: Dossier, today: date) -> Iterator[Point]:
    """LET-4, LET-5: figures that somebody told, of days that were missed, not too old; with old ones one letter is still for
    whoever looks at it to judge."""
    told, asking = dossier.absences, "Ask the school and write them down"
    if told is None:
        yield Point("Nobody has told the days absent.", is_met=False, remedy=asking, place=Place.ATTENDANCE)
        return
    if not told.half_days.absent:
        yield Point("No day absent is recorded.", is_met=False, remedy=asking, place=Place.ATTENDANCE)
        return
    yield from of_unknown(told, "Ask the school to replace it")
    age = working_days_between(told.as_of, today, dossier.case.region)
    words = f"{told.days_in_words} absent as known on {weekday_and_date(told.as_of)}, {told.source}."
    if age > OLD_AFTER:
        old = f"{words} That is {age} working days ago."
        yield Point(old, is_met=False, stops=False, remedy="Ask again", place=Place.ATTENDANCE, stops_many=True)
    else:
        yield Point(words)


def of_unknown(told: Absences, remedy: str) -> Iterator[Point]:
    """LET-4: no `?` among the days counted that stands for more than three school days."""
    if told.marked and told.marked.unknown:
        days = ", ".join(f"{day:%-d %B}" for day in told.marked.unknown[:SOME])
        more = f" and {len(told.marked.unknown) - SOME} days more" if len(told.marked.unknown) > SOME else ""
        words = f"Not known yet, marked “?” and counted as absent: {days}{more}."
        yield Point(words, is_met=False, remedy=remedy, place=Place.ATTENDANCE)


def of_desk(dossier: Dossier) -> Iterator[Point]:
    """Who writes, and on whose paper."""
    if not dossier.case.manager_name:
        yield Point(
            "Nobody has the case, so nobody signs.",
            is_met=False,
            remedy="Assign a case manager",
            place=Place.ASSIGNMENT,
        )
    if not dossier.desk.address or not dossier.desk.phone:
        words = "The service’s letterhead lacks its address or phone."
        yield Point(words, is_met=False, remedy="A workflow lead writes them", place=Place.LETTERHEAD)


def of_holds(dossier: Rests) -> Iterator[Point]:
    """LET-4: each hold says why and until when."""
    for hold in dossier.holds:
        why = f" ({hold.why})" if hold.why else ""
        words = f"Letters wait until {weekday_and_date(hold.until_on)}: {HOLD_WORDS[hold.reason]}{why}."
        yield Point(words, is_met=False, remedy="End the hold, if it no longer holds", place=Place.HOLDS)


SAID_ELSEWHERE = ENROLMENT | {"caregiver_address", "service_address", "service_phone", "writer_name", "writer_phone"}


def of_missing(known: Facts) -> Iterator[Point]:
    """LET-8: what is missing and has no point of its own."""
    is_told = "days_absent" in known.values
    absences = {"days_absent", "period_from", "period_to", "as_of"}
    for name in known.missing:
        if name not in SAID_ELSEWHERE and (is_told or not (name in absences or name.startswith("half_days_"))):
            yield Point(f"Missing: {LABELS[name].lower()}.", is_met=False)


def of_characters(known: Facts) -> Iterator[Point]:
    for name, fact in known.by_name.items():
        if lacks := lacking(fact.text):
            words = f"{LABELS[name]}: the letter’s font has no {', '.join(map(named, lacks))}."
            yield Point(words, is_met=False, remedy="Write it with other letters")
