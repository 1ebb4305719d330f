"""A school's letters whose day for an answer is past stand where letters are due, until what came of them is recorded (LET-6)."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select, update
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.core.pdf.press import Press
from app.letters.batches import answers
from app.letters.batches.models import LetterBatch
from app.letters.carrying import make_due
from app.letters.models import Letter
from app.letters.rendering import the_press
from app.people.queries import Actor
from app.students.models import Student
from tests import make
from tests.letters import school
from tests.pages.test_school_batches import DUE, chosen, three_due
from tests.support.client import Client
from tests.support.databases import Database, Scene

TITLE = "No answer by its day"


def two_schools() -> make.World:
    """Of another school there is one to be written to as well."""
    world = three_due()
    make.letterhead(world.puna, by=world.jin)
    pupil = make.student("Zqxwv Elsewhere", world.puna)
    school.absent(world.jin, pupil, 10)
    school.caregiver(world.jin, pupil, "Koro Zqxwv", address="4 Kauri Street\nPorirua 5022")
    return world


@pytest.fixture
def scene() -> Scene:
    return two_schools


@pytest.fixture
def world(clock: Traveller, client: Client, database: Database) -> make.World:
    made: make.World = database.made
    return made


@pytest.fixture
def post(app: Flask, client: Client, press: Press) -> Callable[[Actor, str], None]:
    """All that is due at a school is made and posted, and an answer hoped for until the day that is proposed."""
    app.extensions["press"] = press

    def done(by: Actor, button: str) -> None:
        client.sign_in(by.person_id)
        at = chosen(client)
        assert client.fill(client.get(at), button).status_code == 303
        assert client.outside(the_press) is press
        client.outside(make_due)
        assert client.fill(client.get(f"{at}posting"), "Note them as posted").status_code == 303
        client.outside(make_due)

    return done


def letter_to(client: Client, student: str) -> str:
    """The address of the letter about them."""
    found = select(Letter.public_id, Student.public_id).join(Student, Student.id == Letter.student_id)
    letter, of = client.outside(lambda: db.session.execute(found.where(Student.legal_name == student)).one())
    return f"/portal/students/{of}/letters/{letter}"


def below(client: Client, by: Actor) -> str:
    """What stands in the list, on a page of theirs."""
    client.sign_in(by.person_id)
    return str(client.get(DUE).text.partition(TITLE)[2])


def test_they_stand_there_from_the_day_after_until_something_is_recorded(
    client: Client, world: make.World, clock: Traveller, post: Callable[[Actor, str], None]
) -> None:
    post(world.mere, "Make 2 letters")
    post(world.jin, "Make 1 letter")
    until = client.outside(lambda: db.session.scalars(select(LetterBatch.answer_by)).first())
    assert until is not None
    clock.shift(until - core_clock.today())
    assert below(client, world.mere) == ""
    clock.shift(timedelta(days=1))
    here = letter_to(client, "Hemi Tāne")
    listed = below(client, world.priya)
    for words in (f'href="{here}"', "Nan Zqxwv", "Rangi Tāne", "Letter 1, term 1 of 2026", "Hoped for until"):
        assert words in listed
    assert "Elsewhere" not in listed
    assert TITLE not in client.get(f"{DUE}?step=1").text
    of_others = below(client, world.jin)
    assert "Zqxwv Elsewhere" in of_others
    assert "Tāne" not in of_others
    client.sign_in(world.mere.person_id)
    assert client.fill(client.get(f"{here}/back"), "Record it", back="answered").status_code == 303
    listed = below(client, world.mere)
    assert "Hemi Tāne" not in listed
    assert "Rangi Tāne" in listed
    client.sign_in(world.tom.person_id)
    assert client.get(DUE).status_code == 403


def test_what_counts_no_more_or_whose_student_has_left_is_not_waited_for(
    client: Client, world: make.World, clock: Traveller, post: Callable[[Actor, str], None]
) -> None:
    post(world.mere, "Make 2 letters")
    clock.shift(timedelta(days=21))

    def leave() -> None:
        pupil = db.session.scalars(select(Student).where(Student.legal_name == "Hemi Tāne")).one()
        make.left(make.Pupil(pupil.id, pupil.public_id, pupil.legal_name), world.tawa)

    assert "Hemi Tāne" in below(client, world.mere)
    client.outside(leave)
    assert "Hemi Tāne" not in below(client, world.mere)
    here = letter_to(client, "Rangi Tāne")
    client.fill(client.get(f"{here}/voiding"), "Void this letter", why="A mistake.")
    assert below(client, world.mere) == ""


def test_how_many_more_there_are_is_said_and_none_stands_there_without_a_day(
    client: Client,
    world: make.World,
    clock: Traveller,
    post: Callable[[Actor, str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    post(world.mere, "Make 2 letters")
    clock.shift(timedelta(days=21))
    monkeypatch.setattr(answers, "MOST", 1)
    assert "And 1 more, sent before these." in below(client, world.mere)
    client.outside(lambda: db.session.execute(update(LetterBatch).values(answer_by=None)))
    assert below(client, world.mere) == ""


def test_a_letter_that_was_sent_alone_is_waited_for_two_weeks(
    client: Client, world: make.World, clock: Traveller, press: Press
) -> None:
    """And not for ever: after twelve weeks nobody rings because of it."""

    def sent(by: Actor, name: str, of: make.Place) -> None:
        pupil = make.student(name, of)
        school.absent(by, pupil, 10)
        school.sent(by, pupil, school.caregiver(by, pupil, f"Nan of {name}"))

    client.outside(sent, world.mere, "Zqxwv Alone", world.tawa)
    client.outside(sent, world.jin, "Zqxwv Elsewhere-Alone", world.puna)
    clock.shift(timedelta(weeks=2))
    assert below(client, world.mere) == ""
    clock.shift(timedelta(days=1))
    listed = below(client, world.mere)
    assert "Zqxwv Alone" in listed
    assert "Elsewhere" not in listed
    clock.shift(timedelta(weeks=10))
    assert below(client, world.mere) == ""
