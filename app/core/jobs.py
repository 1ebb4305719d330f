"""The worker: huey wakes it and keeps the timetable; what there is to do stands in the database."""

import sqlite3
from collections.abc import Callable
from datetime import datetime, timedelta

from flask import Flask
from huey import SqliteHuey, crontab
from huey.consumer import Consumer
from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock
from app.core.db import Base, begin_write, db

HEARTBEAT_LATE = timedelta(seconds=150)
Work = Callable[[], object]


class Heartbeat(Base):
    """When a part last said that it is alive."""

    __tablename__ = "heartbeat"

    part: Mapped[str] = mapped_column(String(40), primary_key=True)
    at: Mapped[datetime]


class Jobs:
    """The queue and what stands on it: do what is due, and tidy."""

    def __init__(self, app: Flask, queue_file: str, *, work: Work, tidying: Work) -> None:
        self.huey = SqliteHuey("waharoa", filename=queue_file, results=False)
        self._app = app
        self._work = work
        self._tidying = tidying
        self._wake = self.huey.task(retries=0)(self._carry_out)
        self.huey.periodic_task(crontab(), retries=0, name="tick")(self._carry_out)
        self.huey.periodic_task(crontab(minute="*/10"), retries=0, name="tidying")(self._tidy)

    def wake(self) -> None:
        """Tell the worker that something is due; a queue that cannot be reached costs a minute, nothing more."""
        try:
            self._wake()
        except (OSError, sqlite3.Error):
            self._app.logger.warning("worker not woken")

    def run(self) -> None:
        """Work until ended by a signal."""
        self._carry_out()
        Consumer(self.huey, workers=1, max_delay=0.2).run()

    def _carry_out(self) -> None:
        with self._app.app_context():
            beat("worker")
            self._work()

    def _tidy(self) -> None:
        with self._app.app_context():
            self._tidying()


def beat(part: str) -> None:
    begin_write()
    db.session.merge(Heartbeat(part=part, at=clock.now()))
    db.session.commit()


def is_alive(part: str) -> bool:
    at = db.session.scalar(select(Heartbeat.at).where(Heartbeat.part == part))
    return at is not None and clock.now() - at < HEARTBEAT_LATE
