"""What of a letter is another now, a service's or a school's, without asking the database (L8)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from app.attendance.codes import CONFIRMED, PROVISIONAL
from app.attendance.rules import Absences
from app.calendars.school_terms import TermOfYear
from app.letters.facts import ABSENCES, LABELS, Facts, lines, of_absences
from app.letters.gathering import called
from app.letters.rules import day_of

NOT_NAMED = "The caregiver, who is not named any more"
BETWEEN = "; "
HOLIDAY_ENDED = "The holiday, which was taken back"
WHOSE = ("caregiver_name", "caregiver_address", "student_name", "student_called")


def texts_now(row: Any) -> dict[str, str]:
    """As a service's letter would print them today, of a row with the caregiver and the student."""
    home = row.home if row.lives_with_student else ""
    return {
        "caregiver_name": row.caregiver_name,
        "caregiver_address": "\n".join(lines(row.address or home)),
        "student_name": row.legal_name,
        "student_called": called(row.preferred_name or row.legal_name),
    }


def others(then: Facts, now: Mapping[str, str], last_day: str, *, is_counted_otherwise: bool) -> Iterator[str]:
    """The labels of what the letter states and would state otherwise; all of its absences are one."""
    yield from others_of_names(then, now)
    if "days_absent" in then.values and is_counted_otherwise:
        yield LABELS["days_absent"]
    if "last_attended_on" in then.values and then.values["last_attended_on"] != last_day:
        yield LABELS["last_attended_on"]


def is_told_otherwise(then: Facts, absences: Absences | None) -> bool:
    """Of a letter of a service that states what somebody told: whoever told it anew told another figure; marks go on by
    themselves, and only what they correct is another one."""
    if absences and absences.marked:
        return is_corrected(then, absences, None)
    told = {name: fact.text for name, fact in of_absences(absences)}
    is_same = all(then.values.get(name, "") == told.get(name, "") for name in ABSENCES)
    return not is_same or then.weeks != (tuple(absences.weeks) if absences else ())


def others_of_names(then: Facts, now: Mapping[str, str]) -> Iterator[str]:
    return (LABELS[name] for name in WHOSE if then.values.get(name, "") != now[name])


def is_corrected(then: Facts, told: Absences | None, term: TermOfYear | None) -> bool:
    """Are days that a letter states others now: told otherwise since, or counted from before the first day of the term as the
    school says it now? `told`: of a letter by marks what they say up to its last day, so that what came after is no correction;
    that more were missed since somebody told it is none either: the next letter says it. Marks that are gone are one."""
    if term and "period_from" in then.values and day_of(then.values["period_from"]) < term.from_on:
        return True
    if told is None or (is_by_marks(then) and not told.marked):
        return is_by_marks(then)
    now = {name: fact.text for name, fact in of_absences(told)}
    if then.values["period_from"] != now["period_from"]:
        return True
    if told.to_on > day_of(then.values["period_to"]):
        return _is_less(then, told)
    counts = ("days_absent", *(name for name in ABSENCES if name.startswith("half_days_")))
    is_other = any(then.values[name] != now[name] for name in counts)
    return is_other or bool(then.weeks and told.weeks and then.weeks != told.weeks)


def counted_as(student_id: int, school_id: int, then: Facts) -> tuple[int, int, date, date]:
    """The marks that a letter was counted by: whose, where, from when and up to when."""
    return student_id, school_id, day_of(then.values["period_from"]), day_of(then.values["period_to"])


def is_by_marks(then: Facts) -> bool:
    """Does the letter state days absent that were counted from half-day marks?"""
    stated = then.by_name.get("days_absent")
    return stated is not None and stated.source in {PROVISIONAL, CONFIRMED}


def _is_less(then: Facts, told: Absences) -> bool:
    """Of figures that somebody told and that count on: a week that was over is another one, or fewer days were missed than the letter says."""
    absent = {week.from_on: week.half_days.absent for week in told.weeks}
    if not absent or not then.weeks:
        was = int(then.values["half_days_explained"]) + int(then.values["half_days_unexplained"])
        return told.half_days.absent < was
    *over, last = then.weeks
    is_other = any(absent.get(week.from_on, 0) != week.half_days.absent for week in over)
    return is_other or absent.get(last.from_on, 0) < last.half_days.absent
