"""The portal at work on a country, as `make serve` runs it; and people who are signed in there."""

import sys
import time
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
END_SECONDS = 20.0


@dataclass(frozen=True)
class SignedIn:
    """Somebody at a browser: what it sends as Cookie, the token that is signed in it, and the one that forms carry."""

    held_id: int
    person_id: int
    organisation_id: int
    cookie: str
    token: str
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
        """For longer than any run, and committed. Within an app context."""
        settings = self.app.extensions["settings"]
        begin_write()
        token = start_sign_in(held, limits=LONG, issuer=settings.oidc_issuer)
        db.session.commit()
        signed = self.app.session_interface.get_signing_serializer(self.app).dumps({"token": token})  # type: ignore[attr-defined]
        cookie = f"{settings.session_cookie}={signed}"
        csrf = csrf_token(settings.secret_key, held.person_id)
        return SignedIn(held.id, held.person_id, held.organisation_id, cookie, token, csrf)

    def web_workers(self) -> list[int]:
        """The processes that answer: the children of the one that listens."""
        below = _children(self.parts.running["serve"].pid)
        return [worker for listening in below if _is_web(listening) for worker in _children(listening)]


@contextmanager
def served(kind: str, cases: int) -> Iterator[Site]:
    """`make serve` on a copy of this country, ended cleanly. What it mails is taken by a real receiver."""
    with country(kind, cases) as environment, _application(environment) as app, _receiver(environment):
        parts = Parts(Path(environment["DEMO_DIR"]) / "serve.log")
        try:
            parts.start("serve", [sys.executable, "-m", "scripts.run", "serve"], environment)
            _wait(parts)
            yield Site(environment, app, parts)
        finally:
            _end(parts)


@contextmanager
def _application(environment: Environment) -> Iterator[Flask]:
    """It lets go of the database at the end."""
    app = create_app(Settings.from_env(environment))
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()


@contextmanager
def _receiver(environment: Environment) -> Iterator[None]:
    """Where SMTP_URL leads: each mail is taken and forgotten."""
    taking = Controller(Sink(), hostname="127.0.0.1", port=int(environment["DEMO_SMTP_PORT"]))
    taking.start()
    try:
        yield
    finally:
        taking.stop()


def _wait(parts: Parts) -> None:
    """It says when the portal is ready, and ends by itself where that does not happen."""
    while "Waharoa answers" not in parts.log.read_text():
        if parts.dead():
            raise portal.NotStarted(f"`make serve` ended:\n{parts.last_words()}")
        time.sleep(0.1)


def _end(parts: Parts) -> None:
    """It ends its own parts first, and has the time to."""
    for process in parts.running.values():
        process.terminate()
        process.wait(END_SECONDS)
    parts.end()


def _children(pid: int) -> list[int]:
    return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def _is_web(pid: int) -> bool:
    return b"gunicorn" in Path(f"/proc/{pid}/cmdline").read_bytes()
