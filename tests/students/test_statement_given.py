"""The privacy statement was given: once for each day and organisation (PRIV-5)."""

from datetime import date, timedelta

import pytest

from app.core import clock
from app.core.errors import Refused
from app.students.privacy.actions import mark_given
from app.students.privacy.queries import statements_given
from app.students.privacy.rules import fault_of
from tests import make

TODAY = date(2026, 3, 3)


@pytest.mark.parametrize(
    ("given_on", "is_wrong"),
    [
        (TODAY, False),
        (TODAY + timedelta(days=1), True),
        (date(2021, 1, 1), False),
        (date(2020, 12, 31), True),
    ],
)
def test_the_day_can_be(given_on: date, is_wrong: bool) -> None:
    assert bool(fault_of(given_on, today=TODAY)) is is_wrong


def test_each_organisation_notes_it_once_a_day(world: make.World) -> None:
    today, student = clock.today(), world.whanau.id
    assert mark_given(student, today, by=world.tom)
    assert not mark_given(student, today, by=world.mere)
    assert mark_given(student, today - timedelta(days=1), by=world.mere)
    assert mark_given(student, today, by=world.ruth)
    assert mark_given(world.ng.id, today, by=world.tom)
    given = statements_given(student, [world.tawa.id])
    assert [(each.given_on, each.by_name) for each in given] == [
        (today, world.tom.name),
        (today - timedelta(days=1), world.mere.name),
    ]


def test_a_day_to_come_is_refused(world: make.World) -> None:
    with pytest.raises(Refused, match="not in the future"):
        mark_given(world.whanau.id, clock.today() + timedelta(days=1), by=world.tom)
    assert not statements_given(world.whanau.id, [world.tawa.id])
