"""Invented students, where they are enrolled, and their caregivers."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random

from app.core.text import nfc, words
from demo.country.chances import Urn
from demo.country.places import School
from demo.invented import FIRST_SCHOOL_AGE, MEN, WOMEN, InventedCaregiver, InventedStudent
from demo.invented_names import ASIAN, MAORI, PACIFIC, PAKEHA, STREETS, Called, Names

MIX: Urn[Names] = Urn(((MAORI, 0.34), (PAKEHA, 0.31), (PACIFIC, 0.2), (ASIAN, 0.15)))
LAST_LEVEL = 13


@dataclass(frozen=True)
class Stay:
    """One enrolment; `known_at` is when the roll said so."""

    school: School
    from_on: date
    to_on: date | None
    year_level: int
    tutor: str
    is_main: bool
    known_at: datetime


@dataclass(frozen=True)
class Pupil:
    """A student with their enrolments, the earliest first; `id` is the row's, and `known_at` when it was made."""

    id: int
    public_id: str
    invented: InventedStudent
    stays: tuple[Stay, ...]
    known_at: datetime

    @property
    def school(self) -> School:
        """Where they are first; it knows the caregivers."""
        return self.stays[0].school


def called(drawn: Random, year_level: int = 0) -> Called:
    """Somebody with names that go together; a few family names are of two families."""
    names = MIX.draw(drawn)
    family = drawn.choice(names.family)
    if drawn.random() < 0.08:
        family = f"{family}-{drawn.choice(MIX.draw(drawn).family)}"
    return Called(drawn.choice(names.given), family, year_level, names)


def student(drawn: Random, number: int, school: School, level: int, on: date) -> InventedStudent:
    """In this year level on that day; the national number is the how-manieth student this is."""
    person = called(drawn, level)
    town = school.catchment.name
    middle = _middle(drawn, person) if drawn.random() < 0.3 else ""
    return InventedStudent(
        legal_name=nfc(f"{person.given} {middle} {person.family}" if middle else person.name),
        preferred_name=nfc(person.name) if middle else "",
        given_name=person.given,
        born_on=date(on.year - FIRST_SCHOOL_AGE - level, 1, 1) + timedelta(days=drawn.randrange(365)),
        year_level=level,
        tutor=f"{level}{drawn.choice('ABC')}",
        national_number=f"99{number:08}",
        address=nfc(_address(drawn, town)),
        phone=_mobile(drawn) if level > 8 and drawn.random() < 0.5 else "",
        caregivers=tuple(_caregivers(drawn, town, person)),
    )


def _middle(drawn: Random, person: Called) -> str:
    return drawn.choice(person.names.women if person.given in person.names.women else person.names.men)


def _caregivers(drawn: Random, town: str, person: Called) -> Iterator[InventedCaregiver]:
    names = person.names
    for relationship in dict.fromkeys(drawn.choices(WOMEN + MEN, k=drawn.choice((1, 2, 2)))):
        given = drawn.choice(names.women if relationship in WOMEN else names.men)
        family = person.family if drawn.random() < 0.7 else drawn.choice(MIX.draw(drawn).family)
        name = nfc(f"{given} {family}")
        yield InventedCaregiver(
            name=name,
            relationship=relationship,
            phone=(_mobile if drawn.random() < 0.7 else _landline)(drawn),
            email=f"{'.'.join(words(name))}@whanau.example" if drawn.random() < 0.6 else "",
            address=nfc(_address(drawn, town)) if drawn.random() < 0.15 else "",
            language=nfc(drawn.choice(names.languages)) if names.languages and drawn.random() < 0.2 else "",
        )


def _address(drawn: Random, town: str) -> str:
    return f"{drawn.randint(1, 98)} {drawn.choice(STREETS)}, {town}"


def _mobile(drawn: Random) -> str:
    return f"027 555 01{drawn.randrange(100):02}"


def _landline(drawn: Random) -> str:
    return f"04 555 01{drawn.randrange(100):02}"
