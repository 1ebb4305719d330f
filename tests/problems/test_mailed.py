"""A reported problem is one mail to whoever runs the portal, with its reference and no word of it (HELP-1)."""

from pathlib import Path

import pytest

from app.core.db import db
from app.deliveries import deliver_due
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
    reference = make.reported(own_world.tom, "Zqx.png", doing="Zqx").reference
    db.session.commit()
    deliver_due()
    (mail,) = mailbox.arrived
    assert mail["To"] == (operator or own_world.oscar.email)
    assert reference in str(mail["Subject"])
    assert reference in mail.get_content()
    assert "Zqx" not in mail.as_string()
