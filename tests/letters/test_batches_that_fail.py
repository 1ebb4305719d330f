"""A batch that fails each time that the worker takes it up: it holds up no other, says so, and goes on once it can (REQ-7)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, select
from sqlalchemy.exc import DataError, InterfaceError, OperationalError
from time_machine import Traveller

from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.core.pdf.press import Press
from app.letters import binding
from app.letters.batches import actions
from app.letters.batches.models import BatchState, LetterBatch
from app.letters.batches.queries import Found
from app.letters.batches.rules import Rule
from app.letters.carrying import STUCK, make_due
from app.letters.models import Letter
from tests import make
from tests.letters.test_batches import begun, chosen, letters, made, now, several


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def world(clock: Traveller, own_world: make.World) -> make.World:
    make.letterhead(own_world.te_awa, by=own_world.ruth)
    db.session.commit()
    return own_world


Fails = Callable[[], BaseException]


@contextmanager
def failing(what: str, caregiver_id: int, fails: Fails) -> Iterator[None]:
    """Whatever writes a letter to this caregiver."""

    def fail(_mapper: Any, _connection: Any, letter: Letter) -> None:
        if letter.caregiver_id == caregiver_id:
            raise fails()

    event.listen(Letter, what, fail)
    try:
        yield
    finally:
        event.remove(Letter, what, fail)


def begun_of(of: make.World, case: Case) -> Found:
    found = chosen(of.ana, Rule.TICKED, case.number)
    actions.begin(found, by=of.ana)
    db.session.commit()
    return now(found.batch, of.ana)


def too_long() -> BaseException:
    return DataError("INSERT", {}, Exception("value too long for type character varying(300)"))


def unforeseen() -> BaseException:
    return ValueError("unforeseen")


def stands(found: Found) -> tuple[BatchState, int, str]:
    db.session.rollback()
    columns = (LetterBatch.state, LetterBatch.attempts, LetterBatch.fault)
    return tuple(db.session.execute(select(*columns).where(LetterBatch.id == found.batch.id)).one())  # type: ignore[return-value]


@pytest.mark.parametrize("fails", [too_long, unforeseen])
def test_a_batch_that_fails_says_so_after_three_times_and_holds_up_no_other(
    world: make.World, clock: Traveller, caplog: pytest.LogCaptureFixture, fails: Fails
) -> None:
    (first, to), (second, _) = several(world, 2)
    bad = begun_of(world, first)
    clock.shift(timedelta(seconds=1))
    good = begun_of(world, second)
    to_id = to.id
    with failing("before_insert", to_id, fails):
        make_due()
        assert (stands(bad), stands(good)) == ((BatchState.MAKING, 1, ""), (BatchState.MADE, 1, ""))
        for _ in range(2):
            clock.shift(timedelta(minutes=1, seconds=1))
            make_due()
    assert stands(bad) == (BatchState.MAKING, 3, STUCK)
    assert f"batch {bad.batch.id} failed" in caplog.text
    clock.shift(timedelta(minutes=1, seconds=1))
    make_due()
    assert (stands(bad)[0], stands(bad)[2]) == (BatchState.MADE, "")
    assert now(bad.batch, world.ana).batch.print_file_id
    assert len(letters(bad)) == 1


def posted(found: Found, of: make.World) -> None:
    actions.mark_posted(now(found.batch, of.ana), core_clock.today(), by=of.ana)


def undone(found: Found, of: make.World) -> None:
    actions.undo(now(found.batch, of.ana), "Wrong envelopes.", by=of.ana)


@pytest.mark.parametrize("what", [posted, undone])
def test_what_is_not_noted_says_so_too_and_is_noted_once_it_can_be(
    world: make.World, clock: Traveller, what: Callable[[Found, make.World], None]
) -> None:
    ((_, to),) = several(world, 1)
    to_id, found = to.id, made(world.ana)
    what(found, world)
    db.session.commit()
    with failing("before_update", to_id, unforeseen):
        for _ in range(3):
            make_due()
            clock.shift(timedelta(minutes=1, seconds=1))
    assert stands(found)[1:] == (3, STUCK)
    make_due()
    assert stands(found)[1:] == (0, "")
    assert all(letter.sent_on or letter.voided_at for letter in letters(found))


@pytest.mark.parametrize("kind", [OperationalError, InterfaceError])
def test_where_the_database_is_away_that_is_no_fault_of_a_batch(world: make.World, kind: Any) -> None:
    ((_, to),) = several(world, 1)
    to_id, found = to.id, begun(world.ana)
    with failing("before_insert", to_id, lambda: kind("INSERT", {}, Exception("gone"))), pytest.raises(kind):
        make_due()
    assert stands(found) == (BatchState.MAKING, 0, "")
    make_due()
    assert stands(found)[0] is BatchState.MADE


def test_one_that_was_cancelled_as_it_failed_is_taken_up_as_that(world: make.World, clock: Traveller) -> None:
    ((_, to),) = several(world, 1)
    to_id, found = to.id, begun(world.ana)
    with failing("before_insert", to_id, unforeseen):
        for _ in range(3):
            make_due()
            clock.shift(timedelta(minutes=1, seconds=1))
        actions.cancel(now(found.batch, world.ana), by=world.ana)
        db.session.commit()
        make_due()
    assert stands(found) == (BatchState.CANCELLED, 0, "")


def test_a_print_file_that_fails_as_nobody_foresaw_holds_up_no_other_and_is_said_after_three_times(
    world: make.World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    (first, _), (second, _) = several(world, 2)
    good = begun_of(world, second)
    make_due()
    bad = begun_of(world, first)
    clock.shift(timedelta(seconds=1))
    posted(good, world)
    db.session.commit()

    def broken(*_: object) -> None:
        raise unforeseen()

    monkeypatch.setattr(binding, "bind", broken)
    make_due()
    assert [bool(letter.sent_on) for letter in letters(good)] == [True]
    assert stands(bad) == (BatchState.MAKING, 1, "")
    for _ in range(3):
        clock.shift(binding.LEASE + timedelta(seconds=1))
        make_due()
    assert stands(bad) == (BatchState.MADE, 3, binding.NOT_BOUND)
