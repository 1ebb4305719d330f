"""What happens to a portal behind its pages: time that passes, and what its operator does on the command line."""

import subprocess
from datetime import timedelta

from sqlalchemy import create_engine, insert, select, update

from app.core import clock
from app.people.models import Kind, Organisation, Person, RoleHeld
from scripts.parts import ROOT
from scripts.portal import FLASK
from tests.support.portals import Portal


def long_ago(portal: Portal, name: str) -> None:
    """This person's roles were given so long ago that somebody should look at them again."""
    whose = select(Person.id).where(Person.name == name).scalar_subquery()
    given = update(RoleHeld).where(RoleHeld.person_id == whose).values(given_at=clock.now() - timedelta(days=400))
    engine = create_engine(portal.environment["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(given)
    engine.dispose()


def has_an_operator(portal: Portal, email: str) -> None:
    """The demonstration has none: this person is, from now on."""
    engine = create_engine(portal.environment["DATABASE_URL"])
    with engine.begin() as connection:
        connection.execute(
            insert(Organisation).values(kind=Kind.OPERATOR, number="O01", name="Whoever runs the portal")
        )
    engine.dispose()
    grant = [*FLASK, "people", "grant", email, "operator", "O01"]
    subprocess.run(grant, cwd=ROOT, env=portal.environment, check=True, capture_output=True)
