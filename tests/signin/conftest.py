"""Each sign-in server is started once for a session, when a test first asks for it."""

import logging
from collections.abc import Iterator
from io import StringIO

import pytest
from flask import Flask

from app.core.db import db
from app.core.web.logs import JsonLines
from app.people.actions import add_person, grant_role
from app.people.models import Kind, Organisation, Role, Source
from tests.signin.peers import Certified, Hostile, certified_server, hostile_server
from tests.support.client import Client

CLIENT_ID, CLIENT_SECRET = "waharoa", "for tests only"


@pytest.fixture(scope="session")
def hostile_peer() -> Iterator[Hostile]:
    with hostile_server() as server:
        yield server


@pytest.fixture(scope="session")
def certified_peer() -> Iterator[Certified]:
    with certified_server(CLIENT_ID, CLIENT_SECRET) as server:
        yield server


@pytest.fixture
def logged(app: Flask) -> StringIO:
    """What the portal logs from now on, as it is written."""
    written = StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    app.logger.addHandler(handler)
    return written


@pytest.fixture
def places(client: Client) -> Client:
    """A school 9001 with a delegated authoriser, a service S01; the client that goes there."""
    client.outside(_two_organisations)
    return client


def _two_organisations() -> None:
    school = Organisation(kind=Kind.SCHOOL, number="9001", name="Tawa Awa College")
    service = Organisation(kind=Kind.SERVICE, number="S01", name="Te Awa Attendance Service")
    db.session.add_all([school, service])
    db.session.flush()
    hana = add_person(name="Hana Parata", email="hana@tawa-awa.example")
    grant_role(hana, school, Role.DELEGATED_AUTHORISER, source=Source.PERSON, by=None)
