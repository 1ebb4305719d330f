"""The worker, or the program that sets letters, is killed in the middle of it: the letter is made once, and nothing is
left over."""

import fcntl
import os
import signal
import socket
import termios
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select

from app.cases.models import Case
from app.core.db import begin_write, db
from app.core.files import sweeping
from app.core.files.store import the_store
from app.core.files.stored import StoredFile
from app.core.pdf.press import ENGINE
from app.letters.models import Letter, LetterPage
from tests import make
from tests.kills.conftest import both_kinds, on_postgresql, on_sqlite
from tests.kills.points import Point
from tests.kills.sites import Site, let_everything_age

LEASE = "5"
NO_SWEEP = "100000000"
"""With a lease that never ends, what a killed worker had claimed is never claimed again."""


@both_kinds
@pytest.mark.parametrize(
    ("point", "attempts"),
    [(Point.LETTER_CLAIMED, 2), (Point.OBJECT_PUT, 2), (Point.LETTER_FILED, 2), (Point.LETTER_KEPT, 1)],
)
def test_a_letter_of_a_killed_worker_is_made_once(killed: Site, point: Point, attempts: int) -> None:
    letter = ask(killed)
    killed.order(point)
    killed.start_worker(KILLS_LEASE=LEASE)
    killed.until(lambda: killed.parts.dead() == "worker")
    assert killed.was_killed()
    assert is_made(killed, letter) is (point is Point.LETTER_KEPT)
    killed.start_worker(KILLS_LEASE=LEASE)
    wait_until_made(killed, letter)
    is_there_once(killed, letter, attempts)


@on_sqlite
def test_without_the_lease_s_end_a_letter_of_a_killed_worker_is_never_made(killed: Site) -> None:
    """So the tests above would fail."""
    letter = ask(killed)
    killed.order(Point.LETTER_CLAIMED)
    killed.start_worker(KILLS_LEASE=NO_SWEEP)
    killed.until(lambda: killed.parts.dead() == "worker")
    killed.start_worker(KILLS_LEASE=NO_SWEEP)
    another = ask(killed, "ng")
    wait_until_made(killed, another)
    assert not is_made(killed, letter)


@on_sqlite
def test_a_letter_whose_program_is_killed_is_made_by_the_next_one(killed: Site) -> None:
    worker = killed.start_worker()
    wait_until_made(killed, ask(killed))
    program = engine_of(worker)
    os.kill(program, signal.SIGSTOP)  # so that it is surely in the middle of it
    letter = ask(killed, "ng")
    killed.until(lambda: is_claimed(killed, letter, wake=True))
    killed.until(lambda: is_asked(program))
    os.kill(program, signal.SIGKILL)
    wait_until_made(killed, letter)
    is_there_once(killed, letter, attempts=2)
    assert killed.parts.dead() is None
    assert engine_of(worker) != program


@on_postgresql
def test_the_program_does_not_outlive_a_killed_worker(killed: Site) -> None:
    worker = killed.start_worker()
    wait_until_made(killed, ask(killed))
    program = engine_of(worker)
    os.kill(worker, signal.SIGKILL)
    killed.until(lambda: has_ended(program))


@on_sqlite
def test_a_worker_that_is_asked_to_end_takes_the_program_with_it(killed: Site) -> None:
    worker = killed.start_worker()
    wait_until_made(killed, ask(killed))
    program = engine_of(worker)
    os.kill(worker, signal.SIGTERM)
    killed.until(lambda: killed.parts.dead() == "worker")
    assert killed.parts.running["worker"].returncode == 0
    killed.until(lambda: has_ended(program))


@both_kinds
def test_two_workers_at_once_make_each_letter_once(killed: Site) -> None:
    letters = [ask(killed), ask(killed, "ng"), ask(killed, "other")]
    killed.start_worker()
    killed.start_worker("a second one")
    for letter in letters:
        wait_until_made(killed, letter)
    for letter in letters:
        is_there_once(killed, letter, attempts=1, of=len(letters))


@on_postgresql
def test_letters_are_made_while_a_mail_server_hangs(killed: Site) -> None:
    """It takes the line and says nothing."""
    with silent_server() as (address, has_come):
        killed.make_mails()
        killed.start_worker(SMTP_URL=address)
        assert has_come.wait(60)
        wait_until_made(killed, ask(killed))


def ask(site: Site, pupil: str = "whanau") -> int:
    """A preview, asked for in a case of its own."""
    world = site.prepared.world
    with site.app.app_context():
        begin_write()
        by, contact = (world.sione, world.jin) if pupil == "other" else (world.priya, world.tom)
        case = make.submitted(by, getattr(world, pupil), contact=contact)
        case = make.assigned(case, to=world.ana, by=world.ruth)
        letter = make.preview(world.ana, case, make.letter_ready(world, case)).id
        db.session.commit()
    site.app.extensions["jobs"].wake()
    return letter


def wait_until_made(site: Site, letter: int) -> None:
    def made() -> bool:
        site.app.extensions["jobs"].wake()
        return is_made(site, letter)

    site.until(made)


def is_made(site: Site, letter: int) -> bool:
    with site.app.app_context():
        return db.session.scalar(select(Letter.rendered_at).where(Letter.id == letter)) is not None


def is_claimed(site: Site, letter: int, *, wake: bool) -> bool:
    if wake:
        site.app.extensions["jobs"].wake()
    with site.app.app_context():
        return bool(db.session.scalar(select(Letter.attempts).where(Letter.id == letter)))


def is_there_once(site: Site, letter_id: int, attempts: int, of: int = 0) -> None:
    """One file, with its object, its pages, and after a sweep nothing besides."""
    with site.app.app_context():
        letter = db.session.get_one(Letter, letter_id)
        number = db.session.get_one(Case, letter.case_id).number
        assert (letter.fault, letter.next_try_at, letter.attempts) == ("", None, attempts)
        files = select(StoredFile.id).where(StoredFile.name == f"{number} letter 1.pdf")
        assert db.session.scalars(files).all() == [letter.file_id]
        pages = select(func.count()).select_from(LetterPage).where(LetterPage.letter_id == letter_id)
        assert db.session.scalar(pages) == letter.page_count
        db.session.rollback()
        let_everything_age(site)
        sweeping.sweep()
        left = {found.key for some in the_store().listing() for found in some}
        assert left == set(db.session.scalars(select(StoredFile.key)))
        assert len(left) == of or not of


def engine_of(worker: int) -> int:
    """The program that this worker has started, in whichever of its threads."""
    children = " ".join(each.read_text() for each in Path(f"/proc/{worker}/task").glob("*/children")).split()
    (found,) = [pid for pid in children if str(ENGINE).encode() in Path(f"/proc/{pid}/cmdline").read_bytes()]
    return int(found)


def is_asked(program: int) -> bool:
    """Something waits in its input, unread: a program that were killed before that would only be started anew."""
    with Path(f"/proc/{program}/fd/0").open("rb", buffering=0) as pipe:
        return any(fcntl.ioctl(pipe, termios.FIONREAD, bytes(4)))


def has_ended(pid: int) -> bool:
    """Its parent has gone: somebody else buries it."""
    try:
        return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return True


@contextmanager
def silent_server() -> Iterator[tuple[str, threading.Event]]:
    """Its address, and whether somebody has come."""
    has_come = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as server:
        lines = []

        def take() -> None:
            try:
                while True:
                    lines.append(server.accept()[0])
                    has_come.set()
            except OSError:
                return

        thread = threading.Thread(target=take, daemon=True)
        thread.start()
        yield f"smtp://127.0.0.1:{server.getsockname()[1]}", has_come
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for line in lines:
            line.close()
