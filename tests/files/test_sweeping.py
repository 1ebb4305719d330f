"""What a crash leaves behind goes after a day, and nothing else does."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask import current_app
from sqlalchemy import func, insert, select

from app import create_app
from app.cases.entries import EntryFile, UnsentFile
from app.core import clock as clocks
from app.core.db import db
from app.core.files import stored, sweeping
from app.core.files.ours import OWNER, place_of
from app.core.files.spool import Spool
from app.core.files.store import the_store
from app.core.files.stored import Kept, Scan, StoredFile
from app.core.security import random_key
from app.doctor.files import storage
from app.doctor.findings import Mark, Patient
from app.settings import Settings
from tests import make
from tests.support.databases import Database
from tests.support.objects import Bucket
from tests.support.settings import closed, settings_for

IN_STORAGE = ("STORAGE", "STORAGE_ENDPOINT", "STORAGE_REGION", "STORAGE_KEY_ID", "STORAGE_SECRET")


@pytest.fixture(params=["folder", "bucket"])
def settings(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Settings:
    if request.param == "folder":
        return settings_for(database.url, tmp_path)
    bucket: Bucket = request.getfixturevalue("bucket")
    return settings_for(database.url, tmp_path, **bucket.settings)


@pytest.fixture
def tomorrow(monkeypatch: pytest.MonkeyPatch) -> None:
    """The store's objects carry the machine's own time: the sweep is asked a day and a little later."""
    monkeypatch.setattr(clocks, "now", lambda: datetime.now(UTC) + timedelta(days=1, minutes=1))


def put() -> str:
    with Spool() as spool:
        spool.write(b"Kia ora")
        return the_store().put(spool)


def row(world: make.World, key: str) -> StoredFile:
    kept = Kept(key, "plan.txt", "text/plain", 7, "a" * 64, "b" * 64)
    file = stored.add(kept, scan=Scan.NOT_SCANNED, by=world.ana)
    file.at = datetime.now(UTC)
    return file


def hang(world: make.World, file: StoredFile) -> None:
    """On an entry."""
    entry = make.note(world.ana, make.open_case(world))
    db.session.execute(insert(EntryFile).values(file_id=file.id, entry_id=entry.id))


@pytest.mark.usefixtures("tomorrow")
def test_an_object_without_a_row_is_deleted(own_world: make.World) -> None:
    key = put()
    sweeping.sweep()
    assert not the_store().has(key)


def test_a_young_object_waits_for_its_row(own_world: make.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clocks, "now", lambda: datetime.now(UTC) + timedelta(hours=23))
    key = put()
    sweeping.sweep()
    assert the_store().has(key)


@pytest.mark.usefixtures("tomorrow")
def test_a_file_that_hangs_on_an_entry_stays(own_world: make.World) -> None:
    file = row(own_world, put())
    hang(own_world, file)
    db.session.commit()
    sweeping.sweep()
    assert the_store().has(file.key)
    assert db.session.get(StoredFile, file.id) is not None


@pytest.mark.usefixtures("tomorrow")
def test_a_row_that_hangs_on_nothing_goes_with_its_object(own_world: make.World) -> None:
    row(own_world, key := put())
    db.session.commit()
    sweeping.sweep()
    assert db.session.scalar(select(func.count()).select_from(StoredFile)) == 0
    assert not the_store().has(key)


@pytest.mark.usefixtures("tomorrow")
def test_a_removed_file_loses_its_object(own_world: make.World) -> None:
    file = row(own_world, key := put())
    stored.remove(file)
    assert the_store().has(key), "not before the commit"
    db.session.commit()
    sweeping.sweep()
    assert not the_store().has(key)


def test_everything_that_refers_to_a_file_is_known(own_world: make.World) -> None:
    assert {EntryFile.__tablename__, UnsentFile.__tablename__, "referral_file"} <= {
        column.table.name for column in sweeping.references()
    }


@pytest.mark.usefixtures("tomorrow")
def test_halves_of_objects_are_deleted(own_world: make.World, settings: Settings) -> None:
    if settings.storage_folder is None:
        pytest.skip("a bucket shows no halves; its owner lets them lapse")
    put()
    key = random_key()
    half, foreign = settings.storage_folder / f"{key}#1", settings.storage_folder / "ab" / "notes#1"
    for each in (half, foreign):
        each.parent.mkdir(parents=True, exist_ok=True)
        each.write_bytes(b"half")
    sweeping.sweep()
    assert not half.exists()
    assert foreign.exists()


@pytest.mark.usefixtures("tomorrow")
def test_nothing_that_is_not_plainly_ours_is_touched(own_world: make.World, settings: Settings) -> None:
    put()
    key = random_key()
    foreign = ["waharoa.sqlite", "sub/roles.toml", "ab/plan.txt", f"files/{key}", key.upper(), key[3:], f"00/{key[3:]}"]
    for each in foreign:
        the_store()._put(each, io.BytesIO(b"precious"))
    if folder := settings.storage_folder:
        elsewhere = folder.parent / "elsewhere"
        elsewhere.write_bytes(b"precious")
        foreign.append(random_key())
        (folder / foreign[-1]).parent.mkdir(exist_ok=True)
        (folder / foreign[-1]).symlink_to(elsewhere)
    assert the_store().count_not_ours() == len(foreign)
    sweeping.sweep()
    assert [each for each in foreign if not the_store().has(each)] == []
    assert not [found for some in the_store().listing() for found in some]


@pytest.mark.usefixtures("tomorrow")
def test_a_copy_of_the_database_sweeps_nothing_of_the_storage_it_was_left_with(
    own_world: make.World, settings: Settings, tmp_path: Path
) -> None:
    there = {name: getattr(settings, name.lower()) for name in IN_STORAGE}
    other = settings_for(f"sqlite:///{tmp_path}/of-another.sqlite", tmp_path, **there)
    with closed(create_app(other)) as app, app.app_context():
        theirs = put()
    key = put()
    sweeping.sweep()
    assert the_store().has(theirs)
    assert the_store().has(key)
    assert the_store().owner() == f"sqlite {tmp_path.resolve()}/of-another.sqlite"
    (finding,) = [each for each in storage(Patient(settings)) if each.mark is Mark.MEND]
    assert "belongs to another database" in finding.words
    the_store().delete(OWNER)
    del current_app.extensions["store"]  # the command is a process of its own
    assert [each for each in storage(Patient(settings)) if each.mark is Mark.MEND] == []
    sweeping.sweep()
    assert not the_store().has(key)


def test_who_a_storage_belongs_to_is_said_without_who_signs_in() -> None:
    assert (
        place_of("postgresql+psycopg://me:secret@db.example.nz:5433/waharoa") == "postgresql db.example.nz:5433 waharoa"
    )
    assert place_of("postgresql+psycopg:///waharoa?host=/run/postgresql") == "postgresql /run/postgresql waharoa"
    assert place_of("sqlite://") == ""


def test_the_sweep_is_carried_out_once_an_hour(own_world: make.World, monkeypatch: pytest.MonkeyPatch) -> None:
    times: list[int] = []
    monkeypatch.setattr(sweeping, "sweep", lambda: times.append(1))
    sweeping.sweep_hourly()
    sweeping.sweep_hourly()
    assert len(times) == 1
