"""Of a batch that somebody says was posted, what lay in the envelopes then is noted, and nothing else (LET-6, LET-7)."""

import pytest
from alembic import command
from flask import Flask
from sqlalchemy import select, update
from time_machine import Traveller

from app.core import clock as core_clock
from app.core import schema
from app.core.db import db
from app.core.pdf.press import Press
from app.letters.batches import actions
from app.letters.batches.listing import counts_of
from app.letters.batches.models import BatchLine
from app.letters.batches.queries import Found
from app.letters.carrying import make_due
from app.letters.emails.models import LetterMail
from app.letters.emails.rules import CALLED_OFF
from app.letters.models import Letter, Method
from app.people.models import RoleHeld
from tests import make
from tests.letters.test_batches import letters, made, now, several, waiting_mail
from tests.support.databases import Database


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def world(clock: Traveller, own_world: make.World) -> make.World:
    make.letterhead(own_world.te_awa, by=own_world.ruth)
    db.session.commit()
    return own_world


def posted(found: Found, of: make.World) -> None:
    actions.mark_posted(now(found.batch, of.ana), core_clock.today(), by=of.ana)
    db.session.commit()


def ended(mail_id: int) -> None:
    """It did not leave."""
    over = update(LetterMail).where(LetterMail.id == mail_id)
    db.session.execute(over.values(next_try_at=None, fault="There is no such mailbox. Print the letter."))
    db.session.commit()


def sent(found: Found) -> dict[int, Method | None]:
    return {letter.id: letter.method for letter in letters(found)}


def test_what_was_in_the_mail_then_is_not_noted_though_the_mail_fails_meanwhile(world: make.World) -> None:
    several(world)
    found = made(world.ana)
    mailed = letters(found)[0].id
    mail = waiting_mail(letters(found)[0], world.ana).id
    posted(found, world)
    ended(mail)
    make_due()
    assert sent(found) == {each: None if each == mailed else Method.POST for each in sent(found)}
    assert [letter.sent_on for letter in letters(found) if letter.id == mailed] == [None]
    counts = counts_of(world.ana, now(found.batch, world.ana).batch)
    assert (counts.sent, counts.to_post) == (2, 1)


def test_what_was_in_its_envelope_is_noted_though_a_mail_was_asked_for_meanwhile(world: make.World) -> None:
    several(world, 2)
    found = made(world.ana)
    posted(found, world)
    mail = waiting_mail(letters(found)[0], world.ana).id
    make_due()
    assert set(sent(found).values()) == {Method.POST}
    stopped = db.session.get_one(LetterMail, mail)
    assert (stopped.next_try_at, stopped.fault) == (None, CALLED_OFF)


def test_a_mail_that_failed_before_does_not_keep_a_letter_from_being_posted(world: make.World) -> None:
    several(world, 2)
    found = made(world.ana)
    ended(waiting_mail(letters(found)[0], world.ana).id)
    posted(found, world)
    make_due()
    assert set(sent(found).values()) == {Method.POST}


def test_said_a_second_time_it_is_asked_anew_what_lay_in_the_envelopes(world: make.World) -> None:
    several(world, 2)
    found = made(world.ana)
    posted(found, world)
    held = update(RoleHeld).where(RoleHeld.person_id == world.ana.person_id)
    db.session.execute(held.values(ended_at=core_clock.now()))
    db.session.commit()
    make_due()
    mailed = letters(found)[1].id
    mail = waiting_mail(letters(found)[1], world.ana).id
    actions.mark_posted(now(found.batch, world.ruth), core_clock.today(), by=world.ruth)
    db.session.commit()
    ended(mail)
    make_due()
    assert sent(found) == {each: None if each == mailed else Method.POST for each in sent(found)}


def test_what_is_being_posted_as_the_database_is_brought_up_is_noted_and_what_is_in_the_mail_is_not(
    world: make.World, database: Database
) -> None:
    several(world)
    found = made(world.ana)
    mailed = letters(found)[0].id
    waiting_mail(letters(found)[0], world.ana)
    posted(found, world)
    db.engine.dispose()
    command.downgrade(schema.configuration(database.url), "0025")
    command.upgrade(schema.configuration(database.url), "head")
    said = select(BatchLine.letter_id).where(BatchLine.is_said_posted)
    assert set(db.session.scalars(said)) == set(db.session.scalars(select(Letter.id))) - {mailed}
    make_due()
    assert sent(found) == {each: None if each == mailed else Method.POST for each in sent(found)}
