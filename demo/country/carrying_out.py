"""What the command does: refuse, or fill, and say what is there now."""

import time
from datetime import date

import click
from flask import current_app
from sqlalchemy import select

from app.core import clock
from app.core.db import begin_write, db
from app.people.models import Organisation
from demo.country.country import Country
from demo.country.filling import fill
from demo.country.hashing import dump_hash
from demo.country.writing import settle

MANY = 10_000
REAL = "Invented people belong to a demonstration; this is a real portal (DEMONSTRATION is not set)."
NOT_EMPTY = "There are organisations already; nothing was added. An invented country begins in an empty database."


def carry_out(cases: int, seed: int, today: date | None) -> None:
    """Ends with 2 where it refuses."""
    if not current_app.extensions["settings"].demonstration:
        _refuse(REAL)
    began = time.monotonic()
    begin_write()
    if db.session.scalar(select(Organisation.id).limit(1)):
        _refuse(NOT_EMPTY)
    country = Country(seed, cases, today or clock.today())
    counts = fill(country, _say)
    db.session.commit()
    settle(db.engine)
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
