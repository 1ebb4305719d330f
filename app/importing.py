"""`flask import …`: what the operator brings in from files. A dry run, unless it is said that it shall be kept: then the whole
file is, or nothing of it (O5)."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy.exc import IntegrityError

from app.attendance.marks.models import MarkImport
from app.core import clock
from app.core.db import begin_write, db, is_anything_due
from app.imports.calendars.actions import bring_calendar
from app.imports.calendars.rules import CALENDAR
from app.imports.columns import Brought, Columns, NotBrought, rows_of, spooled
from app.imports.marks import ASKED, bring_marks, counts_of, is_asked_for, keep_marks, refused_lines
from app.imports.migrated.actions import bring_cases
from app.imports.migrated.rules import CASES
from app.imports.queries import Operator, operator_by
from app.imports.rolls.actions import Told, bring_rolls, read_rolls
from app.imports.schools.actions import bring_catchments, bring_schools, bring_services
from app.imports.schools.rules import CATCHMENTS, SCHOOLS, SERVICES

MOST_SHOWN = 50
imports = AppGroup("import", help="Bring in what others have: a dry run each, until --keep is said.")
Bring = Callable[[Operator, Brought], object]
FILE = click.argument("file", type=click.Path(path_type=Path))
BY = click.option("--by", required=True, metavar="E-MAIL", help="Who brings it in: an operator.")
KEEP = click.option("--keep", is_flag=True, help="Keep it; without this nothing is changed.")


@imports.command("services")
@FILE
@BY
@KEEP
def services(file: Path, *, by: str, keep: bool) -> None:
    """Services (providers and in-school provisions): number, name; phone, email."""
    _bring_table(file, SERVICES, bring_services, by, keep=keep)


@imports.command("catchments")
@FILE
@BY
@KEEP
def catchments(file: Path, *, by: str, keep: bool) -> None:
    """Catchments: name, region; service (its number, empty where there is none)."""
    _bring_table(file, CATCHMENTS, bring_catchments, by, keep=keep)


@imports.command("schools")
@FILE
@BY
@KEEP
def schools(file: Path, *, by: str, keep: bool) -> None:
    """Schools: number, name, catchment; provision (a service’s number), phone, email."""
    _bring_table(file, SCHOOLS, bring_schools, by, keep=keep)


@imports.command("calendar")
@FILE
@BY
@KEEP
def calendar(file: Path, *, by: str, keep: bool) -> None:
    """Terms and closed days: school, kind (term, teacher_only, closed), from, to; year, term, half, why."""
    _bring_table(file, CALENDAR, bring_calendar, by, keep=keep)


@imports.command("cases")
@FILE
@BY
@KEEP
def cases(file: Path, *, by: str, keep: bool) -> None:
    """Cases of another system: former_number, service, kind (CA, NEN), school, name, born, referred_on, status (queue, open,
    transition, paused); nsn, started_on, manager, contact_name, contact_email, expected_end_on, why."""
    _bring_table(file, CASES, bring_cases, by, keep=keep)


@imports.command("rolls")
@FILE
@BY
@KEEP
@click.option("--school", default="", help="Its number, where the file does not say.")
@click.option("--as-of", type=click.DateTime(["%Y-%m-%d"]), help="Of which day the roll is; today, unless it is said.")
@click.option("--much-smaller", is_flag=True, help="It is right that it names under half of the last roll's students.")
def rolls(file: Path, *, by: str, keep: bool, school: str, as_of: datetime | None, much_smaller: bool) -> None:
    """Whole rolls of schools: a OneRoster 1.2 export (.zip), or a table: born, year_level; nsn, local_id, name or given_names
    and family_name, preferred_name, tutor, from, to, additional, type, back_on, school."""
    told = Told(school, as_of.date() if as_of else clock.today(), much_smaller)
    brought = Brought()
    with _in_plain_words(), spooled(file) as spool:
        found = read_rolls(spool, file.name, told, brought)
    bring_in(lambda operator, so_far: bring_rolls(found, told, so_far, by=operator), by, keep=keep, brought=brought)


@imports.command("marks")
@FILE
@BY
@click.option("--school", required=True, metavar="NUMBER", help="Whose marks these are.")
@click.option("--keep", is_flag=True, help="Keep them; without this they wait until somebody at the school keeps them.")
def marks(file: Path, *, by: str, school: str, keep: bool) -> None:
    """Half-day marks of one school, as its student management system exports them."""
    with _in_plain_words():
        try:
            brought = bring_marks(school, file, by=by)
            click.echo(ASKED if is_asked_for(brought) else _told(brought, by, keep=keep))
        finally:
            current_app.extensions["jobs"].wake(is_due=is_anything_due())
    if keep and is_asked_for(brought):
        raise click.ClickException("Nothing was kept.")


def _told(brought: MarkImport, by: str, *, keep: bool) -> str:
    for line in refused_lines(brought):
        click.echo(line)
    click.echo(f"{counts_of(brought)}.")
    if keep:
        keep_marks(brought, by=by)
    return "The worker keeps them now." if keep else "Nothing is kept: it waits in the list of imports at the school."


def _bring_table(file: Path, columns: Columns, bring: Any, by: str, *, keep: bool) -> None:
    with _in_plain_words(), spooled(file) as spool:
        rows = rows_of(spool, file.name, columns)
    bring_in(lambda operator, brought: bring(rows, brought, by=operator), by, keep=keep)


def bring_in(bring: Bring, by: str, *, keep: bool, brought: Brought | None = None) -> None:
    """In one transaction, which is kept as a whole or not at all."""
    brought = brought or Brought()
    begin_write()
    try:
        with _in_plain_words():
            bring(operator_by(by), brought)
            db.session.flush()
        if keep and not brought.refused:
            db.session.commit()
            current_app.extensions["jobs"].wake(is_due=is_anything_due())
    finally:
        db.session.rollback()
        is_anything_due()
    _say(brought, keep=keep)


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except NotBrought as reason:
        raise click.ClickException(str(reason)) from reason
    except IntegrityError as reason:
        raise click.ClickException(
            "Somebody changed the same rows just now. Nothing was changed; try again."
        ) from reason


def _say(brought: Brought, *, keep: bool) -> None:
    for line, why in sorted(brought.refused)[:MOST_SHOWN]:
        click.echo(f"Line {line}: {why}")
    if len(brought.refused) > MOST_SHOWN:
        click.echo(f"And {len(brought.refused) - MOST_SHOWN:,} lines more.")
    counts = ", ".join(f"{count:,} {what}" for what, count in sorted(brought.counts.items()) if count) or "nothing"
    if brought.refused:
        raise click.ClickException(f"{len(brought.refused):,} lines are refused, so nothing was changed ({counts}).")
    click.echo(f"Kept: {counts}." if keep else f"It would be: {counts}. Nothing was changed; --keep does it.")
