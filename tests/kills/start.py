"""The portal's own web and worker, with an order to die at a named point: `tests.kills.start:app` for gunicorn,
`python -m tests.kills.start` for the worker. The real functions are wrapped from outside; then the real start goes on.

Environment: KILLS names a folder. A file `order` in it says where and whom to kill (“row commit begins, master”); it is
renamed to `killed` in the moment before, so that it happens once and the test knows that it did. KILLS_LEASE and
KILLS_BUSY shorten, in seconds, how long a claim lasts and how long a write waits for another one."""

import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from pathlib import Path
from typing import Any

from flask import has_request_context, request
from flask.cli import main
from sqlalchemy.orm import Session

from app.attendance.marks import carrying as marks_carrying
from app.attendance.marks import claiming as marks_claiming
from app.attendance.marks import comparing, keeping, taking
from app.core import claims, connections, once, outbox
from app.core.files.store import Store
from app.core.jobs import Jobs
from app.core.web import limits
from app.letters import binding, carrying, claiming, rendering
from app.letters.emails import claiming as email_claiming
from app.letters.emails import sending as email_sending
from tests.kills.points import Point, Whom

FOLDER = Path(os.environ["KILLS"])
Function = Callable[..., Any]


def die_at(point: Point) -> None:
    try:
        where, _, whom = (FOLDER / "order").read_text().partition(", ")
        if where != point:
            return
        (FOLDER / "order").rename(FOLDER / "killed")
    except FileNotFoundError:
        return
    os.kill(os.getppid() if whom == Whom.MASTER else os.getpid(), signal.SIGKILL)


def before(point: Point, home: Any, name: str) -> None:
    function: Function = getattr(home, name)

    @wraps(function)
    def wrapped(*args: Any, **more: Any) -> Any:
        die_at(point)
        return function(*args, **more)

    setattr(home, name, wrapped)


def after(point: Point, home: Any, name: str) -> None:
    function: Function = getattr(home, name)

    @wraps(function)
    def wrapped(*args: Any, **more: Any) -> Any:
        result = function(*args, **more)
        die_at(point)
        return result

    setattr(home, name, wrapped)


def around_commit_of_a_form() -> None:
    commit = Session.commit

    def wrapped(self: Session) -> None:
        is_form = has_request_context() and request.method == "POST"
        if is_form:
            die_at(Point.COMMIT_BEGINS)
        commit(self)
        if is_form:
            die_at(Point.COMMITTED)

    Session.commit = wrapped  # type: ignore[method-assign]


after(Point.KEY, once, "claim")
after(Point.OBJECT_PUT, Store, "put")
around_commit_of_a_form()
after(Point.ENQUEUED, Jobs, "wake")
after(Point.CLAIMED, claims, "claim")
before(Point.MARK_DONE, outbox, "_mark")
after(Point.LETTER_CLAIMED, claiming, "claim")
after(Point.LETTER_FILED, rendering, "add")
after(Point.LETTER_KEPT, rendering, "_keep")
after(Point.EMAIL_CLAIMED, email_claiming, "claim")
before(Point.EMAIL_TAKEN, email_sending, "taken")
after(Point.BATCH_ASKED, carrying, "ask_some")
after(Point.BATCH_MADE, carrying, "make_some")
before(Point.BATCH_BOUND, binding, "_keep")
after(Point.MARKS_READ, taking, "add_weeks")
after(Point.MARKS_KEPT, marks_carrying, "keep_some")
after(Point.MARKS_BACK, marks_carrying, "put_some_back")
vars(keeping)["A_BITE"] = comparing.A_BITE = 2
marks_claiming.LEASE = timedelta(seconds=float(os.environ.get("KILLS_LEASE", "300")))
binding.LEASE = timedelta(seconds=float(os.environ.get("KILLS_LEASE", "300")))
claiming.LEASE = timedelta(seconds=float(os.environ.get("KILLS_LEASE", "60")))
claims.LEASE = email_claiming.LEASE = timedelta(seconds=float(os.environ.get("KILLS_LEASE", "300")))
limits.TRIES = limits.SAVES = "100000 per minute"
connections.BUSY_MILLISECONDS = int(float(os.environ.get("KILLS_BUSY", "10")) * 1000)

if __name__ == "__main__":
    sys.argv = ["flask", "--app", "wsgi", "worker"]
    main()
else:
    from wsgi import app  # noqa: F401 (gunicorn takes it from here)
