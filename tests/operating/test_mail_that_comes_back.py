"""Mail that does not arrive is visible: to the person, to whoever gives roles there, and to who writes to them (SHARE-7)."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.core.db import db
from app.deliveries import deliver_due, server
from app.people.models import Person
from app.people.queries import Actor
from app.settings import Settings
from tests import make
from tests.support.client import Client
from tests.support.databases import Database
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


def failed(client: Client, who: Actor) -> tuple[bool, str]:
    """Is mail to them known to come back, and why."""

    def read() -> tuple[bool, str]:
        person = db.session.scalars(select(Person).where(Person.id == who.person_id)).one()
        return person.mail_failed_at is not None, person.mail_failed_why

    found: tuple[bool, str] = client.outside(read)
    return found


def test_mail_that_comes_back_is_seen_by_the_person_the_authoriser_and_who_writes(
    clock: Traveller, client: Client, mailbox: Mailbox
) -> None:
    world: make.World = client.outside(make.world)
    number = client.outside(lambda: make.open_case(world).number)
    mailbox.unknown[world.tom.email] = "550 5.1.1 no such mailbox Zqxwv"
    client.outside(deliver_due)
    assert failed(client, world.tom) == (True, server.UNKNOWN)
    assert failed(client, world.ana) == (False, "")
    page = client.sign_in(world.tom.person_id).get("/portal/")
    assert "Mail to you comes back" in page.text
    assert f"{server.UNKNOWN}." in client.get("/notifications/").text
    told = client.get("/notifications/settings").text
    assert world.tom.email in told
    assert "Zqxwv" not in told
    assert "Mail comes back" in client.sign_in(world.hana.person_id).get("/portal/people/").text
    case = f"/workspace/cases/{number}/"
    assert "they learn of nothing by mail, so ring" in client.sign_in(world.ana.person_id).get(case).text
    assert "Mail to you comes back" not in client.get("/workspace/").text
    mailbox.unknown.clear()
    clock.shift(timedelta(minutes=1))
    client.outside(deliver_due)
    assert failed(client, world.tom) == (False, "")
    assert "so ring" not in client.get(case).text
    assert "Mail to you comes back" not in client.sign_in(world.tom.person_id).get("/portal/").text


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("550 no", server.UNKNOWN),
        ("553 5.1.3 odd address", server.UNKNOWN),
        ("552 too much", server.FULL),
        ("550 5.2.2 over quota", server.FULL),
        ("554 5.7.1 policy", server.REFUSED),
        ("451 later", ""),
    ],
)
def test_why_it_comes_back_is_said_in_our_words(own_world: make.World, mailbox: Mailbox, answer: str, why: str) -> None:
    """Whether the address or the mail itself is refused; what is only put off is not known to come back."""
    make.open_case(own_world)
    db.session.commit()
    mailbox.unknown[own_world.tom.email] = answer
    mailbox.refusing = answer
    deliver_due()
    for who in (own_world.tom, own_world.ana):
        assert db.session.get_one(Person, who.person_id).mail_failed_why == why
