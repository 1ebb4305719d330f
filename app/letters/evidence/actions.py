"""What letters rest on becomes another: they are flagged, and who had them written is told, once (L8)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from app.attendance.calendars.actions import TERMS
from app.attendance.queries import presence_of
from app.attendance.tallies.actions import COUNTED
from app.cases.files.tells import Itself
from app.core import clock, events
from app.core.db import AnyRow, db
from app.core.events import Happened
from app.core.following import follows
from app.letters.evidence.finding import Known, counted_at
from app.letters.evidence.gathering import others_of_school
from app.letters.evidence.queries import letters_of_term, letters_on_days_absent, letters_resting_on
from app.letters.evidence.rules import BETWEEN, NOT_NAMED, others, texts_now
from app.letters.evidence.tells import CHANGED
from app.letters.facts import thawed
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.rules import long_date
from app.students.caregivers.actions import OTHER_ADDRESSEE
from app.students.models import Student

RESTS_ON = (
    *(OTHER_ADDRESSEE, "caregiver.ended", "caregiver.named_again", "student.changed"),
    *("absences.stated", "last_day.stated", "holiday.ended"),
)


@dataclass(frozen=True)
class OfCase:
    """The case of a letter, which service has it now, and who changed what the letter rests on."""

    id: int
    service_id: int | None
    status: Any
    changed_by_id: int | None


@follows(*RESTS_ON)
def flag_letters(happened: Happened, by: events.By) -> None:
    """What changes back is no longer said, and what changes once more is not told again. No log names who changed it: a school
    that corrects an address learns of no letter of a service."""
    thing = happened.on
    rows = letters_resting_on(thing.id if isinstance(thing, Student) else thing.student_id)
    of_cases = [row for row in rows if row.case_id]
    _keep(
        [
            *_of_cases(of_cases, counted_at(of_cases), by),
            *_of_schools([row for row in rows if not row.case_id]),
        ]
    )


@follows(TERMS)
def flag_letters_of_term(happened: Happened, by: events.By) -> None:
    """The school's own, of the term that it says has other days (CAL-3)."""
    _keep(list(_of_schools(letters_of_term(happened.on.school_id, happened.on.term))))


@follows(COUNTED)
def flag_letters_of_marks(happened: Happened, by: events.By) -> None:
    """Marks were corrected, or days on which they count: of a term that a letter speaks of (ATT-4)."""
    rows = letters_on_days_absent(happened.on.school_id, happened.on.students)
    at = counted_at(of_cases := [row for row in rows if row.case_id])
    there = [row for row in of_cases if at.get(row.Letter.id) == happened.on.school_id]
    _keep(
        [
            *_of_cases(there, at, by),
            *_of_schools([row for row in rows if not row.case_id], happened.on.terms),
        ]
    )


def _keep(seen: Sequence[Happened]) -> None:
    """School by school, service by service: no log names a person."""
    db.session.flush()
    for organisation_id, those in groupby(seen, key=lambda each: each.on.organisation_id):
        events.record_all(*those, by=Itself(organisation_id))


def _of_cases(rows: Sequence[AnyRow], at: Mapping[int, int], by: events.By) -> Iterator[Happened]:
    """`at`: the school at which each was counted, where that is known."""
    told = Known(rows, at)
    last_day = _last_day(rows[0].student_id) if any(row.Letter.purpose is Purpose.NEN for row in rows) else ""
    for row in rows:
        then, found = thawed(row.Letter.facts), [NOT_NAMED] if row.ended_at else []
        found += others(then, texts_now(row), last_day, is_counted_otherwise=told.is_other(row, then))
        if _is_first(row.Letter, found):
            yield Happened(CHANGED, row.Letter, _about(row, by))


def _of_schools(rows: Sequence[AnyRow], recounted: Collection[int] = ()) -> Iterator[Happened]:
    """School by school, each by its own words; `recounted`: terms. Nobody is told: whoever writes letters there has them in one list."""
    by_school = sorted(rows, key=lambda row: (row.Letter.organisation_id, row.Letter.id))
    for _, group in groupby(by_school, key=lambda row: row.Letter.organisation_id):
        for letter, found in others_of_school(list(group), recounted):
            if _is_first(letter, found):
                yield Happened(CHANGED, letter)


def _is_first(letter: Letter, found: Sequence[str]) -> bool:
    """Keep what is another now; is it the first time that something is?"""
    letter.changed_what = BETWEEN.join(found)
    if not found or letter.changed_at:
        return False
    letter.changed_at = clock.now()
    return True


def _about(row: Any, by: events.By) -> OfCase:
    return OfCase(row.case_id, row.service_id, row.status, by.person_id)


def _last_day(student_id: int) -> str:
    last = presence_of(student_id).last
    return long_date(last.on) if last else ""
