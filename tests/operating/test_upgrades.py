"""The schema from the first revision to the newest, over rows: a rehearsal on a copy, then the thing itself."""

from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command as alembic
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from app.backup import rehearsing
from app.backup.places import database_of
from app.backup.streams import NotDone
from app.core import schema
from app.core.db import db
from tests import make
from tests.operating.conftest import command
from tests.support.databases import Database

APPEND_ONLY = ("audit", "status_change")


@pytest.fixture
def old(database: Database, app: Flask) -> Flask:
    """A portal with people, cases, entries and a draft, whose schema is the very first one."""
    with app.app_context():
        world = make.world()
        case = make.open_case(world)
        make.note(world.ana, case)
        make.draft(world.priya, world.ng, reason="Away most Mondays.")
        db.session.commit()
        db.engine.dispose()
    alembic.downgrade(schema.configuration(database.url), "0001")
    return app


def test_a_rehearsal_upgrades_a_copy_and_leaves_the_database_as_it_is(old: Flask, database: Database) -> None:
    before = _counts(database)
    said = command(old, "rehearse-upgrade")
    assert said.exit_code == 0, said.output
    assert f"from schema 0001 to {rehearsing.head()}" in said.output
    assert f"all {sum(_upgraded(before).values()):,} rows are there" in said.output
    assert _counts(database) == before
    assert _revision(database) == "0001"


def _upgraded(before: dict[str, int]) -> dict[str, int]:
    """Every row; and since 0009 words for each organisation: the service of the case finds its student by two names."""
    return {**before, "student_name_word": before["student_name_word"] + 2}


def test_the_upgrade_keeps_every_row_and_what_guards_them(old: Flask, database: Database) -> None:
    before = _counts(database)
    assert command(old, "db-upgrade").exit_code == 0
    after = _counts(database)
    assert {name: after[name] for name in before} == _upgraded(before)
    engine = create_engine(database.url)
    with engine.connect() as connection:
        entries = connection.execute(text("SELECT opens_at, recorded_at FROM entry")).all()
        assert entries
        assert all(entry.opens_at == entry.recorded_at for entry in entries)
        draft = connection.execute(text("SELECT owner_id, maker_id FROM referral WHERE state = 'draft'")).one()
        assert draft.owner_id == draft.maker_id
        answers = connection.execute(
            text("SELECT count(*) FROM referral_answer WHERE page = '' AND turn = 0")
        ).scalar_one()
        assert answers == before["referral_answer"]
        connection.rollback()
        for table in APPEND_ONLY:
            assert before[table]
            with pytest.raises(DBAPIError, match="append-only"):
                connection.execute(text(f"DELETE FROM {table}"))
            connection.rollback()
    engine.dispose()


def test_an_old_backup_is_restored_and_brought_to_the_newest_schema(
    old: Flask, another: Callable[..., Flask], tmp_path: Path
) -> None:
    file = tmp_path / "old.tar.gz"
    assert command(old, "backup", file).exit_code == 0
    said = command(another(), "restore", file)
    assert said.exit_code == 0, said.output
    assert f"from 0001 to {rehearsing.head()}" in said.output


def test_a_migration_that_loses_rows_is_told_not_to_be_carried_out(
    old: Flask, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The newest schema, and then somebody's mistake."""
    upgrade = schema.upgrade

    def lossy(url: str) -> None:
        upgrade(url)
        engine = create_engine(url)
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM referral_answer"))
        engine.dispose()

    monkeypatch.setattr(schema, "upgrade", lossy)
    with pytest.raises(NotDone, match=r"Do not upgrade.*referral_answer had"):
        rehearsing.rehearse_upgrade(database_of(database.url), str)


def _counts(database: Database) -> dict[str, int]:
    with database_of(database.url).reading() as reader:
        return {name: table.rows for name, table in reader.digests().items()}


def _revision(database: Database) -> str:
    with database_of(database.url).reading() as reader:
        return reader.revision()
