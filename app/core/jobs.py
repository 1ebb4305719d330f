"""The worker: huey wakes it and keeps the timetable; what there is to do stands in the database.

Each kind of work has a thread of its own, and huey's does nothing but tell them: letters do not wait behind a mail
server that hangs."""

import logging
import sqlite3
import time
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from threading import Event, Thread
from typing import Any

import psycopg
from flask import Flask
from huey import PostgresHuey, SqliteHuey, crontab
from huey.consumer import Consumer
from huey.storage import BaseSqlStorage
from sqlalchemy import String, make_url, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.connections import CONNECT_SECONDS
from app.core.db import Base, begin_write, db, inserting

HEARTBEAT_LATE = timedelta(seconds=150)
NAP_SECONDS = 0.04
"""Between two looks into a queue that cannot wake anybody, which is a file: a look costs a tenth of a millisecond."""
GRACE_SECONDS = 3.0
"""What is being done when the worker is ended may take so much longer."""
IN_DATABASE = "database"
"""As the queue's file: the queue stands in PostgreSQL, in a schema of its own that no migration knows."""
SCHEMA = "waharoa_queue"
IS_SCHEMA = "SELECT 1 FROM pg_namespace WHERE nspname = %s"
OUT_OF_ORDER = (OSError, sqlite3.Error, psycopg.Error)
Work = Callable[[], object]


class Heartbeat(Base):
    """When a part last said that it is alive."""

    __tablename__ = "heartbeat"

    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class Rounds:
    """A thread that carries out one kind of work each time it is told to; told twice meanwhile, once more."""

    def __init__(self, app: Flask, name: str, work: Work, *, beats: bool = True) -> None:
        """With `beats` each round is a sign of life of the worker."""
        self._app, self._work, self._beats = app, work, beats
        self._told = Event()
        self._is_over = False
        self._thread = Thread(target=self._go_on, name=name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def tell(self) -> None:
        self._told.set()

    def end(self, latest: float) -> None:
        """Let it finish, until that time of `time.monotonic`; what it is at by then its lease gives to the next worker."""
        self._is_over = True
        self._told.set()
        self._thread.join(max(0.0, latest - time.monotonic()))

    def carry_out(self) -> None:
        """A database that is gone is back at the next round, or the one after."""
        with self._app.app_context():
            try:
                if self._beats:
                    beat("worker")
                self._work()
            except DBAPIError as error:
                self._app.logger.error("database", extra={"cause": type(error.orig).__name__})  # noqa: TRY400 (no places in the code)
            except Exception:
                self._app.logger.exception("a round failed")

    def _go_on(self) -> None:
        while self._told.wait() and not self._is_over:
            self._told.clear()
            self.carry_out()


class Jobs:
    """The queue and what stands on it: do what is due, and tidy. What is in the queue may be lost at any time."""

    def __init__(
        self,
        app: Flask,
        queue_file: str,
        *,
        database_url: str = "",
        work: Work,
        others: Mapping[str, Work],
        tidying: Work,
    ) -> None:
        """`others` are kinds of work that do not wait for `work`, nor for each other, by their names."""
        self.huey = _in_postgresql(database_url) if queue_file == IN_DATABASE else _in_file(queue_file)
        self._app = app
        beside = (Rounds(app, name, other, beats=False) for name, other in others.items())
        self._due = (Rounds(app, "due", work), *beside)
        self._tidying = Rounds(app, "tidying", tidying)
        self._is_made = False
        self._wake = self.huey.task(retries=0)(self._tell)
        self.huey.periodic_task(crontab(), retries=0, name="tick")(self._tell)
        self.huey.periodic_task(crontab(minute="*/10"), retries=0, name="tidying")(self._tidying.tell)

    def wake(self, *, is_due: bool = True) -> None:
        """Tell the worker that something is due, or nothing; a queue that cannot be reached costs a minute, no more."""
        if is_due and not (self._wakes() or self._wakes()):  # again: a connection that has gone is made anew
            self._app.logger.warning("worker not woken")

    def run(self) -> None:
        """Work until ended by a signal; wait for a queue that cannot be reached."""
        _log_like(self._app.logger)
        while not self._wakes():
            self._app.logger.error("the queue cannot be reached")
            time.sleep(2)
        everything = (*self._due, self._tidying)
        for rounds in everything:
            rounds.start()
        nap = 5 if self.huey.storage.blocking else NAP_SECONDS
        Consumer(self.huey, workers=1, initial_delay=min(nap, 0.1), max_delay=nap).run()
        latest = time.monotonic() + GRACE_SECONDS
        for rounds in everything:
            rounds.end(latest)

    def _wakes(self) -> bool:
        try:
            if not self._is_made:
                self._make()
            self._wake()
        except OUT_OF_ORDER:
            return False
        return True

    def _make(self) -> None:
        storage = self.huey.storage
        if isinstance(self.huey, PostgresHuey) and not storage.sql(IS_SCHEMA, (SCHEMA,), results=True):
            storage.sql(f"CREATE SCHEMA {SCHEMA}")
        if isinstance(storage, BaseSqlStorage):
            storage.initialize_schema()
        self._is_made = True

    def _tell(self) -> None:
        for rounds in self._due:
            rounds.tell()


def beat(part: str) -> None:
    """Of two that say so at the same moment neither fails."""
    begin_write()
    at = clock.now()
    alive = inserting(Heartbeat).values(part=part, at=at)
    db.session.execute(alive.on_conflict_do_update(index_elements=[Heartbeat.part], set_={"at": at}))
    db.session.commit()


def is_due_again(part: str, every: timedelta) -> bool:
    """So often at most, whoever asks; who is told so carries it out, and nobody else until then."""
    is_early = heard_since(part, clock.now() - every)
    db.session.rollback()
    if not is_early:
        beat(part)
    return not is_early


def is_alive(part: str) -> bool:
    return heard_since(part, clock.now() - HEARTBEAT_LATE)


def heard_since(part: str, then: datetime) -> bool:
    at = db.session.scalar(select(Heartbeat.at).where(Heartbeat.part == part))
    return at is not None and at > then


def _in_file(name: str) -> Any:
    return SqliteHuey("waharoa", filename=name, results=False, create_tables=False)


def _in_postgresql(database_url: str) -> Any:
    """It wakes at once, by LISTEN and NOTIFY."""
    dsn = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    options = {"connect_timeout": CONNECT_SECONDS, "options": f"-c search_path={SCHEMA}"}
    return PostgresHuey("waharoa", dsn=dsn, results=False, create_tables=False, **options)


def _log_like(logger: logging.Logger) -> None:
    """What huey has to say goes where the portal's own lines go, without the messages of errors."""
    theirs = logging.getLogger("huey")
    theirs.handlers = logger.handlers
    theirs.setLevel(logging.WARNING)
    theirs.propagate = False
