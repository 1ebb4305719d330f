"""A reported problem is one mail to whoever runs the portal, with its reference and no word of it (HELP-1)."""

from pathlib import Path

import pytest
from sqlalchemy import select, update

from app.core import clock
from app.core.db import db
from app.core.events import Outbox
from app.deliveries import deliver_due
from app.people.telling.queries import does_mail_come_back, told_to
from app.problems.rules import REPORTED
from app.settings import Settings
from tests import make
from tests.support.databases import Database
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

OPERATOR = "help@portal.example"


@pytest.fixture(params=[OPERATOR, ""])
def operator(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox, operator: str) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url, OPERATOR_EMAIL=operator)


def test_one_mail_goes_to_the_operators_address(own_world: make.World, mailbox: Mailbox, operator: str) -> None:
    reference = make.reported(own_world.tom, "Zqxwv.png", doing="Zqxwv").reference
    db.session.commit()
    deliver_due()
    (mail,) = mailbox.arrived
    assert mail["To"] == (operator or own_world.oscar.email)
    assert reference in str(mail["Subject"])
    assert reference in mail.get_content()
    assert "Zqxwv" not in mail.as_string()


def test_without_an_operator_it_goes_to_the_address_alone_and_stands_in_nobodys_app(
    own_world: make.World, mailbox: Mailbox, operator: str
) -> None:
    make.end_roles(own_world.oscar)
    reference = make.reported(own_world.tom, doing="Zqxwv").reference
    db.session.commit()
    mailbox.unknown[operator] = "550 5.1.1 no such mailbox"
    deliver_due()
    (row,) = db.session.scalars(select(Outbox).where(Outbox.event == REPORTED))
    assert row.read_at is not None, "it is nothing new to whoever reported it"
    assert not told_to(own_world.tom).lines
    assert not does_mail_come_back(own_world.tom.person_id), "what comes back from there says nothing of the reporter"
    if operator:
        mailbox.unknown.clear()
        db.session.execute(update(Outbox).values(next_try_at=clock.now()))
        db.session.commit()
        deliver_due()
        (mail,) = mailbox.arrived
        assert mail["To"] == OPERATOR
        assert f"/help/problems/{reference}" in mail.get_content()
        assert not [word for word in ("Zqxwv", "Tom", own_world.tawa.name) if word in mail.as_string()]
    else:
        assert row.result == "not sent: no longer has that role"
        assert not mailbox.arrived
