"""The portal at work on a country, started as `make serve` starts it; and people who are signed in there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
from flask import Flask

from app import create_app
from app.core.db import begin_write, db
from app.core.security import csrf_token
from app.people.actions import Limits, start_sign_in
from app.people.models import RoleHeld
from app.settings import Settings
from bench.country import Environment, country
from scripts import portal
from scripts.parts import Parts

LONG = Limits(idle=timedelta(hours=12), absolute=timedelta(hours=24))


@dataclass(frozen=True)
class SignedIn:
    """Somebody at a browser: what it sends as Cookie, and the token that their forms carry."""

    held_id: int
    person_id: int
    organisation_id: int
    cookie: str
    csrf: str


@dataclass(frozen=True)
class Site:
    """Where it is, and an application on the same database to look and to sign people in with."""

    environment: Environment
    app: Flask
    parts: Parts

    @property
    def url(self) -> str:
        return self.environment["PUBLIC_URL"]

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def sign_in(self, held: RoleHeld) -> SignedIn:
        """For longer than any run; what must be committed is committed. Within an app context."""
        settings = self.app.extensions["settings"]
        begin_write()
        token = start_sign_in(held, limits=LONG, issuer=settings.oidc_issuer)
        db.session.commit()
        signed = self.app.session_interface.get_signing_serializer(self.app).dumps({"token": token})  # type: ignore[attr-defined]
        csrf = csrf_token(settings.secret_key, held.person_id)
        return SignedIn(held.id, held.person_id, held.organisation_id, f"{settings.session_cookie}={signed}", csrf)


@contextmanager
def served(kind: str, cases: int) -> Iterator[Site]:
    """Web and worker as `make serve` starts them, ended cleanly. What they mail is taken, by a real receiver."""
    with country(kind, cases) as environment:
        parts = Parts(Path(environment["DEMO_DIR"]) / "run.log")
        with application(environment) as app, receiver(environment):
            try:
                portal.start(parts, environment, with_demonstration=False)
                yield Site(environment, app, parts)
            finally:
                parts.end()


@contextmanager
def application(environment: Environment) -> Iterator[Flask]:
    """One that lets go of the database at the end."""
    app = create_app(Settings.from_env(environment))
    yield app
    with app.app_context():
        db.engine.dispose()


@contextmanager
def receiver(environment: Environment) -> Iterator[None]:
    """Where SMTP_URL leads: each mail is taken and forgotten."""
    taking = Controller(Sink(), hostname="127.0.0.1", port=int(environment["DEMO_SMTP_PORT"]))
    taking.start()
    try:
        yield
    finally:
        taking.stop()
