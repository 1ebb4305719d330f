"""Which student a case is about: where they are enrolled, and whether they moved."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from random import Random

from demo.country.chances import chance
from demo.country.country import NINE, Country
from demo.country.days import opening
from demo.country.fates import Fate
from demo.country.places import School
from demo.country.students import Pupil, Stay, student

SETTLED = timedelta(weeks=20)
"""At least so long at a school that asks."""
KNOWN = timedelta(weeks=4)
"""The roll has said so for so long when a school asks."""
MOVED_BEFORE, MOVED_SINCE, ALSO = 0.04, 0.08, 0.1
LONG = 20
"""Working days: in a shorter case nobody moves."""
MOVES_AT = 0.75
"""So far along a case."""


def pupil(country: Country, number: int, school: School, fate: Fate, *, may_move: bool) -> Pupil:
    """The student of this case, of this school."""
    drawn = chance(country.seed, "student", number)
    asked_on = fate.asked_on
    level = _level(drawn, school, country.today.year - asked_on.year)
    invented = student(drawn, number, school, level, country.today)
    first = _first_day(school, level, country.today, asked_on)
    stay = Stay(school, first, None, level, invented.tutor, is_main=True, known_at=_nine(asked_on - KNOWN))
    stays = _with_moves(drawn, country, stay, fate) if may_move else (stay,)
    public_id = country.names.public_id("student", number)
    return Pupil(number, public_id, invented, stays, min(each.known_at for each in stays))


def pupil_without_case(country: Country, number: int) -> Pupil:
    """Somebody who is only on a roll."""
    drawn = chance(country.seed, "student", number)
    school = country.schools.draw(drawn)
    level = drawn.choice(school.levels)
    invented = student(drawn, number, school, level, country.today)
    first = _first_day(school, level, country.today, country.today)
    stay = Stay(school, first, None, level, invented.tutor, is_main=True, known_at=_nine(country.today - KNOWN))
    return Pupil(number, country.names.public_id("student", number), invented, (stay,), stay.known_at)


def moves_on(fate: Fate) -> date:
    """The day on which whoever moves during this case is at another school."""
    return fate.calendar.days[fate.first + int((fate.last - fate.first) * MOVES_AT)]


def has_moved(student: Pupil, school: School, on: date) -> bool:
    """Is this school theirs no more on that day?"""
    return any(stay.school is school and stay.to_on is not None and stay.to_on < on for stay in student.stays)


def schools_on(student: Pupil, on: date) -> list[School]:
    """Where they are enrolled on that day."""
    return [stay.school for stay in student.stays if stay.from_on <= on and (stay.to_on is None or on <= stay.to_on)]


def _level(drawn: Random, school: School, years: int) -> int:
    """Today's, of somebody who was there so many years ago."""
    return drawn.choice(school.levels[min(years, len(school.levels) - 1) :])


def _first_day(school: School, level: int, today: date, asked_on: date) -> date:
    began = date(today.year - (level - school.levels[0]), 2, 1)
    return min(began, asked_on - SETTLED)


def _with_moves(drawn: Random, country: Country, stay: Stay, fate: Fate) -> tuple[Stay, ...]:
    kind, other = drawn.random(), _another(drawn, country, stay)
    if other is stay.school or kind >= ALSO:
        return (stay,)
    if kind < MOVED_BEFORE:
        moved = fate.asked_on - timedelta(days=drawn.randint(35, 100))
        before = replace(stay, school=other, to_on=moved - timedelta(days=1), known_at=_nine(moved - SETTLED))
        return before, replace(stay, from_on=moved, known_at=_nine(moved))
    if kind < MOVED_SINCE:
        if fate.last - fate.first < LONG:
            return (stay,)
        moved = moves_on(fate)
        after = replace(stay, school=other, from_on=moved, known_at=_nine(moved))
        return replace(stay, to_on=moved - timedelta(days=1)), after
    return stay, replace(stay, school=other, is_main=False)


def _another(drawn: Random, country: Country, stay: Stay) -> School:
    """A school that takes this year level; now and then there is none among those that were thought of."""
    thought_of = (country.schools.draw(drawn) for _ in range(3))
    return next((school for school in thought_of if stay.year_level in school.levels), stay.school)


def _nine(day: date) -> datetime:
    return opening(day, NINE)
