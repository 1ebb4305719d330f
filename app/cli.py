"""Commands for the operator: `flask db-upgrade`, `flask worker`, `flask people grant`."""

import click
from flask import Flask, current_app
from flask.cli import AppGroup

from app.core import schema
from app.core.db import begin_write, db
from app.core.errors import Refused
from app.people import actions, queries
from app.people.models import Role, Source

people = AppGroup("people", help="People and their roles.")


def set_up(app: Flask) -> None:
    for command in (db_upgrade, worker, people):
        app.cli.add_command(command)


@click.command("db-upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest schema."""
    schema.upgrade(current_app.extensions["settings"].database_url)


@click.command("worker")
def worker() -> None:
    """Send what is due, until ended."""
    current_app.extensions["jobs"].run()


@people.command("grant")
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
@click.argument("organisation")
def grant(email: str, role: str, organisation: str) -> None:
    """Give EMAIL a ROLE at ORGANISATION (its number): for the first delegated authoriser, who then gives the rest."""
    if "@" not in email:
        raise click.ClickException(f"{email} is not an e-mail address.")
    begin_write()
    found = queries.organisation_by_number(organisation)
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
