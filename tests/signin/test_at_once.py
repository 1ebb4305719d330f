"""The same person comes in twice at once, in two windows or by a double click: nobody is turned away by an error."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar

import pytest
from flask import Flask
from sqlalchemy import select

from app.core.db import begin_write, db
from app.people import actions, queries
from app.people.models import Identity, Person, Role, RoleHeld, SignIn
from app.signin.arrivals import Cause, Turned, arrive
from app.signin.extension import limits
from app.signin.rules import Rule, Rules
from tests.support.client import Client

ISSUER, EMAIL = "http://localhost:8001", "new@tawa-awa.example"
RULES = Rules((Rule("roles", "prefix", "", "{number}", "{role}"),))
Claims = dict[str, object]
T = TypeVar("T")


def claims(subject: str = "new", *roles: str) -> Claims:
    return {"sub": subject, "email": EMAIL, "email_verified": True, "name": "New Body", "roles": list(roles)}


def come_in(app: Flask, given: Claims) -> Cause | None:
    """As the callback does, slow to commit; the cause if turned away."""
    begin_write()
    arrived = arrive(given, issuer=ISSUER, rules=RULES, log=app.logger)
    if isinstance(arrived, RoleHeld):
        actions.start_sign_in(arrived, limits=limits(), issuer=ISSUER)
    time.sleep(0.2)
    db.session.commit()
    return arrived.cause if isinstance(arrived, Turned) else None


def at_once(app: Flask, *works: Callable[[], T]) -> list[T]:
    """Each in a thread and app context of its own, all begun together."""
    barrier = Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        with app.app_context():
            barrier.wait(5)
            return work()

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(run, works))


def both(app: Flask, first: Claims, second: Claims) -> list[Cause | None]:
    return at_once(app, lambda: come_in(app, first), lambda: come_in(app, second))


@pytest.fixture
def kept(places: Client) -> Callable[..., int]:
    return lambda *what: places.outside(lambda: len(db.session.scalars(select(*what)).all()))


def test_the_first_sign_in_of_somebody_new(app, kept):
    new = claims("new", "9001/attendance_lead")
    assert both(app, new, new) == [None, None]
    assert (kept(Identity.id), kept(SignIn.id)) == (1, 2)
    assert kept(Person.id) == 2  # with the delegated authoriser


def test_another_role_by_claim(app, kept):
    at_once(app, lambda: come_in(app, claims("new", "9001/attendance_lead")))
    more = claims("new", "9001/attendance_lead", "S01/case_manager")
    assert both(app, more, more) == [None, None]
    assert kept(RoleHeld.id) == 3


def test_two_accounts_with_one_address(app, kept):
    found = both(app, claims("one", "9001/attendance_lead"), claims("two", "9001/attendance_lead"))
    assert sorted(map(str, found)) == sorted([str(None), str(Cause.LINK_USED)])
    assert kept(Identity.id) == 1


def test_roles_taken_twice_at_once_are_given_once(app, kept):
    def take() -> None:
        begin_write()
        person = queries.person_by_email("hana@tawa-awa.example")
        service = queries.organisation_by_number("S01")
        assert person
        assert service
        actions.take_claimed_roles(person, [(service, Role.CASE_MANAGER)])
        time.sleep(0.2)
        db.session.commit()

    at_once(app, take, take)
    assert kept(RoleHeld.id) == 2
