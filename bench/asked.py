"""From the press of a button to the letter: the portal's own page, its worker in a process of its own, one SQLite file."""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from app import create_app
from app.cases.models import Case
from app.core.db import begin_write, db
from app.core.security import csrf_token, random_token
from app.letters.models import Letter
from app.people.actions import Limits, start_sign_in
from app.people.models import Person
from app.people.queries import roles_of
from app.settings import Settings
from app.students.models import Caregiver
from bench import report
from scripts import portal
from scripts.parts import Parts

WARM = 15
PATIENCE = 60.0
"""Seconds until a letter that does not come is given up."""
WHO = "Ana Tuhoro"
"""Of whose cases everything is known that a letter needs (`demo/data_letters.py`)."""


def measure() -> None:
    with tempfile.TemporaryDirectory() as name, _portal(Path(name)) as app:
        with app.app_context():
            address, person_id, client = _at_the_desk(app)
        first, *warm = [_seconds(app, client, address, person_id) for _ in range(1 + WARM)]
    report.line("letter_asked", first_ms=round(first * 1000), done_ms=round(report.middle(warm) * 1000))


@contextmanager
def _portal(folder: Path) -> Iterator[Flask]:
    """The demonstration's data, and the worker; the web's part is played in this process."""
    environment = portal.demonstration_environment(folder, portal.Ports.from_first(8000)) | {"LOG_LEVEL": "WARNING"}
    portal.prepare(environment, with_people=True)
    parts = Parts(folder / "log")
    parts.start("worker", [*portal.FLASK, "worker"], environment)
    try:
        yield create_app(Settings.from_env(environment))
    finally:
        parts.end()


def _at_the_desk(app: Flask) -> tuple[str, int, FlaskClient]:
    """Where the button of a letter that is ready stands, who presses it, and their browser."""
    begin_write()
    person = db.session.scalars(select(Person).where(Person.name == WHO)).one()
    limits = Limits(idle=timedelta(minutes=30), absolute=timedelta(hours=12))
    token = start_sign_in(roles_of(person.id)[0], limits=limits, issuer=app.extensions["settings"].oidc_issuer)
    ready = select(Case.number, Caregiver.public_id).join(Caregiver, Caregiver.student_id == Case.student_id)
    number, caregiver = db.session.execute(ready.where(Caregiver.has_responsibility.is_(True))).first() or ("", "")
    db.session.commit()
    client = app.test_client()
    with client.session_transaction(base_url=app.extensions["settings"].public_url) as session:
        session["token"] = token
    return f"/workspace/cases/{number}/letters/to/{caregiver}", person.id, client


def _seconds(app: Flask, client: FlaskClient, address: str, person_id: int) -> float:
    """From the press until the row is done."""
    settings = app.extensions["settings"]
    form = {"csrf_token": csrf_token(settings.secret_key, person_id), "once": random_token()}
    began = time.perf_counter()
    answer = client.post(address, data=form, base_url=settings.public_url, headers={"Origin": settings.public_url})
    letter = answer.location.rpartition("/")[2]
    while not _is_done(app, letter):
        if time.perf_counter() - began > PATIENCE:
            raise TimeoutError("the letter does not come")
        time.sleep(0.01)
    return time.perf_counter() - began


def _is_done(app: Flask, letter: str) -> bool:
    with app.app_context():
        found = db.session.execute(select(Letter.rendered_at, Letter.fault).where(Letter.public_id == letter)).one()
    if found.fault:
        raise RuntimeError(found.fault)
    return found.rendered_at is not None
