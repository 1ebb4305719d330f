"""SQLite knows how much there is after a migration, and a day later of what has grown since."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text
from time_machine import Traveller

from app.core import schema
from app.core.db import begin_write, db
from app.core.planning import look_again_daily
from app.settings import Settings
from tests import make

KNOWN = text("SELECT count(*) FROM sqlite_stat1 WHERE tbl = 'attendance_case'")


@pytest.fixture
def is_sqlite(app: Flask, own_world: make.World) -> make.World:
    if db.session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL looks by itself")
    make.open_case(own_world)
    db.session.commit()
    return own_world


def known() -> int:
    return int(db.session.scalar(KNOWN) or 0)


def test_after_a_migration_it_knows_what_it_had_forgotten(is_sqlite: make.World, settings: Settings) -> None:
    assert known() == 0
    db.session.rollback()
    schema.upgrade(settings.database_url)
    assert known() > 0


def test_what_has_grown_is_looked_at_once_a_day(is_sqlite: make.World, clock: Traveller) -> None:
    look_again_daily()
    assert known() > 0
    begin_write()
    db.session.execute(text("DELETE FROM sqlite_stat1"))
    db.session.commit()
    look_again_daily()
    assert known() == 0
    clock.shift(timedelta(days=1, minutes=1))
    look_again_daily()
    assert known() > 0
