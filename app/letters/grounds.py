"""What a letter says has happened, point by point: days absent; of a student who is enrolled nowhere, the last day (LET-5)."""

from collections.abc import Iterator
from datetime import date

from app.attendance.presence import LastDay
from app.calendars.school_days import SchoolDays
from app.calendars.working_days import weekday_and_date
from app.cases.entries import Audience
from app.cases.meetings.rules import label_of
from app.letters import points
from app.letters.dossiers import Dossier
from app.letters.gathering import since_last_day
from app.letters.points import Place, Point
from app.letters.purposes import Purpose

AGES = range(6, 16)
"""From the sixth to the sixteenth birthday the law asks that a child is enrolled (s35)."""
ASK = "Ask the school or the whānau, and write it down"


def of_grounds(dossier: Dossier, today: date) -> Iterator[Point]:
    if dossier.purpose is Purpose.NEN:
        yield from _of_enrolment(dossier)
        yield from _of_last_day(dossier, today)
    else:
        yield from points.of_absences(dossier, today)


def of_spoken(dossier: Dossier) -> Iterator[Point]:
    """LET-4: somebody spoke with student or whānau just now. One letter is still for whoever looks at it to judge. Of what is
    restricted only the day is said, since a batch keeps these words."""
    if not dossier.spoken:
        return
    last = dossier.spoken[0]
    whom = " and ".join(
        who for who, was in (("A caregiver", last.with_caregiver), ("the student", last.with_student)) if was
    )
    spoke = f"{whom[0].upper()}{whom[1:]} {'were' if last.with_caregiver and last.with_student else 'was'} spoken with"
    how = "restricted" if last.audience is Audience.RESTRICTED else f"{label_of(last.kind).lower()}, {last.by}"
    words = f"{spoke} on {weekday_and_date(last.happened_on)} ({how}). Is a letter still right today?"
    yield Point(words, is_met=False, stops=False, remedy="Read what was said", place=Place.SPOKEN, stops_many=True)


def _of_enrolment(dossier: Dossier) -> Iterator[Point]:
    """No letter says that somebody is enrolled nowhere who is, nor of a duty where there is none without a look at it."""
    school, age = dossier.presence.enrolled_at, dossier.case.age
    if school:
        words = f"The roll of {school} has the student, so a letter that says otherwise is not right."
        yield Point(words, is_met=False, remedy="Look at the enrolments", place=Place.STUDENT)
    if age not in AGES:
        words = f"The student is {age}. The duty to enrol is from the sixth to the sixteenth birthday."
        yield Point(words, is_met=False, stops=False, remedy="See whether this letter is the right one")


def _of_last_day(dossier: Dossier, today: date) -> Iterator[Point]:
    last = dossier.presence.last
    if last is None:
        words = "Nobody has told the last day at school."
        yield Point(words, is_met=False, remedy=ASK, place=Place.LAST_DAY)
        return
    yield _since(last, since_last_day(dossier, last, today)[0])


def _since(last: LastDay, since: SchoolDays) -> Point:
    said = f"Last at school on {weekday_and_date(last.on)} {last.on.year}, {last.source}"
    if not since.count:
        words = f"{said}. No school day has gone by since then."
        return Point(words, is_met=False, remedy="See whether this day is right", place=Place.LAST_DAY)
    return Point(f"{said}: {since.words} since then.")
