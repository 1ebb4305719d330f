"""What the command does: refuse, or fill, and say what is there now."""

import os
import time
from datetime import date
from pathlib import Path

import click
from flask import current_app
from sqlalchemy import select

from app.core import clock
from app.core.db import begin_write, db
from app.core.schema import is_at_head
from app.people.models import Organisation
from demo.country.country import Country
from demo.country.filling import fill
from demo.country.hashing import dump_hash
from demo.country.people import offer_people
from demo.country.writing import settle

MANY = 1_000
FIRST_DAY, LAST_DAY = date(2010, 1, 1), date(2050, 12, 31)
"""The holidays of the years around them are known."""
REAL = "Invented people belong to a demonstration; this is a real portal (DEMONSTRATION is not set)."
NOT_EMPTY = "There are organisations already; nothing was added. An invented country begins in an empty database."


def carry_out(cases: int, seed: int, today: date | None) -> None:
    """Ends with 2 where it refuses."""
    if not current_app.extensions["settings"].demonstration:
        _refuse(REAL)
    if today and not FIRST_DAY <= today <= LAST_DAY:
        _refuse(f"The day is one from {FIRST_DAY:%-d %B %Y} to {LAST_DAY:%-d %B %Y}; nothing was added.")
    if not is_at_head():
        _refuse("The database is not migrated: run `flask --app wsgi db-upgrade` first. Nothing was added.")
    try:
        _fill(cases, seed, today or clock.today())
    except (KeyboardInterrupt, click.Abort):
        _refuse("You ended it; nothing was added.")


def _fill(cases: int, seed: int, today: date) -> None:
    began = time.monotonic()
    begin_write()
    if db.session.scalar(select(Organisation.id).limit(1)):
        _refuse(NOT_EMPTY)
    country = Country(seed, cases, today)
    counts = fill(country, _say)
    db.session.commit()
    settle(db.engine)
    if folder := os.environ.get("DEMO_DIR"):
        offer_people(Path(folder))
    _tell(country, counts, time.monotonic() - began)


def _tell(country: Country, counts: dict[str, int], seconds: float) -> None:
    for table, count in counts.items():
        click.echo(f"{count:>12,} {table}")
    total = f"{sum(counts.values()):,} rows in {seconds:.1f} seconds"
    click.echo(f"{total}: {country.cases:,} cases as on {country.today:%-d %B %Y}, seed {country.seed}.")
    click.echo(f"Dump hash: {dump_hash(db.session.connection())}")


def _refuse(why: str) -> None:
    db.session.rollback()
    click.echo(why, err=True)
    raise SystemExit(2)


def _say(cases: int) -> None:
    if cases % MANY == 0:
        click.echo(f"{cases:,} cases …", err=True)
