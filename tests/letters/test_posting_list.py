"""The posting list says of each letter what is to be done with it: taken out, left to the mail, or put into an envelope (LET-3, LET-7)."""

from typing import Any

import pytest
from flask import Flask
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.core.pdf.press import Press
from app.letters.batches.listing import letters_in, lines_of
from app.letters.batches.models import LineState
from app.letters.batches.queries import Found
from app.letters.batches.sheet import CHOSE_EMAIL, IN_MAIL, SHARED, posting_list
from app.students.models import LettersBy
from tests import make
from tests.letters import school
from tests.letters.test_batches import waiting_mail
from tests.letters.test_school_batches import STREETS, letters, made, now

BY_EMAIL: dict[str, Any] = {"letters_by": LettersBy.EMAIL, "email": "nan@example.nz"}


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def world(clock: Traveller, own_world: make.World) -> make.World:
    make.letterhead(own_world.tawa, by=own_world.mere)
    db.session.commit()
    return own_world


def child(of: make.World, number: int, name: str = "Nan Zqxwv", half_days: int = 10, **known: Any) -> int:
    """A child of somebody who is called so, at the one address."""
    pupil = make.student(f"Pupil Number{number}", of.tawa)
    school.absent(of.mere, pupil, half_days)
    by_email = {**known, "letters_by_on": core_clock.today()} if "letters_by" in known else known
    to = school.caregiver(of.mere, pupil, name, **({"address": STREETS[0]} | by_email))
    db.session.commit()
    return to.id


def notes(of: make.World, found: Found) -> list[Any]:
    db.session.rollback()
    sheet = posting_list(letters_in(of.mere, now(found.batch, of.mere).batch), of_school=True)
    return [row[-1] for row in sheet.rows]


def test_what_goes_to_one_person_at_one_step_can_share_an_envelope(world: make.World) -> None:
    child(world, 1)
    child(world, 2)
    assert notes(world, made(world.mere)) == ["", SHARED]


@pytest.mark.parametrize(
    "other", [{"relationship": "aunt"}, {"half_days": 22}, {"address": STREETS[1]}, {"name": "Koro"}]
)
def test_at_another_step_or_to_somebody_else_it_cannot(world: make.World, other: dict[str, Any]) -> None:
    child(world, 1, relationship="grandmother")
    child(world, 2, **{"relationship": "grandmother", **other})
    found = made(world.mere)
    assert len(letters(found)) == 2
    assert notes(world, found) == ["", ""]


def test_a_formal_warning_shares_none(world: make.World) -> None:
    """None is in a batch; were one there, it would lie in its own."""
    child(world, 1)
    child(world, 2)
    rows = letters_in(world.mere, made(world.mere).batch)
    formal = [Formal(row) for row in rows]
    for those in ([rows[0], formal[1]], [formal[0], rows[1]]):
        assert [row[-1] for row in posting_list(those).rows] == ["", ""]


class Formal:
    def __init__(self, row: Any) -> None:
        self._row = row

    def __getattr__(self, name: str) -> Any:
        return True if name == "is_formal" else getattr(self._row, name)


def test_what_is_on_its_way_by_email_is_in_no_envelope_and_who_chose_email_is_named(world: make.World) -> None:
    for number in range(3):
        child(world, number, **BY_EMAIL)
    found = made(world.mere)
    shared = f"{CHOSE_EMAIL}; {SHARED}"
    assert notes(world, found) == [CHOSE_EMAIL, shared, shared]
    waiting_mail(letters(found)[1], world.mere)
    assert notes(world, found) == [CHOSE_EMAIL, IN_MAIL, shared]
    waiting_mail(letters(found)[0], world.mere)
    assert notes(world, found) == [IN_MAIL, IN_MAIL, CHOSE_EMAIL]
    lines = lines_of(world.mere, found.batch, LineState.ASKED)
    assert [line.is_in_mail for line in lines] == [True, True, False]
