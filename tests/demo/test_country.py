"""The invented country: the same whenever and wherever it is made, whole, and a portal like any other."""

import gc
import re
import shutil
import subprocess
from datetime import date
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select

from app import create_app
from app.cases.models import Case
from app.cases.standing import counted_again, kept_counts
from app.core import clock
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.doctor.examination import examine
from app.doctor.findings import Mark, Patient
from app.people.models import Organisation, Person
from app.settings import Settings
from demo.country.command import demo
from demo.country.country import Country
from demo.country.filling import fill
from demo.country.hashing import dump_hash
from scripts.parts import ROOT
from scripts.portal import FLASK, Ports, demonstration_environment
from tests.demo.small import SMALL
from tests.support.databases import Database
from tests.support.settings import ISSUER, closed, settings_for

ARGUMENTS = ("--cases", "30", "--seed", "5", "--today", "2026-03-03")
THE_DAY = date(2026, 3, 3)


@pytest.fixture
def settings(database: Database, tmp_path: Path) -> Settings:
    """Of a demonstration."""
    return settings_for(database.url, tmp_path, DEMONSTRATION=ISSUER)


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> str:
    """The dump hash that another process says, on SQLite."""
    folder = tmp_path_factory.mktemp("elsewhere")
    shutil.copyfile(sqlite_template, folder / "waharoa.sqlite")
    environment = {**demonstration_environment(folder, Ports.from_first(8000)), "PYTHONHASHSEED": "7"}
    done = subprocess.run([*FLASK, "demo", *ARGUMENTS], cwd=ROOT, env=environment, capture_output=True, check=True)
    return hash_said(done.stdout.decode())


def hash_said(output: str) -> str:
    found = re.search(r"^Dump hash: ([0-9a-f]{64})$", output, re.MULTILINE)
    assert found, output
    return found[1]


def carry_out(app: Flask, *arguments: str) -> Result:
    return app.test_cli_runner().invoke(demo, arguments)


def count_of(app: Flask, table: type) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_seed_is_the_same_country_on_both_databases_and_in_another_process(app: Flask, elsewhere: str) -> None:
    done = carry_out(app, *ARGUMENTS)
    assert done.exit_code == 0
    assert hash_said(done.stdout) == elsewhere
    assert "30 cases as on 3 March 2026, seed 5." in done.stdout
    assert [count_of(app, table) for table in (Case, Person)] == [30, 8_000]


@pytest.mark.usefixtures("context")
def test_another_seed_size_or_day_is_another_country() -> None:
    hashes = set()
    for seed, cases, day in (
        (1, 4, THE_DAY),
        (1, 4, THE_DAY),
        (2, 4, THE_DAY),
        (1, 5, THE_DAY),
        (1, 4, date(2026, 3, 4)),
    ):
        begin_write()
        fill(Country(seed, cases, day, SMALL), abs)
        hashes.add(dump_hash(db.session.connection()))
        db.session.rollback()
    assert len(hashes) == 4


def test_a_real_portal_is_not_filled(tmp_path: Path, database: Database) -> None:
    with closed(create_app(settings_for(database.url, tmp_path))) as app:
        done = carry_out(app, *ARGUMENTS)
        assert done.exit_code == 2
        assert "DEMONSTRATION is not set" in done.output
        assert not count_of(app, Organisation)


def test_a_portal_with_an_organisation_is_not_filled(app: Flask) -> None:
    with app.app_context():
        db.session.add(Organisation(kind="school", number="9001", name="Tawa Awa College"))
        db.session.commit()
    done = carry_out(app, *ARGUMENTS)
    assert done.exit_code == 2
    assert "There are organisations already" in done.output
    assert count_of(app, Organisation) == 1


@pytest.mark.parametrize("cases", ["0", "-1", "many"])
def test_there_is_one_case_at_least(app: Flask, cases: str) -> None:
    assert carry_out(app, "--cases", cases).exit_code == 2
    assert not count_of(app, Organisation)


def test_a_filling_that_ends_half_way_leaves_nothing(app: Flask) -> None:
    def end(_: int) -> None:
        raise KeyboardInterrupt

    with app.app_context():
        begin_write()
        with pytest.raises(KeyboardInterrupt):
            fill(Country(1, 4, THE_DAY, SMALL), end)
        assert gc.isenabled()
    assert [count_of(app, table) for table in (Organisation, Person, Case)] == [0, 0, 0]


@pytest.mark.usefixtures("context")
def test_the_doctor_finds_nothing_to_mend_in_a_small_country(settings: Settings) -> None:
    """But for what is no matter of the database, and the catchments that have no service on purpose."""
    begin_write()
    fill(Country(1, 60, clock.today(), SMALL), abs)
    assert kept_counts() == counted_again() != {}
    db.session.commit()
    to_mend = {finding.about for finding in examine(Patient(settings, is_thorough=False)) if finding.mark is Mark.MEND}
    assert to_mend == {"worker", "schools", "mail", "problems"}


@pytest.mark.usefixtures("context")
def test_all_is_told_and_only_the_last_days_are_unread() -> None:
    begin_write()
    country = Country(1, 60, THE_DAY, SMALL)
    fill(country, abs)
    assert not db.session.scalars(select(Outbox.id).where(Outbox.done_at.is_(None))).all()
    unread = db.session.scalars(select(Outbox.made_at).where(Outbox.read_at.is_(None))).all()
    assert unread
    read = db.session.scalars(select(Outbox.made_at).where(Outbox.read_at.is_not(None))).all()
    assert min(unread) >= country.read_until > max(read)
