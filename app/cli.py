"""Commands for the operator: the schema, the worker, backup and restore, the doctor, the first role."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext

from app.backup import making, rehearsing, restoring
from app.backup.manifest import Manifest
from app.backup.objects import Objects
from app.backup.places import database_of
from app.backup.reading import Database
from app.backup.streams import NotDone
from app.cases import standing
from app.core import outbox, schema
from app.core.db import begin_write, db
from app.core.errors import Refused
from app.core.files.store import the_store
from app.doctor.examination import examine
from app.doctor.findings import Mark, Patient
from app.importing import imports
from app.people import actions, queries
from app.people.models import Role, Source
from app.settings import Settings
from app.students.records.finding import find_again

people = AppGroup("people", help="People and their roles.")
GROUPS = people, imports


def set_up(app: Flask) -> None:
    for command in (db_upgrade, worker, backup, restore, rehearse_upgrade, doctor, recount, reindex_search, *GROUPS):
        app.cli.add_command(command)


@click.command("db-upgrade")
@with_appcontext
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    schema.upgrade(current_app.extensions["settings"].database_url)


@click.command("worker")
def worker() -> None:
    """Send what is due, until ended."""
    current_app.extensions["jobs"].run()


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Everything into FILE (.tar, .tar.gz or .tar.zst), while people work. FILE holds personal data: keep it safe."""
    with _in_plain_words():
        made = making.back_up(_database(), _objects(), file.absolute(), click.echo)
    click.echo(f"{file}: {_contents(made)}. Rehearse it: flask restore --rehearse {file}")
    _tell_lacking(made)


@click.command("restore")
@click.option("--rehearse", is_flag=True, help="Only into a place that goes again, to see that it would work.")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def restore(file: Path, *, rehearse: bool) -> None:
    """Fill an empty database and an empty storage from FILE, and compare both with it, down to hashes."""
    began = time.monotonic()
    with _in_plain_words():
        if rehearse:
            made = rehearsing.rehearse_restore(file, _database(), file.absolute().parent, click.echo)
        else:
            made = restoring.restore(file, _database(), _objects(make=True), click.echo)
    done, took = "Rehearsed" if rehearse else "Restored", f"in {time.monotonic() - began:.0f} seconds"
    click.echo(f"{done} {took}, identical by hash: {_contents(made)}.")
    _tell_lacking(made)
    if not rehearse:
        _go_on(made)


@click.command("rehearse-upgrade")
@with_appcontext
def rehearse_upgrade() -> None:
    """Upgrade a copy of the database, while people work, and say how long it took and whether all rows are there."""
    with _in_plain_words():
        found = rehearsing.rehearse_upgrade(_database(), click.echo)
    click.echo(
        f"The copy went from schema {found.was} to {found.became} in {found.seconds:.1f} seconds; "
        f"all {found.rows:,} rows are there. It was removed; the database itself was only read."
    )
    if found.changed:
        click.echo(f"Values changed in: {', '.join(found.changed)}.")


@click.command("doctor")
@click.option("--thorough", is_flag=True, help="Read every file and compare it with its hash; look for strays.")
@with_appcontext
def doctor(*, thorough: bool) -> None:
    """Say what is wrong, in plain words, and how to mend it; ends with 1 where something needs mending."""
    count = 0
    for finding in examine(Patient(_settings(), thorough)):
        click.echo(str(finding))
        count += finding.mark is Mark.MEND
    click.echo(f"{count} to mend." if count else "All is well.")
    raise SystemExit(1 if count else 0)


@click.command("recount")
@with_appcontext
def recount() -> None:
    """Count again how many cases each service has in each status, and who has them: what the doctor says to do where they are wrong."""
    begin_write()
    standing.recount()
    db.session.commit()
    click.echo("Counted again.")


@click.command("reindex-search")
@with_appcontext
def reindex_search() -> None:
    """Write anew by what students are found: once after an upgrade that says so. Some at a time, while people work."""
    last: int | None = 0
    while last is not None:
        begin_write()
        last = find_again(last, 200)
        db.session.commit()
    click.echo("Students are found by what is recorded of them now.")


@people.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("organisation")
def grant(email: str, role: str, organisation: str) -> None:
    """Give EMAIL a ROLE at ORGANISATION (its number): for the first delegated authoriser, who then gives the rest."""
    if "@" not in email:
        raise click.ClickException(f"{email} is not an e-mail address.")
    begin_write()
    found = actions.organisation_for(Role(role), organisation)
    if found is None:
        raise click.ClickException(f"There is no organisation with the number {organisation}.")
    person = queries.person_by_email(email) or actions.add_person(name=email.partition("@")[0], email=email)
    if any(held.organisation_id == found.id and held.role == role for held in queries.roles_of(person.id)):
        raise click.ClickException(f"{person.email} has that role already.")
    try:
        actions.grant_role(person, found, Role(role), source=Source.PERSON, by=None)
    except Refused as refusal:
        raise click.ClickException(refusal.why) from refusal
    db.session.commit()
    click.echo(f"{person.email} is {Role(role).value} at {found.name} from now on.")


@contextmanager
def _in_plain_words() -> Iterator[None]:
    try:
        yield
    except NotDone as reason:
        raise click.ClickException(str(reason)) from reason
    except OSError as reason:
        raise click.ClickException(f"It could not be done: {reason.strerror or reason}.") from reason


def _settings() -> Settings:
    return current_app.extensions["settings"]  # type: ignore[no-any-return]


def _database() -> Database:
    return database_of(_settings().database_url)


def _objects(*, make: bool = False) -> Objects:
    folder = _settings().storage_folder
    if folder and make:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder and not folder.is_dir():
        raise NotDone(f"STORAGE names {folder}, which is no folder. Nothing was done.")
    return Objects(the_store())


def _contents(made: Manifest) -> str:
    return f"{made.rows:,} rows in {len(made.tables)} tables, {made.files.count:,} files"


def _tell_lacking(made: Manifest) -> None:
    if made.files.missing:
        click.echo(f"{made.files.missing:,} files were not in the storage when the backup was made, only their names.")
    if made.files.damaged:
        click.echo(f"{made.files.damaged:,} files were damaged in the storage when the backup was made.")


def _go_on(made: Manifest) -> None:
    """What else to do, after a restore."""
    if made.revision != rehearsing.head():
        schema.upgrade(_settings().database_url)
        click.echo(f"The schema was brought from {made.revision} to {rehearsing.head()}.")
    if waiting := outbox.waiting():
        click.echo(f"{waiting:,} mails waited when the backup was made: they are sent now, perhaps a second time.")
    click.echo("Start Waharoa with the SECRET_KEY it had: with another one everybody has to sign in again.")
