"""Files wait for the scanner, a real clamd with a signature of its own: waiting, clean, infected, failed."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask
from obstore.exceptions import GenericError
from sqlalchemy import insert, select
from time_machine import Traveller

from app import rounds
from app.cases.entries import EntryFile
from app.cases.files.rules import INFECTED
from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.files import scanner, stored
from app.core.files import store as store_module
from app.core.files.scanner import Answer
from app.core.files.scanning import LEASE, scan_due, try_failed_again
from app.core.files.spool import Spool
from app.core.files.store import Store, opened, the_store
from app.core.files.stored import Kept, Scan, StoredFile, add
from app.core.files.sweeping import sweep
from app.core.outbox import BACKOFF
from app.people.telling.queries import told_to
from app.settings import Settings
from tests import make
from tests.support import samples
from tests.support.databases import Database
from tests.support.objects import Bucket
from tests.support.scanners import BAD_WORDS, Scanner
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox


@pytest.fixture
def settings(database: Database, tmp_path: Path, clamd: Scanner, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SCANNER=clamd.address, SMTP_URL=mailbox.url)


@pytest.fixture
def stopped(clamd: Scanner) -> Iterator[Scanner]:
    clamd.stop()
    yield clamd
    if not clamd.parts.running:
        clamd.start()


def waiting(world: make.World, content: bytes) -> StoredFile:
    """A file that has come and waits."""
    with Spool() as spool:
        spool.write(content)
        key = the_store().put(spool)
        kept = Kept(key, "plan.txt", "text/plain", spool.size, spool.sha256, spool.sha256)
    file = add(kept, scan=Scan.PENDING, by=world.ana)
    db.session.commit()
    return file


def test_a_clean_file_opens(own_world: make.World) -> None:
    file = waiting(own_world, b"Kia ora")
    assert scan_due() == 1
    assert (file.scan, file.next_try_at) == (Scan.CLEAN, None)
    assert file.scanned_at is not None
    assert scan_due() == 0


@pytest.mark.parametrize("content", [samples.eicar(), b"Kia ora " + BAD_WORDS])
def test_an_infected_file_keeps_its_row_and_loses_its_object(own_world: make.World, content: bytes) -> None:
    file = waiting(own_world, content)
    scan_due()
    assert file.scan is Scan.INFECTED
    assert not the_store().has(file.key)


def test_whoever_added_an_infected_file_is_told_once(own_world: make.World, mailbox: Mailbox) -> None:
    file = waiting(own_world, samples.eicar())
    waiting(own_world, b"Kia ora")
    rounds.scan()
    rounds.scan()
    (told,) = db.session.scalars(select(Outbox)).all()
    assert (told.event, told.person_id, told.channel) == (INFECTED, own_world.ana.person_id, Channel.APP_EMAIL)
    assert [line.place.name for line in told_to(own_world.ana).lines] == ["plan.txt"]
    assert not told_to(own_world.ruth).lines
    rounds.do_due()
    (mail,) = mailbox.arrived
    assert mail["Subject"] == "A virus was found in a file"
    assert "plan" not in mail.as_string()
    stored.remove(file)
    db.session.commit()
    assert [line.place.name for line in told_to(own_world.ana).lines] == [""]


def test_a_store_that_fails_midway_holds_up_no_other_file(
    own_world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, sound = waiting(own_world, b"x" * 1_000_000), waiting(own_world, b"Kia ora")
    really = Store.read

    def read(store: Store, key: str) -> Iterator[bytes]:
        pieces = really(store, key)
        if key == broken.key:
            pieces = store_module._unbroken(broken_off(pieces), 1_000_000)
        return pieces

    monkeypatch.setattr(Store, "read", read)
    assert scan_due() == 2
    assert (broken.scan, sound.scan) == (Scan.PENDING, Scan.CLEAN)


def broken_off(pieces: Iterator[bytes]) -> Iterator[bytes]:
    yield next(pieces)
    raise GenericError("the line is gone")


def test_a_virus_inside_an_office_file_is_found(own_world: make.World) -> None:
    file = waiting(own_world, samples.office("docx", {"word/media/x.txt": BAD_WORDS}))
    scan_due()
    assert file.scan is Scan.INFECTED


def test_what_is_too_large_for_the_scanner_fails_at_once(own_world: make.World) -> None:
    file = waiting(own_world, b"x" * 3_000_000)
    assert scan_due() == 1
    assert (file.scan, file.attempts) == (Scan.FAILED, 1)
    try_failed_again()
    assert file.scan is Scan.FAILED


def test_without_the_scanner_a_file_waits_and_is_clean_when_it_returns(
    own_world: make.World, stopped: Scanner, clock: Traveller
) -> None:
    file = waiting(own_world, b"Kia ora")
    another = waiting(own_world, b"Kia ora")
    assert scan_due() == 1, "the second is not even tried"
    assert (file.scan, another.attempts) == (Scan.PENDING, 0)
    clock.shift(BACKOFF[0])
    stopped.start()
    assert scan_due() == 2
    assert {file.scan, another.scan} == {Scan.CLEAN}


def test_a_scanner_that_stays_away_is_given_up_and_asked_again_when_it_is_back(
    own_world: make.World, stopped: Scanner, clock: Traveller
) -> None:
    file = waiting(own_world, b"Kia ora")
    for pause in (*BACKOFF, timedelta()):
        assert file.scan is Scan.PENDING
        scan_due()
        clock.shift(pause)
    assert (file.scan, file.next_try_at) == (Scan.FAILED, None)
    rounds.tidy()
    assert file.scan is Scan.FAILED
    stopped.start()
    rounds.tidy()
    db.session.refresh(file)
    assert (file.scan, file.attempts) == (Scan.PENDING, 0)
    rounds.do_due()
    assert db.session.scalar(select(StoredFile.scan)) is Scan.CLEAN


def test_a_worker_that_died_while_asking_loses_nothing(
    own_world: make.World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = waiting(own_world, b"Kia ora")
    with monkeypatch.context() as patched:
        patched.setattr("app.core.files.scanning.ask", _die)
        with pytest.raises(SystemExit):
            scan_due()
    db.session.rollback()
    assert scan_due() == 0, "the lease holds"
    clock.shift(LEASE)
    assert scan_due() == 1
    assert file.scan is Scan.CLEAN


def test_the_sweep_deletes_what_a_crash_left_of_an_infected_file(own_world: make.World, clock: Traveller) -> None:
    file = waiting(own_world, b"Kia ora")
    file.scan, key = Scan.INFECTED, file.key
    entry = make.note(own_world.ana, make.open_case(own_world))
    db.session.execute(insert(EntryFile).values(file_id=file.id, entry_id=entry.id))
    db.session.commit()
    clock.shift(timedelta(days=400))
    sweep()
    assert not the_store().has(key)
    assert db.session.scalar(select(StoredFile.scan)) is Scan.INFECTED


def test_a_scanner_taken_away_by_the_settings_lets_files_open(own_world: make.World, app: Flask) -> None:
    file = waiting(own_world, b"Kia ora")
    app.extensions["settings"] = settings_for("sqlite://", Path(app.extensions["settings"].storage).parent)
    scan_due()
    assert file.scan is Scan.NOT_SCANNED


def test_an_object_in_a_bucket_is_scanned_too(database: Database, bucket: Bucket, clamd: Scanner) -> None:
    with Spool() as spool:
        spool.write(samples.eicar())
        store = opened(settings_for(database.url, clamd.folder, **bucket.settings))
        assert scanner.ask(clamd.address, store.read(store.put(spool))) is Answer.INFECTED


def test_the_scanner_answers_for_itself(clamd: Scanner) -> None:
    assert scanner.is_there(clamd.address)
    assert not scanner.is_there("unix:/nowhere/clamd.sock")
    assert not scanner.is_there("tcp://127.0.0.1:9")


def _die(*_: object) -> None:
    raise SystemExit
