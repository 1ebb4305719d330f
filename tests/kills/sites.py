"""A portal of real processes on a small world, and a person at it who sends a form until it is answered."""

import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from urllib.parse import urlencode

from flask import Flask
from sqlalchemy import func, select, update

from app import create_app
from app.cases.entries import Entry
from app.core import clock
from app.core.db import begin_write, db
from app.core.events import Outbox
from app.core.files.stored import StoredFile
from app.core.jobs import Heartbeat, beat
from app.core.security import csrf_token, random_token
from app.people.actions import start_sign_in
from app.people.models import RoleHeld
from app.people.queries import Actor
from scripts import portal
from scripts.parts import free_ports
from tests import make
from tests.kills.points import Point, Whom
from tests.kills.warm import WarmParts
from tests.support.client import LIMITS
from tests.support.settings import closed, settings_for

PATIENCE = 60.0
READY_SECONDS = 10.0
WORKER = [sys.executable, "-m", "tests.kills.start"]


Form = dict[str, str]


@dataclass(frozen=True)
class Prepared:
    """What was committed before any part starts: a world, and Ana's case in it."""

    world: make.World
    number: str


@dataclass(frozen=True)
class Answer:
    status: int
    text: str
    location: str = ""


@dataclass
class Site:
    """Its parts are started and killed by the test; what is in its database the test reads by itself."""

    app: Flask
    environment: dict[str, str]
    folder: Path
    prepared: Prepared
    parts: WarmParts
    cookies: dict[int, str] = field(default_factory=dict)
    usual: float = PATIENCE

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    def start_web(self) -> None:
        command = [*portal.web_command(self.environment)[:-1], "--workers", "1", "tests.kills.start:app"]
        self.begin("web", command)

    def begin(self, name: str, command: list[str]) -> None:
        """Start this part, and see how long it takes on this machine, as busy as it is, until the portal is ready."""
        began = time.monotonic()
        self.parts.start(name, command, self.environment)
        self._beat()
        self.until(self.is_ready)
        self.usual = time.monotonic() - began

    def start_worker(self, name: str = "worker", **more: str) -> int:
        """Its process id."""
        self.parts.start(name, WORKER, {**self.environment, **more})
        return self.parts.running[name].pid

    def wait_until_ready(self, is_new: Callable[[], bool] = lambda: True) -> None:
        """Readiness is said within ten seconds; on a machine on which an undisturbed start takes longer than that, within
        twice as long as that. `is_new` tells the new parts from what is left of the old ones."""
        self._beat()
        self.until(lambda: is_new() and self.is_ready(), max(READY_SECONDS, 2 * self.usual))

    def is_ready(self) -> bool:
        return self.ask("/readyz").status == 200

    def order(self, point: Point, whom: Whom = Whom.ITSELF) -> None:
        (self.folder / "killed").unlink(missing_ok=True)
        (self.folder / "order").write_text(f"{point}, {whom}")

    def was_killed(self) -> bool:
        return (self.folder / "killed").exists()

    def ask(
        self, path: str, who: Actor | None = None, form: Form | None = None, file: tuple[str, str] | None = None
    ) -> Answer:
        """One request, with a form or (with a file: its name and text) a form of several parts; status 0 where no answer
        came."""
        headers = {"Host": "localhost:8000", "Origin": self.environment["PUBLIC_URL"], "Connection": "close"}
        if who:
            headers["Cookie"] = self.cookies.get(who.person_id) or self._sign_in(who)
        body, headers["Content-Type"] = _encoded(form or {}, file)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            connection.request("GET" if form is None else "POST", path, body, headers)
            got = connection.getresponse()
            return Answer(got.status, got.read().decode(), got.headers.get("Location", ""))
        except (OSError, HTTPException):
            return Answer(0, "")
        finally:
            connection.close()

    def note(self, body: str) -> Form:
        """The form of a note by Ana, with its once-only key."""
        token = csrf_token(self.environment["SECRET_KEY"], self.prepared.world.ana.person_id)
        return {"body": body, "audience": "service", "once": random_token(), "csrf_token": token}

    def send(self, form: Form, file: tuple[str, str] | None = None) -> Answer:
        return self.ask(f"/workspace/cases/{self.prepared.number}/comments", self.prepared.world.ana, form, file)

    def send_until_answered(self, form: Form, file: tuple[str, str] | None = None) -> Answer:
        """As a person does: the same form again, until the portal takes it."""
        answers: list[Answer] = []

        def is_taken() -> bool:
            answers.append(self.send(form, file))
            return answers[-1].status == 303

        self.until(is_taken)
        return answers[-1]

    def count_of(self, body: str) -> int:
        with self.app.app_context():
            return db.session.scalar(select(func.count()).select_from(Entry).where(Entry.body == body)) or 0

    def until(self, is_so: Callable[[], bool], seconds: float = PATIENCE) -> None:
        """Wait for it; raises `AssertionError` with the parts' last words."""
        latest = time.monotonic() + seconds
        while not is_so():
            assert time.monotonic() < latest, f"not within {seconds:.0f} s:\n{self.parts.last_words(40)}"
            time.sleep(0.05)

    def mails(self) -> list[Outbox]:
        with self.app.app_context():
            rows = list(db.session.scalars(select(Outbox).where(Outbox.channel == "app+email").order_by(Outbox.id)))
            db.session.expunge_all()
        return rows

    def make_mails(self, pupil: str = "ng") -> int:
        """Something happens of which people are told by mail; how many mails are due now."""
        world = self.prepared.world
        with self.app.app_context():
            begin_write()
            by, whose = (world.priya, world.ng) if pupil == "ng" else (world.sione, world.other)
            make.submitted(by, whose, contact=world.tom if pupil == "ng" else world.jin)
            db.session.commit()
        return sum(1 for row in self.mails() if not row.done_at)

    def make_more_mails(self, times: int) -> int:
        """The same of so many other cases: of one case they would leave together. How many mails are due now in all."""
        world = self.prepared.world
        with self.app.app_context():
            begin_write()
            for number in range(times):
                pupil = make.student(f"Another {chr(ord('A') + number)}ria", world.tawa)
                make.submitted(world.priya, pupil, contact=world.tom)
            db.session.commit()
        return len({(row.person_id, row.case_id) for row in self.mails() if not row.done_at})

    def round(self) -> None:
        """Wake the worker and wait until it has been round."""
        before = self._heard()
        self.app.extensions["jobs"].wake()
        self.until(lambda: self._heard() != before)

    def _beat(self) -> None:
        """As a worker would, which the test need not start."""
        with self.app.app_context():
            beat("worker")

    def _heard(self) -> object:
        with self.app.app_context():
            return db.session.scalar(select(Heartbeat.at).where(Heartbeat.part == "worker"))

    def _sign_in(self, who: Actor) -> str:
        with self.app.app_context():
            begin_write()
            held = db.session.get_one(RoleHeld, who.role_held_id)
            token = start_sign_in(held, limits=LIMITS, issuer=self.environment["OIDC_ISSUER"])
            db.session.commit()
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined]
        name = self.app.config["SESSION_COOKIE_NAME"]
        self.cookies[who.person_id] = f"{name}={serializer.dumps({'token': token})}"
        return self.cookies[who.person_id]


def _encoded(form: Form, file: tuple[str, str] | None) -> tuple[str, str]:
    """Body and content type."""
    if file is None:
        return urlencode(form), "application/x-www-form-urlencoded"
    name, content = file
    head = '--PART\r\nContent-Disposition: form-data; name="{}"'
    parts = [f"{head.format(key)}\r\n\r\n{value}\r\n" for key, value in form.items()]
    sent = f'{head.format("files")}; filename="{name}"\r\nContent-Type: text/plain\r\n\r\n{content}\r\n'
    return "".join([*parts, sent, "--PART--\r\n"]), "multipart/form-data; boundary=PART"


def let_everything_age(site: Site) -> None:
    """As after two days, for objects and rows of files; what belongs to something stays all the same."""
    for file in (each for each in (site.folder / "files").rglob("*") if each.is_file()):
        os.utime(file, (0, 0))
    begin_write()
    db.session.execute(update(StoredFile).values(at=clock.now() - timedelta(days=2)))
    db.session.commit()


def prepare(url: str, folder: Path) -> Prepared:
    """A world of which nobody has to be told any more."""
    with closed(create_app(settings_for(url, folder))) as app, app.app_context():
        world = make.world()
        number = make.open_case(world).number
        db.session.execute(update(Outbox).values(done_at=Outbox.made_at, result="before"))
        db.session.commit()
    return Prepared(world, number)


def copied(template: tuple[str, Prepared], folder: Path) -> str:
    """The address of a prepared SQLite file, copied into this folder."""
    shutil.copyfile(template[0], folder / "waharoa.sqlite")
    return f"sqlite:///{folder / 'waharoa.sqlite'}"


@contextmanager
def site(url: str, folder: Path, prepared: Prepared, **more: str) -> Iterator[Site]:
    """One on this database; ends whatever the test has started there."""
    (folder / "files").mkdir()
    settings = settings_for(url, folder, **more)
    names = settings.__dataclass_fields__
    given = {name.upper(): str(getattr(settings, name)) for name in names if getattr(settings, name) != ""}
    own = {"PORT": str(free_ports(1)[0]), "KILLS": str(folder), "PYTHONUNBUFFERED": "1", "PATH": "/usr/bin:/bin"}
    parts = WarmParts(folder / "run.log")
    parts.log.touch()
    with closed(create_app(settings)) as app:
        try:
            yield Site(app, {**given, **own, **more}, folder, prepared, parts)
        finally:
            parts.end()
            app.extensions["jobs"].huey.storage.close()
