"""A portal that is tried again and again, here or in a process of its own: `elsewhere.submit(tried, 60).result()`."""

import logging
import multiprocessing
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

from flask import Flask

from app import create_app
from app.core.web.logs import JsonLines
from tests.support.settings import settings_for

_portals: list[Flask] = []


@contextmanager
def process_of_its_own() -> Iterator[Executor]:
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as elsewhere:
        yield elsewhere


def start(folder: Path, **settings: str) -> None:
    """From now on this process tries this portal; what is tried is answered before a database is asked."""
    _portals[:] = [create_app(settings_for("sqlite://", folder, **{"LOG_LEVEL": "WARNING", **settings}))]


def tried(times: int) -> list[int]:
    """How these tries were answered: each answer once, in order."""
    app = _portals[0]
    client, address = app.test_client(), app.extensions["settings"].public_url
    answers = [client.get("/sign-in/no-access", base_url=address) for _ in range(times)]
    return list(dict.fromkeys(answer.status_code for answer in answers))


def logged() -> StringIO:
    """What this portal logs from now on."""
    log = StringIO()
    handler = logging.StreamHandler(log)
    handler.setFormatter(JsonLines())
    _portals[0].logger.addHandler(handler)
    return log
