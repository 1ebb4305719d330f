"""From what is recorded to the facts of a school's letter, each with its source (L4)."""

from collections.abc import Iterator
from datetime import date

from app.core import clock
from app.letters.facts import NOT_OF, Fact, Facts, lines, of_absences
from app.letters.gathering import LETTERHEAD as SERVICES
from app.letters.gathering import ROLL, called
from app.letters.models import Back
from app.letters.rules import long_date
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.naming import KnownCaregiver

LETTERHEAD = SERVICES.replace("service", "school")
OWN, LETTERS = "Whoever asked for the letter", "This school’s letters"


def gathered(dossier: SchoolDossier, today: date) -> Facts:
    """Everything that is known; what nobody has told is left out."""
    absences, desk = dossier.absences, dossier.desk
    happened = (*of_absences(absences), *_holiday(dossier))
    found = (*_student(dossier, today), *_caregiver(dossier), *happened, *_school(dossier))
    told = {name: fact for name, fact in found if fact.text and name not in NOT_OF[dossier.purpose]}
    weeks = tuple(absences.weeks) if absences else ()
    return Facts(told, weeks, desk.logo or "", dossier.purpose, desk.colour or "")


def _student(dossier: SchoolDossier, today: date) -> Iterator[tuple[str, Fact]]:
    head, on = dossier.head, _roll_on(dossier)
    arrived = (letter.sent_on for letter in dossier.in_force if letter.back is not Back.RETURNED)
    last = max(filter(None, arrived), default=None)
    yield "letter_date", Fact(long_date(today), "Today", today)
    yield "student_name", Fact(head.legal_name, ROLL, on)
    yield "student_called", Fact(called(head.name), ROLL, on)
    yield "year_level", Fact("" if head.year_level is None else str(head.year_level), ROLL, on)
    yield "school_name", Fact(head.school_name, ROLL, on)
    yield "former_sent_on", Fact(long_date(last) if last else "", LETTERS, last)


def _caregiver(dossier: SchoolDossier) -> Iterator[tuple[str, Fact]]:
    caregiver = dossier.caregiver
    named_on, by = clock.nz(caregiver.added_at).date(), f"Named by {dossier.head.school_name}"
    yield "caregiver_name", Fact(caregiver.name, by, named_on)
    printed = address_of(caregiver, dossier.home)
    if caregiver.address:
        source, on = caregiver.address_source or by, caregiver.address_checked_on or named_on
        yield "caregiver_address", Fact(printed, source, on)
    elif caregiver.lives_with_student:
        source = f"{ROLL}: the student’s home, where this caregiver lives"
        yield "caregiver_address", Fact(printed, source, _roll_on(dossier))


def address_of(caregiver: KnownCaregiver, home: str) -> str:
    """Where they are written to, as it is printed: their own address, or the student's home where they live there."""
    return "\n".join(lines(caregiver.address or (home if caregiver.lives_with_student else "")))


def _holiday(dossier: SchoolDossier) -> Iterator[tuple[str, Fact]]:
    if (away := dossier.holiday) is not None:
        told_on = clock.nz(away.at).date()
        yield "holiday_from", Fact(long_date(away.from_on), away.why, told_on)
        yield "holiday_to", Fact(long_date(away.to_on), away.why, told_on)


def _school(dossier: SchoolDossier) -> Iterator[tuple[str, Fact]]:
    desk, writer = dossier.desk, dossier.writer
    on = clock.nz(desk.changed_at).date() if desk.changed_at else None
    yield "service_name", Fact(dossier.head.school_name, ROLL)
    yield "service_name_mi", Fact(desk.name_mi or "", LETTERHEAD, on)
    yield "service_address", Fact("\n".join(lines(desk.address or "")), LETTERHEAD, on)
    yield "service_phone", Fact(desk.phone or "", LETTERHEAD, on)
    yield "service_email", Fact(desk.email or "", LETTERHEAD, on)
    if writer:
        yield "writer_name", Fact(writer.name, OWN)
        yield "writer_role", Fact(writer.role, OWN)
        yield "writer_phone", Fact(writer.phone, OWN) if writer.phone else Fact(desk.phone or "", LETTERHEAD, on)
        yield "writer_email", Fact(writer.email, OWN)


def _roll_on(dossier: SchoolDossier) -> date | None:
    as_of = dossier.head.roll_as_of
    return clock.nz(as_of).date() if as_of else None
