"""A school's letter by e-mail: to its caregiver alone, where they chose that of the school; what the mail server says of it; and what
comes back (LET-7), without scripts."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.core.db import db
from app.core.events import Audit, Channel, Outbox
from app.deliveries.letters import send_letters
from app.letters.emails.models import LetterMail
from app.letters.holds import HoldReason
from app.letters.models import Letter, Letterhead, Method
from app.settings import Settings
from app.students.models import LettersBy, Tried
from tests import make
from tests.letters import school
from tests.pages.test_school_letters import (
    Told,
    boxes,
    changed_by_service,
    follow,
    made,
    ready_to_be_told,
    to,
)
from tests.support.client import Client
from tests.support.databases import Database, Scene
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

ADDRESS = "wailing@whanau.example"
OFFER, SEND, OFF = "Send it by e-mail to", "Send it by e-mail", "Call it off"
TOLD_BY_MAIL = "Sent by e-mail on Tuesday 3 March 2026"
MOST = {"letter": 10, "email": 6, "to send": 13}


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


@pytest.fixture
def scene() -> Scene:
    return ready_to_be_told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    """Grace Ng's mother chose letters by e-mail of the school."""
    told: Told = database.made
    client.sign_in(told.world.mere.person_id)
    client.outside(lambda: make.chose_email(to(told), ADDRESS))
    return told


@pytest.fixture
def here(client: Client, told: Told) -> str:
    """The address of a letter that was made, and not sent."""
    return made(client, told)


def sent(client: Client, here: str) -> str:
    """What the letter's page says once the worker has been round."""
    assert client.fill(client.get(f"{here}/email"), SEND).status_code == 303
    client.outside(send_letters)
    return client.get(here).text


def mails(client: Client) -> list[tuple[str, bool, str]]:
    def read() -> list[tuple[str, bool, str]]:
        rows = db.session.scalars(select(LetterMail).order_by(LetterMail.id))
        return [(row.address, row.sent_at is not None, row.fault) for row in rows]

    found: list[tuple[str, bool, str]] = client.outside(read)
    return found


def method(client: Client) -> Method | None:
    found: Method | None = client.outside(lambda: db.session.scalars(select(Letter.method)).one())
    return found


def known(client: Client, told: Told, **values: Any) -> None:
    def write() -> None:
        for name, value in values.items():
            setattr(to(told), name, value)

    client.outside(write)


def test_a_choice_is_recorded_with_its_date(client: Client, told: Told) -> None:
    known(client, told, email="", letters_by=None, letters_by_on=None)
    at = f"{told.start}caregivers/{told.to}"
    refused = client.fill(client.get(at), "Save", letters_by="email")
    assert refused.status_code == 422
    assert "Write the e-mail address that letters go to" in refused.text
    assert "Say on which day they chose" in refused.text
    day = boxes("letters_by_on", date(2026, 3, 2))
    saved = client.fill(client.get(at), "Save", letters_by="email", email=ADDRESS, **day)
    assert "Saved; what was recorded before is kept." in follow(client, saved)
    page = client.get(told.ready).text
    assert f"Wai Ling Ng chose letters by e-mail. This one can go to {ADDRESS} once it is made." in page
    found = client.outside(lambda: (to(told).letters_by, to(told).letters_by_on, to(told).email))
    assert found == (LettersBy.EMAIL, date(2026, 3, 2), ADDRESS)


def test_it_goes_to_who_chose_that_from_the_school(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    assert f"{OFFER} {ADDRESS}" in client.get(here).text
    page = client.get(f"{here}/email")
    for words in (f"{ADDRESS}, and nobody else", "They chose this on", "Tawa Awa College, kiaora@te-awa.example"):
        assert words in page.text, words
    assert "a task to ring" not in page.text
    told_at_once = follow(client, client.fill(page, SEND))
    assert f"On its way by e-mail</strong> to {ADDRESS}" in told_at_once
    assert 'hx-trigger="every 1s"' in told_at_once
    assert mailbox.arrived == []
    client.outside(send_letters)
    client.outside(send_letters)
    (mail,) = mailbox.arrived
    assert str(mail["From"]) == str(mail["Reply-To"]) == "Tawa Awa College <kiaora@te-awa.example>"
    assert (str(mail["To"]), mail["Cc"], mail["Bcc"]) == (ADDRESS, None, None)
    body, attached = mail.get_body(), list(mail.iter_attachments())
    assert body is not None
    assert [(part.get_content_type(), part.get_filename()) for part in attached] == [("application/pdf", "letter.pdf")]
    around = f"{[item for item in mail.items() if item[0] != 'To']}{body.get_content()}"
    for word in ("Grace", "Wai Ling", "Mere"):
        assert word not in around, word
    page = client.get(here)
    assert TOLD_BY_MAIL in page.text
    assert "by Mere" in page.text
    assert OFFER not in page.text
    assert f"{TOLD_BY_MAIL}." in client.get(told.letters).text
    events = client.outside(lambda: list(db.session.scalars(select(Audit.event).where(Audit.case_id.is_(None)))))
    assert {"letter.mail_asked", "letter.sent"} <= set(events)


@pytest.mark.parametrize("chose", [None, LettersBy.POST])
def test_who_did_not_choose_it_of_the_school_gets_none_so(
    client: Client, told: Told, here: str, mailbox: Mailbox, chose: LettersBy | None
) -> None:
    """Also where another caregiver chose it."""
    world = told.world

    def another() -> None:
        to(told).letters_by = chose
        make.chose_email(school.caregiver(world.mere, world.ng, "Rangi Ng"), "zqxwvother@whanau.example")

    client.outside(another)
    page = client.get(here).text
    assert OFFER not in page
    assert "zqxwvother" not in page
    assert client.get(f"{here}/email").location == here
    refused = client.send(f"{here}/email")
    assert refused.status_code == 422
    assert "did not choose letters by e-mail" in refused.text
    assert 'value="email"' not in client.get(f"{here}/sending").text
    client.outside(send_letters)
    assert (mailbox.arrived, mails(client)) == ([], [])


def test_an_address_or_a_choice_that_only_a_service_knows_is_neither_shown_nor_used(
    client: Client, told: Told, here: str, mailbox: Mailbox
) -> None:
    known(client, told, email="", letters_by=None, letters_by_on=None)
    found = {"email": "zqxwvfound@whanau.example", "letters_by": LettersBy.EMAIL, "letters_by_on": date(2026, 3, 3)}
    client.outside(lambda: changed_by_service(told, **found))
    for at in (told.letters, told.ready, here, f"{here}/sending", f"{here}/record"):
        page = client.get(at).text
        assert "zqxwvfound" not in page, at
        assert "chose letters by e-mail" not in page, at
        assert 'value="email"' not in page, at
    assert client.send(f"{here}/email").status_code == 422
    typed = {"method": "email", **boxes("sent_on", date(2026, 3, 3))}
    assert client.send(f"{here}/sending", **typed).status_code == 422
    client.outside(send_letters)
    assert (mailbox.arrived, mails(client)) == ([], [])


OTHERS: tuple[dict[str, Any], ...] = (
    {"email": "zqxwvfound@whanau.example"},
    {"letters_by": LettersBy.POST},
    {"email_state": Tried.NOT_CURRENT, "email_checked_on": date(2026, 3, 3)},
    {"may_be_contacted": False, "contact_note": "zqxwvorder"},
)


@pytest.mark.parametrize("found", OTHERS)
def test_what_a_service_found_out_keeps_it_here_and_is_not_said(
    client: Client, told: Told, here: str, mailbox: Mailbox, found: dict[str, Any]
) -> None:
    """Also of one that is on its way already."""
    assert client.fill(client.get(f"{here}/email"), SEND).status_code == 303
    client.outside(lambda: changed_by_service(told, **found))
    client.outside(send_letters)
    assert mailbox.arrived == []
    ((_, is_sent, why),) = mails(client)
    assert not is_sent
    assert why
    page = client.get(here).text
    assert OFFER not in page
    assert "zqxwv" not in page
    assert client.send(f"{here}/email").status_code == 422


def test_none_leaves_to_whom_the_school_has_ended(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    world = told.world
    assert client.fill(client.get(f"{here}/email"), SEND).status_code == 303
    client.outside(lambda: school.given_up(world.mere, world.ng, to(told)))
    client.outside(send_letters)
    assert mailbox.arrived == []
    page = client.get(here).text
    assert "Wai Ling Ng is not named with the student any more." in page
    assert "A service" not in page
    assert OFFER not in page


def test_a_service_that_changed_what_no_letter_turns_on_keeps_nothing_here(
    client: Client, told: Told, here: str, mailbox: Mailbox
) -> None:
    client.outside(lambda: changed_by_service(told, phone="04 555 7777"))
    assert TOLD_BY_MAIL in sent(client, here)
    assert mails(client) == [(ADDRESS, True, "")]


def test_a_letterhead_without_an_address_sends_none(client: Client, told: Told, here: str) -> None:
    client.outside(lambda: setattr(db.session.scalars(select(Letterhead)).one(), "email", ""))
    page = client.get(here).text
    assert "The letterhead has no e-mail address that letters come from." in page
    assert 'href="/portal/settings/letterhead">An attendance lead' in page
    assert client.send(f"{here}/email").status_code == 422


@pytest.mark.parametrize(
    ("reason", "away", "waits"),
    [
        (HoldReason.MEDICAL, False, True),
        (HoldReason.MEDICAL, True, True),
        (HoldReason.RECENT_CONTACT, False, True),
        (HoldReason.RECENT_CONTACT, True, False),
    ],
)
def test_a_hold_holds_one_that_was_made_too(
    client: Client, told: Told, reason: HoldReason, away: bool, waits: bool
) -> None:
    """Recent contact holds letters on days absent alone (LET-4)."""
    world = told.world
    holiday = client.outside(lambda: school.holiday(world.mere, world.ng).public_id) if away else ""
    here = made(client, told, holiday=holiday)
    client.outside(lambda: school.hold(world.mere, world.ng, reason))
    page = client.get(here).text
    assert ("Letters wait until" in page) is waits
    assert (OFFER in page) is not waits


def test_what_the_mail_server_refuses_is_printed_and_whoever_sent_it_is_told(
    client: Client, told: Told, here: str, mailbox: Mailbox
) -> None:
    mailbox.unknown[ADDRESS] = "550 5.1.1 no such mailbox Zqxwv"
    page = sent(client, here)
    assert f"Not sent by e-mail</strong> to {ADDRESS}: The mail server there does not know the address" in page
    assert "The address is not current: print this one." in page
    assert "Zqxwv" not in page
    assert client.outside(lambda: to(told).email_state) is Tried.NOT_CURRENT
    assert method(client) is None
    rows = select(Outbox.person_id, Outbox.channel, Outbox.case_id).where(Outbox.event == "letter.mail_failed")
    found = client.outside(lambda: [tuple(row) for row in db.session.execute(rows)])
    assert found == [(told.world.mere.person_id, Channel.APP_EMAIL, None)]
    listed = client.get("/notifications/").text
    assert "A letter could not be sent by e-mail" in listed
    assert f'href="{here}"' in listed


def test_another_school_is_led_nowhere(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    """Who told of it, in a role at another school by then, comes to no letter."""
    mailbox.unknown[ADDRESS] = "550 5.1.1 no such mailbox"
    sent(client, here)
    world = told.world
    client.outside(lambda: db.session.query(Outbox).update({"person_id": world.jin.person_id}))
    client.sign_in(world.jin.person_id)
    assert here not in client.get("/notifications/").text
    for at in (f"{here}/email", f"{here}/record"):
        assert client.get(at).status_code == 404, at
    assert client.send(f"{here}/email").status_code == 404
    assert client.send(f"{here}/email/off").status_code == 404


@pytest.mark.parametrize("how", ["pressed", "posted", "voided"])
def test_it_is_called_off(client: Client, told: Told, here: str, mailbox: Mailbox, how: str) -> None:
    assert client.fill(client.get(f"{here}/email"), SEND).status_code == 303
    if how == "pressed":
        assert "Called off." in follow(client, client.fill(client.get(here), OFF))
    elif how == "posted":
        client.fill(client.get(f"{here}/sending"), "Record it", method="post")
    else:
        client.fill(client.get(f"{here}/voiding"), "Void this letter", why="Wrong days")
    assert mails(client) == [(ADDRESS, False, "Called off.")]
    client.outside(send_letters)
    assert mailbox.arrived == []


def test_one_that_bounced_is_returned_and_the_next_is_printed(
    client: Client, clock: Traveller, told: Told, here: str
) -> None:
    sent(client, here)
    clock.shift(timedelta(days=2))
    client.sign_in(told.world.mere.person_id)
    page = client.get(f"{here}/back")
    assert "Returned: the e-mail did not arrive" in page.text
    said = follow(client, client.fill(page, "Record it", back="returned"))
    assert "The e-mail address is marked as not current" in said
    states = client.outside(lambda: (to(told).email_state, to(told).address_state))
    assert states == (Tried.NOT_CURRENT, Tried.NOT_TRIED)
    world = told.world
    client.outside(lambda: school.absent(world.mere, world.ng, 20))
    assert "A letter by e-mail came back" in client.get(told.ready).text
    assert client.send(told.ready).status_code == 422
    known(client, told, letters_by=LettersBy.POST)
    assert "Everything is there." in client.get(told.ready).text


def test_a_bounce_says_nothing_of_what_a_service_wrote_down(client: Client, told: Told, here: str) -> None:
    sent(client, here)
    client.outside(lambda: changed_by_service(told, email="zqxwvfound@whanau.example"))
    client.fill(client.get(f"{here}/back"), "Record it", back="returned")
    assert client.outside(lambda: to(told).email_state) is Tried.NOT_TRIED


def test_one_that_somebody_mailed_themselves_is_recorded_so(client: Client, told: Told, here: str) -> None:
    assert client.fill(client.get(f"{here}/sending"), "Record it", method="email").status_code == 303
    assert TOLD_BY_MAIL in client.get(here).text


def test_none_leaves_once_the_student_has_left(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    assert client.fill(client.get(f"{here}/email"), SEND).status_code == 303
    client.outside(lambda: make.left(told.world.ng, told.world.tawa))
    client.outside(send_letters)
    assert mailbox.arrived == []
    assert "not on your school’s roll any more" in client.get(here).text
    assert client.send(f"{here}/email").status_code == 403


def test_pages_keep_to_their_statements(client: Client, told: Told, here: str) -> None:
    assert client.get(here).status_code == 200
    assert client.statements.count <= MOST["letter"], client.statements.count
    page = client.get(f"{here}/email")
    assert client.statements.count <= MOST["email"], client.statements.count
    assert client.fill(page, SEND).status_code == 303
    assert client.statements.count <= MOST["to send"], client.statements.count
