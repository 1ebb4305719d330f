"""From what is recorded to the facts of one letter to one caregiver, each with its source (L4)."""

from collections.abc import Iterator
from datetime import date

from app.attendance.presence import LastDay
from app.calendars.regions import region_for
from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_days import SchoolDays, school_days_since
from app.core import clock
from app.letters.dossiers import Dossier
from app.letters.facts import NOT_OF, Fact, Facts, lines, of_absences
from app.letters.models import Back
from app.letters.purposes import Purpose
from app.letters.rules import long_date

CASE, ROLL, LETTERHEAD = "This case", "The school’s roll", "The service’s letterhead"
OWN = "The case manager’s own"
COUNTED = "Counted by the school terms and public holidays of"
COUNTED_THERE = "Counted by the calendar of"


def gathered(dossier: Dossier, today: date) -> Facts:
    """Everything that is known; what nobody has told is left out."""
    happened = (*of_absences(dossier.absences), *_of_last_day(dossier, today))
    found = (*_case(dossier, today), *_caregiver(dossier), *happened, *_service(dossier))
    weeks = tuple(dossier.absences.weeks) if dossier.absences else ()
    told = {name: fact for name, fact in found if fact.text and name not in NOT_OF[dossier.purpose]}
    desk = dossier.desk
    return Facts(told, weeks, desk.logo or "", dossier.purpose, desk.colour or "")


def address_of(dossier: Dossier) -> tuple[str, str, date | None]:
    """Where a caregiver is written to, who said so, and when: their own address, or the student's home where it is said
    that they live there. Nobody's letter goes to a home they may have left (LET-3)."""
    caregiver = dossier.caregiver
    if caregiver.address:
        source = caregiver.address_source or "Named with the caregiver"
        return caregiver.address, source, caregiver.address_checked_on or clock.nz(caregiver.added_at).date()
    if caregiver.lives_with_student:
        return dossier.desk.home, f"{ROLL}: the student’s home, where this caregiver lives", _roll_on(dossier)
    return "", "", None


def _case(dossier: Dossier, today: date) -> Iterator[tuple[str, Fact]]:
    case, on = dossier.case, _roll_on(dossier)
    arrived = (letter.sent_on for letter in dossier.in_force if letter.back is not Back.RETURNED)
    last = max(filter(None, arrived), default=None)
    yield "letter_date", Fact(long_date(today), "Today", today)
    yield "case_number", Fact(case.number, CASE)
    yield "student_name", Fact(case.legal_name, ROLL, on)
    yield "student_called", Fact(called(case.preferred_name or case.legal_name), ROLL, on)
    yield "year_level", Fact("" if case.year_level is None else str(case.year_level), ROLL, on)
    yield "school_name", _school_of(dossier)
    yield "former_sent_on", Fact(long_date(last) if last else "", "The letters of this case", last)


def _school_of(dossier: Dossier) -> Fact:
    """That of the case; where a letter says when they were last at school, the school where that was, if it is known."""
    last = dossier.presence.last if dossier.purpose is Purpose.NEN else None
    if last and last.school_name:
        return Fact(last.school_name, last.source, last.told_on)
    return Fact(dossier.case.school_name, CASE)


def _of_last_day(dossier: Dossier, today: date) -> Iterator[tuple[str, Fact]]:
    """LET-5: as the roll or somebody told it; the school days since by the calendar of that school."""
    if last := dossier.presence.last:
        source = f"{last.source}: {last.school_name}" if last == dossier.presence.by_roll else last.source
        yield "last_attended_on", Fact(long_date(last.on), source, last.told_on)
        since, counted = since_last_day(dossier, last, today)
        yield "school_days_since", Fact(since.words if since.count else "", counted, today)


def since_last_day(dossier: Dossier, last: LastDay, today: date) -> tuple[SchoolDays, str]:
    """The school days since, and what they are counted by: what the school said of its calendar, or, where it is not known or has
    said nothing, the calendar of the region."""
    calendar = dossier.calendar or SchoolCalendar(dossier.case.region)
    is_own = calendar.said or calendar.closures
    counted = f"{COUNTED_THERE} {last.school_name}" if is_own else f"{COUNTED} {region_for(calendar.region).name}"
    return school_days_since(last.on, today, calendar), counted


def _roll_on(dossier: Dossier) -> date | None:
    """The day of the roll that says so; none of a student whom the school never had on one."""
    as_of = dossier.desk.roll_as_of
    return clock.nz(as_of).date() if as_of else None


def _caregiver(dossier: Dossier) -> Iterator[tuple[str, Fact]]:
    caregiver = dossier.caregiver
    address, source, on = address_of(dossier)
    yield "caregiver_name", Fact(caregiver.name, _named_by(dossier), clock.nz(caregiver.added_at).date())
    yield "caregiver_address", Fact("\n".join(lines(address)), source, on)


def _named_by(dossier: Dossier) -> str:
    """Whoever named the caregiver; their own words may have been changed since, by who works the case."""
    case, caregiver = dossier.case, dossier.caregiver
    known = {case.school_id: case.school_name, case.service_id: case.service_name}
    who = known.get(caregiver.given_by_id) or "another school or service"
    return f"Named by {who}{', changed since' if caregiver.changed_at else ''}"


def _service(dossier: Dossier) -> Iterator[tuple[str, Fact]]:
    case, desk = dossier.case, dossier.desk
    on = clock.nz(desk.changed_at).date() if desk.changed_at else None
    yield "service_name", Fact(case.service_name or "", CASE)
    yield "service_name_mi", Fact(desk.name_mi or "", LETTERHEAD, on)
    yield "service_address", Fact("\n".join(lines(desk.address or "")), LETTERHEAD, on)
    yield "service_phone", Fact(desk.phone or "", LETTERHEAD, on)
    yield "service_email", Fact(desk.email or "", LETTERHEAD, on)
    yield "writer_name", Fact(case.manager_name or "", CASE)
    own = bool(case.manager_phone)
    yield "writer_phone", Fact(case.manager_phone, OWN) if own else Fact(desk.phone or "", LETTERHEAD, on)
    yield "writer_email", Fact(desk.writer_email or "", OWN)


def called(name: str) -> str:
    """The first of a student's names."""
    return name.split(maxsplit=1)[0] if name.split() else ""
