"""Woken, each kind of work begins at once: none waits behind another, and what fails does not end its thread."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event

import pytest
from flask import Flask
from flask.ctx import AppContext

from app.core.db import db
from app.core.jobs import Jobs, Rounds, beat, is_alive
from app.core.web.logs import JsonLines

PATIENCE = 60


def nothing() -> None: ...


def jobs(
    app: Flask, folder: Path, work: Callable[[], object] = nothing, letters: Callable[[], object] = nothing
) -> Jobs:
    """Their threads run; huey carries out at once what it is given."""
    made = Jobs(app, str(folder / "woken.sqlite"), work=work, others={"letters": letters}, tidying=nothing)
    made.huey.immediate = True
    for rounds in made._due:
        rounds.start()
    return made


def end(*rounds: Rounds) -> None:
    for each in rounds:
        each.end(time.monotonic() + PATIENCE)
        assert not each._thread.is_alive()


def test_a_worker_that_is_woken_is_heard_of(app: Flask, context: AppContext, tmp_path: Path) -> None:
    done = Event()
    woken = jobs(app, tmp_path, done.set)
    assert not is_alive("worker")
    db.session.rollback()
    woken.wake()
    assert done.wait(PATIENCE)
    end(*woken._due)
    assert is_alive("worker")


def test_letters_do_not_wait_behind_a_mail_server_that_hangs(app: Flask, tmp_path: Path) -> None:
    hangs, mends, made = Event(), Event(), Event()

    def send_mails() -> None:
        hangs.set()
        mends.wait(PATIENCE)

    woken = jobs(app, tmp_path, send_mails, made.set)
    woken.wake()
    assert hangs.wait(PATIENCE)
    assert made.wait(PATIENCE)
    made.clear()
    woken.wake()
    assert made.wait(PATIENCE), "woken again, while the mails still hang"
    mends.set()
    end(*woken._due)


def test_told_while_it_is_at_work_it_goes_round_once_more(app: Flask) -> None:
    begun, goes_on, rounds = Event(), Event(), []

    def work() -> None:
        rounds.append(1)
        begun.set()
        goes_on.wait(PATIENCE)

    thread = Rounds(app, "a test", work, beats=False)
    thread.start()
    thread.tell()
    assert begun.wait(PATIENCE)
    begun.clear()
    for _ in range(3):
        thread.tell()
    goes_on.set()
    assert begun.wait(PATIENCE)
    end(thread)
    assert len(rounds) == 2


def test_a_round_that_fails_is_logged_without_its_message_and_the_next_is_carried_out(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    done = Event()
    failing = iter([True, False])

    def work() -> None:
        done.set()
        if next(failing):
            raise ValueError("about Hemi")

    thread = Rounds(app, "a test", work, beats=False)
    thread.start()
    for _ in range(2):
        done.clear()
        thread.tell()
        assert done.wait(PATIENCE)
    end(thread)
    (said,) = [JsonLines().format(record) for record in caplog.records if record.name == app.logger.name]
    assert "a round failed" in said
    assert "ValueError" in said
    assert "Hemi" not in said


def test_what_takes_longer_than_its_grace_is_left(app: Flask) -> None:
    begun, goes_on = Event(), Event()

    def work() -> None:
        begun.set()
        goes_on.wait(PATIENCE)

    thread = Rounds(app, "a test", work, beats=False)
    thread.start()
    thread.tell()
    assert begun.wait(PATIENCE)
    thread.end(time.monotonic())
    assert thread._thread.is_alive()
    goes_on.set()
    end(thread)


def test_of_many_that_say_at_once_that_they_are_alive_none_fails(app: Flask) -> None:
    """The three threads of a worker begin at the same moment."""
    together = Barrier(6)

    def say_so() -> None:
        with app.app_context():
            db.session.rollback()
            together.wait(PATIENCE)
            beat("worker")

    with ThreadPoolExecutor(6) as threads:
        for said in [threads.submit(say_so) for _ in range(6)]:
            said.result(PATIENCE)
