"""Invented students, their whānau, and what is written about them: the same every time, without a database.

Student 17 of a school's roll is the same however long the roll is made.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count, islice
from random import Random

from app.core.text import words
from demo.invented_names import FAMILIES, LEVELS, NAMED, STREETS, TOWNS, Called
from demo.invented_words import COMMENTS, STORIES, Comment

FIRST_SCHOOL_AGE = 5
WOMEN = ("Mother", "Mother", "Mother", "Grandmother", "Aunt", "Older sister")
MEN = ("Father", "Father", "Grandfather", "Uncle", "Stepfather")


@dataclass(frozen=True)
class InventedCaregiver:
    """Empty where the school does not know it; address and language only if other than the student's and English."""

    name: str
    relationship: str
    phone: str
    email: str
    address: str
    language: str


@dataclass(frozen=True)
class InventedStudent:
    """Somebody on a roll; preferred_name is empty where it is the legal one."""

    legal_name: str
    preferred_name: str
    given_name: str
    """For texts."""
    born_on: date
    year_level: int
    tutor: str
    national_number: str
    address: str
    phone: str
    caregivers: tuple[InventedCaregiver, ...]


@dataclass(frozen=True)
class InventedRequest:
    """The answers of one support request; actions are what was done and how many days before the request."""

    reason: str
    days_absent: int
    actions: tuple[tuple[str, int], ...]
    barriers: tuple[str, ...]
    engagement: str
    whanau_knows: bool
    urgent_why: str
    safety_kind: str
    safety_fact: str


def roll(school: str, size: int, on: date) -> tuple[InventedStudent, ...]:
    """The roll of school 9001, 9002 or 9003 in the school year of `on`, the always-there ones first."""
    return tuple(islice(_students(school, on), size))


def request_for(student: InventedStudent) -> InventedRequest:
    chance = _chance("request", student.national_number)
    story = chance.choice(STORIES)
    days = chance.randint(15, 34)
    ago = sorted((chance.randint(3, 40) for _ in story.actions), reverse=True)
    return InventedRequest(
        reason=_about(student, story.reason, days),
        days_absent=days,
        actions=tuple(zip((_about(student, action) for action in story.actions), ago, strict=True)),
        barriers=story.barriers,
        engagement=_about(student, story.engagement),
        whanau_knows=chance.random() < 0.8,
        urgent_why=_about(student, story.urgent_why),
        safety_kind=story.safety_kind,
        safety_fact=story.safety_fact,
    )


def comments_for(student: InventedStudent, size: int) -> tuple[Comment, ...]:
    """Different ones, in the order they would be written; at most as many as there are."""
    chosen = _chance("comments", student.national_number).sample(COMMENTS, min(size, len(COMMENTS)))
    return tuple(replace(comment, text=_about(student, comment.text)) for comment in chosen)


def _students(school: str, on: date) -> Iterator[InventedStudent]:
    named = NAMED.get(school, ())
    taken = {called.name for called in named}
    for number in count(1):
        chance = _chance(school, number)
        called = named[number - 1] if number <= len(named) else _somebody(chance, school, taken)
        middle = _middle(chance, called) if number > len(named) and chance.random() < 0.3 else ""
        taken.add(called.name)
        yield _student(chance, school, number, called, middle=middle, on=on)


def _somebody(chance: Random, school: str, taken: set[str]) -> Called:
    names = chance.choice(FAMILIES)
    called = Called(chance.choice(names.given), chance.choice(names.family), chance.choice(LEVELS[school]), names)
    while called.name in taken:
        doubled = f"{chance.choice(names.family)}-{chance.choice(chance.choice(FAMILIES).family)}"
        called = replace(called, given=chance.choice(names.given), family=doubled)
    return called


def _middle(chance: Random, called: Called) -> str:
    names = called.names
    return chance.choice(names.women if called.given in names.women else names.men)


def _student(chance: Random, school: str, number: int, called: Called, *, middle: str, on: date) -> InventedStudent:
    level = called.year_level
    return InventedStudent(
        legal_name=f"{called.given} {middle} {called.family}" if middle else called.name,
        preferred_name=called.name if middle else "",
        given_name=called.given,
        born_on=date(on.year - FIRST_SCHOOL_AGE - level, 1, 1) + timedelta(days=chance.randrange(365)),
        year_level=level,
        tutor=f"{level}{chance.choice('ABC')}",
        national_number=f"99{school}{number:04}",
        address=_address(chance, school),
        phone=_mobile(chance) if level > 8 and chance.random() < 0.5 else "",
        caregivers=tuple(_caregivers(chance, school, called)),
    )


def _caregivers(chance: Random, school: str, called: Called) -> Iterator[InventedCaregiver]:
    names = called.names
    for relationship in dict.fromkeys(chance.choices(WOMEN + MEN, k=chance.choice((1, 2, 2)))):
        given = chance.choice(names.women if relationship in WOMEN else names.men)
        family = called.family if chance.random() < 0.7 else chance.choice(chance.choice(FAMILIES).family)
        name = f"{given} {family}"
        yield InventedCaregiver(
            name=name,
            relationship=relationship,
            phone=chance.choice((_mobile, _mobile, _landline))(chance),
            email=f"{'.'.join(words(name))}@whanau.example" if chance.random() < 0.6 else "",
            address=_address(chance, school) if chance.random() < 0.15 else "",
            language=chance.choice(names.languages) if names.languages and chance.random() < 0.2 else "",
        )


def _address(chance: Random, school: str) -> str:
    return f"{chance.randint(1, 98)} {chance.choice(STREETS)}, {chance.choice(TOWNS[school])}"


def _mobile(chance: Random) -> str:
    return f"027 555 01{chance.randrange(100):02}"


def _landline(chance: Random) -> str:
    return f"04 555 01{chance.randrange(100):02}"


def _about(student: InventedStudent, text: str, days: int = 0) -> str:
    return text.format(name=student.given_name, days=days)


def _chance(*what: object) -> Random:
    return Random("/".join(map(str, what)))  # noqa: S311 - the same every time is what it is for
