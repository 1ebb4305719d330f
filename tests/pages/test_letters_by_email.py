"""A letter by e-mail: to its caregiver alone, where they chose that; what the mail server says of it; and what comes back
(LET-7), without scripts."""

import io
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError
from time_machine import Traveller

from app.cases.models import Case, Status
from app.cases.tasks.models import Task
from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.files.store import the_store
from app.core.files.stored import StoredFile
from app.core.outbox import BACKOFF, TRY_FOR
from app.core.pdf.press import Press
from app.core.web.logs import JsonLines
from app.deliveries.letters import send_letters
from app.letters.emails.claiming import LEASE, claim
from app.letters.emails.models import LetterMail
from app.letters.emails.rules import NOT_MADE
from app.letters.emails.sending import put_off, taken
from app.letters.models import Letter, Letterhead, Method
from app.letters.rendering import render_due
from app.letters.signing.actions import sign_off
from app.settings import Settings
from app.students.caregivers.actions import end_caregiver
from app.students.models import LettersBy, Tried
from tests import make
from tests.letters.samples import Paper
from tests.letters.test_privacy import everything
from tests.pages.test_letters import (
    CEILINGS,
    Told,
    boxes,
    came_back,
    change,
    follow,
    in_case,
    made,
    ready_to_be_told,
    timeline,
)
from tests.support.apps import A_TUESDAY_IN_TERM
from tests.support.client import Client
from tests.support.databases import Database, Scene
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

ADDRESS = "ngaire@whanau.example"
OFFER, SEND, OFF = "Send it by e-mail to", "Send it by e-mail", "Call it off"
MOST_ON_A_PAGE, MOST_TO_SEND = 6, 13
TOLD_BY_MAIL = "Sent by e-mail on Tuesday 3 March 2026"


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


@pytest.fixture
def scene() -> Scene:
    return ready_to_be_told


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    """Ana's case; its caregiver chose letters by e-mail."""
    told: Told = database.made
    client.sign_in(told.world.ana.person_id)
    in_case(client, told, lambda _by, _case, to: make.chose_email(to))
    return told


@pytest.fixture
def here(client: Client, told: Told) -> str:
    """The address of a letter that was made, and not sent."""
    return made(client, told)


def asked(client: Client, here: str) -> None:
    assert client.fill(client.get(f"{here}/email"), SEND).status_code == 303


def sent(client: Client, here: str) -> str:
    """What the letter's page says once the worker has been round."""
    asked(client, here)
    client.outside(send_letters)
    return client.get(here).text


def later(client: Client, clock: Traveller, told: Told, by: timedelta) -> None:
    clock.shift(by)
    client.sign_in(told.world.ana.person_id)


def becomes(case: Case, told: Told, what: str) -> None:
    """What a case may become, as little of it as a letter asks for."""
    if what == "closed":
        case.status = Status.CLOSED
    else:
        case.service_id = None if what == "back in triage" else told.world.lupe.organisation_id


def mails(client: Client) -> list[tuple[bool, str]]:
    """Of each mail with a letter: did it leave, and why not."""

    def read() -> list[tuple[bool, str]]:
        rows = db.session.scalars(select(LetterMail).order_by(LetterMail.id))
        return [(row.sent_at is not None, row.fault) for row in rows]

    found: list[tuple[bool, str]] = client.outside(read)
    return found


def hopes(client: Client) -> list[str]:
    """What is to be done where no answer comes."""
    tasks = select(Task.what).where(Task.what.startswith("No answer"))
    found: list[str] = client.outside(lambda: list(db.session.scalars(tasks)))
    return found


def told_of_failures(client: Client) -> list[int]:
    people = select(Outbox.person_id).where(Outbox.event == "letter.mail_failed")
    found: list[int] = client.outside(lambda: list(db.session.scalars(people)))
    return found


def test_a_letter_goes_by_email_to_who_chose_that(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    assert f"{OFFER} {ADDRESS}" in client.get(here).text
    page = client.get(f"{here}/email")
    for words in (f"{ADDRESS}, and nobody else", "They chose this on", "kiaora@te-awa.example: answers go there"):
        assert words in page.text, words
    told_at_once = follow(client, client.fill(page, SEND))
    assert "On its way by e-mail</strong> to ngaire@whanau.example" in told_at_once
    assert mailbox.arrived == []
    client.outside(send_letters)
    assert len(mailbox.arrived) == 1
    page = client.get(here)
    assert TOLD_BY_MAIL in page.text
    assert "by Ana Tuhoro" in page.text
    assert OFFER not in page.text
    assert f"{TOLD_BY_MAIL}." in client.get(told.letters).text
    assert timeline(client) == [
        "Letter 1 to the mother was made.",
        "Letter 1 to the mother is being sent by e-mail.",
        f"Letter 1 to the mother: {TOLD_BY_MAIL}.",
    ]
    client.outside(send_letters)
    assert len(mailbox.arrived) == 1


def test_an_answer_is_hoped_for_and_one_that_was_not_sent_asks_for_none(
    client: Client, here: str, mailbox: Mailbox
) -> None:
    tasks = select(Task.what, Task.due_on, Task.ended_at).where(Task.what.startswith("No answer"))
    mailbox.unknown[ADDRESS] = "552 5.2.2 full"
    sent(client, here)
    assert client.outside(lambda: db.session.execute(tasks).all()) == []
    mailbox.unknown.clear()
    sent(client, here)
    ((what, due_on, ended_at),) = client.outside(lambda: [tuple(row) for row in db.session.execute(tasks)])
    assert what == "No answer to letter 1 to Ngaire Te Whānau by then: ring or call in"
    assert (due_on, ended_at) == (date(2026, 3, 17), None)


def test_the_mail_comes_from_the_organisation_and_says_nothing_of_anybody(
    client: Client, told: Told, here: str, mailbox: Mailbox
) -> None:
    sent(client, here)
    (mail,) = mailbox.arrived
    assert str(mail["From"]) == str(mail["Reply-To"]) == "Te Awa Attendance Service <kiaora@te-awa.example>"
    assert str(mail["Sender"]) == "Waharoa <waharoa@localhost>"
    assert (str(mail["To"]), mail["Cc"], mail["Bcc"]) == (ADDRESS, None, None)
    assert str(mail["Subject"]) == "A letter from Te Awa Attendance Service is attached"
    body, attached = mail.get_body(), list(mail.iter_attachments())
    assert body is not None
    assert "or phone 04 555 0000" in body.get_content()
    assert [(part.get_content_type(), part.get_filename()) for part in attached] == [("application/pdf", "letter.pdf")]
    assert attached[0].get_content() == b"%PDF-1.7"
    everything = f"{mail.items()}{body.get_content()}"
    for word in ("Ngaire", "Whānau", "Hēmi", told.number, "Tawa"):
        assert word not in everything, word


def test_who_did_not_choose_it_gets_no_letter_by_email(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    """Also not where an address is known, and not where another caregiver chose it."""

    def another(by: Any, case: Any, to: Any) -> None:
        to.letters_by = LettersBy.POST
        make.chose_email(make.caregiver(case, by, "Wiremu Te Whānau"), "wiremu@whanau.example")

    in_case(client, told, another)
    page = client.get(here).text
    assert OFFER not in page
    assert "wiremu@whanau.example" not in page
    assert client.get(f"{here}/email").location == here
    refused = client.send(f"{here}/email")
    assert refused.status_code == 422
    assert "did not choose letters by e-mail" in refused.text
    client.outside(send_letters)
    assert (mailbox.arrived, mails(client)) == ([], [])


IN_THE_WAY: tuple[tuple[dict[str, Any], str], ...] = (
    ({"email_state": Tried.NOT_CURRENT}, "The address is not current: print this one."),
    ({"email": "ngāire@whanau.example"}, "not every mail server takes"),
    ({"may_be_contacted": False}, "may not be written to"),
    ({"has_responsibility": None}, "may not be written to"),
)


@pytest.mark.parametrize(("known", "words"), IN_THE_WAY)
def test_what_is_in_the_way_is_said_with_where_to_mend_it(
    client: Client, told: Told, here: str, known: dict[str, Any], words: str
) -> None:
    change(client, told, **known)
    page = client.get(here).text
    assert words in page
    assert f'href="/workspace/cases/{told.number}/caregivers/{told.to}"' in page
    assert OFFER not in page
    refused = client.send(f"{here}/email")
    assert refused.status_code == 422
    assert words in refused.text


def test_a_letterhead_without_an_address_sends_no_letter(client: Client, told: Told, here: str) -> None:
    client.outside(lambda: setattr(db.session.scalars(select(Letterhead)).one(), "email", ""))
    page = client.get(here).text
    assert "The letterhead has no e-mail address that letters come from." in page
    assert 'href="/workspace/settings/letterhead"' not in page
    assert client.send(f"{here}/email").status_code == 422
    page = client.sign_in(told.world.ruth.person_id).get(here).text
    assert 'href="/workspace/settings/letterhead">A workflow lead writes it' in page


def test_a_hold_holds_a_letter_that_was_made_too(client: Client, told: Told, here: str) -> None:
    in_case(client, told, lambda by, case, _to: make.hold(by, case))
    assert "Letters wait until Tue 10 March: Medical reasons." in client.get(here).text
    assert client.send(f"{here}/email").status_code == 422


def test_whether_it_could_go_by_email_is_said_before_it_is_written(client: Client, told: Told) -> None:
    assert (
        "chose letters by e-mail. This one can go to ngaire@whanau.example once it is made."
        in client.get(told.ready).text
    )
    change(client, told, email_state=Tried.NOT_CURRENT)
    page = client.get(told.ready).text
    assert "The address is not current: print this one." in page
    assert "Everything is there." in page
    change(client, told, letters_by=None)
    assert "by e-mail" not in client.get(told.ready).text


def test_a_formal_warning_never_goes_by_email(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    """Also not recorded as mailed by somebody themselves."""
    client.fill(client.get(f"{here}/sending"), "Record it", method="post")

    def warned(ana: Any, case: Any, to: Any) -> str:
        ruth = told.world.ruth
        make.excepted(ruth, case, to, 3)
        warning = make.asked_to_sign(ana, case, to)
        sign_off(make.letter_now(ruth, case, warning), by=ruth)
        return warning.public_id

    here = f"{told.letters}{in_case(client, told, warned)}"
    page = client.get(here).text
    assert "A formal warning goes by post, courier or hand all the same." in page
    assert OFFER not in page
    assert client.get(f"{here}/email").location == here
    assert client.send(f"{here}/email").status_code == 422
    assert "Sent by e-mail" not in client.get(f"{here}/sending").text
    typed = {"method": "email", **boxes("sent_on", date(2026, 3, 3))}
    assert client.send(f"{here}/sending", **typed).status_code == 422
    client.outside(send_letters)
    assert mailbox.arrived == []


def test_one_that_somebody_mailed_themselves_is_recorded_so_only_where_it_may_be(
    client: Client, told: Told, here: str
) -> None:
    assert client.fill(client.get(f"{here}/sending"), "Record it", method="email").status_code == 303
    assert TOLD_BY_MAIL in client.get(here).text
    change(client, told, letters_by=LettersBy.POST)
    assert client.fill(client.get(f"{here}/sending"), "Record it", method="post").status_code == 303
    assert "Sent by e-mail</label>" not in client.get(f"{here}/sending").text


def test_what_the_mail_server_refuses_for_good_is_printed(
    client: Client, told: Told, here: str, mailbox: Mailbox
) -> None:
    mailbox.unknown[ADDRESS] = "550 5.1.1 no such mailbox Zqxwv"
    page = sent(client, here)
    assert (
        "Not sent by e-mail</strong> to ngaire@whanau.example: The mail server there does not know the address" in page
    )
    assert "Print the letter." in page
    assert "Zqxwv" not in page
    assert "Not sent yet" in page
    assert "The address is not current: print this one." in page
    assert in_case(client, told, lambda _by, _case, to: to.email_state) is Tried.NOT_CURRENT
    assert in_case(client, told, lambda _by, _case, to: to.address_state) is Tried.NOT_TRIED
    assert timeline(client)[-1] == "Letter 1 to the mother was not sent by e-mail."
    told_of = select(Outbox.person_id, Outbox.channel, Outbox.read_at).where(Outbox.event == "letter.mail_failed")
    found = client.outside(lambda: [tuple(row) for row in db.session.execute(told_of)])
    assert found == [(told.world.ana.person_id, Channel.APP_EMAIL, None)]
    assert "A letter could not be sent by e-mail" in client.get("/notifications/").text
    client.outside(send_letters)
    assert mails(client) == [(False, "The mail server there does not know the address. Print the letter.")]


def test_a_full_mailbox_says_nothing_of_the_address(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    mailbox.unknown[ADDRESS] = "552 5.2.2 full"
    assert "The mailbox is full. Print the letter." in sent(client, here)
    assert in_case(client, told, lambda _by, _case, to: to.email_state) is Tried.NOT_TRIED
    mailbox.unknown.clear()
    assert TOLD_BY_MAIL in sent(client, here)


def test_what_the_mail_server_wants_later_is_tried_later(
    client: Client, clock: Traveller, told: Told, here: str, mailbox: Mailbox
) -> None:
    mailbox.refusing = "451 later"
    page = sent(client, here)
    assert "It waits for the mail server" in page
    assert "Not sent yet" in page
    client.outside(send_letters)
    mailbox.refusing = ""
    client.outside(send_letters)
    assert mailbox.arrived == []
    later(client, clock, told, BACKOFF[0])
    client.outside(send_letters)
    assert len(mailbox.arrived) == 1
    assert TOLD_BY_MAIL in client.get(here).text


def test_what_waits_too_long_for_the_mail_server_is_printed(
    client: Client, clock: Traveller, told: Told, here: str, mailbox: Mailbox
) -> None:
    mailbox.refusing = "451 later"
    asked(client, here)
    client.outside(send_letters)
    clock.shift(TRY_FOR + timedelta(minutes=1))
    client.outside(send_letters)
    ((is_sent, fault),) = mails(client)
    assert (is_sent, "for seven days" in fault) == (False, True)


def test_what_the_mail_server_did_not_say_it_took_comes_again_and_is_marked(
    client: Client, clock: Traveller, told: Told, here: str, mailbox: Mailbox
) -> None:
    """As where a worker dies while it is on its way: with the same Message-ID."""
    asked(client, here)
    assert client.outside(claim)
    page = client.get(here).text
    assert "On its way by e-mail" in page
    assert OFF not in page
    refused = client.send(f"{here}/email/off")
    assert refused.status_code == 409
    assert "being handed to the mail server at this moment" in refused.text
    client.outside(send_letters)
    assert mailbox.arrived == []
    later(client, clock, told, LEASE + timedelta(seconds=1))
    client.outside(send_letters)
    assert len(mailbox.arrived) == 1
    page = client.get(here).text
    assert "The mail may have arrived twice" in page
    assert timeline(client)[-1] == f"Letter 1 to the mother: {TOLD_BY_MAIL}, perhaps twice."


def test_a_page_that_asks_again_is_told_only_when_it_has_left(client: Client, here: str) -> None:
    by_script = {"HX-Request": "true"}
    asked(client, here)
    assert 'hx-trigger="every 1s"' in client.get(here).text
    waiting = client.get(here, headers=by_script)
    assert (waiting.status_code, waiting.text) == (204, "")
    client.outside(send_letters)
    part = client.get(here, headers=by_script)
    assert TOLD_BY_MAIL in part.text
    assert "hx-trigger" not in part.text


def test_a_letter_that_nobody_answers_for_is_not_sent_for_ever(
    client: Client, clock: Traveller, here: str, mailbox: Mailbox
) -> None:
    """Whatever keeps the worker from saying what became of it."""
    asked(client, here)
    for _ in range(len(BACKOFF) + 1):
        assert client.outside(claim)
        clock.shift(LEASE + timedelta(seconds=1))
    client.outside(send_letters)
    assert mailbox.arrived == []
    ((is_sent, fault),) = mails(client)
    assert (is_sent, "Ask the caregiver" in fault) == (False, True)


def test_it_is_called_off_and_sent_again(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    asked(client, here)
    page = follow(client, client.fill(client.get(here), OFF))
    assert "Not sent by e-mail</strong> to ngaire@whanau.example: Called off." in page
    client.outside(send_letters)
    assert mailbox.arrived == []
    assert client.send(f"{here}/email/off").status_code == 409
    assert TOLD_BY_MAIL in sent(client, here)
    assert mails(client) == [(False, "Called off."), (True, "")]


def test_pressed_again_it_leaves_once(client: Client, told: Told, here: str, mailbox: Mailbox) -> None:
    asked(client, here)
    assert client.send(f"{here}/email").status_code == 409
    client.outside(send_letters)
    assert client.send(f"{here}/email").status_code == 422
    client.outside(send_letters)
    assert len(mailbox.arrived) == 1


def test_the_database_has_one_mail_of_a_letter_on_its_way_at_a_time(client: Client, here: str) -> None:
    """And none that left and was given up."""
    asked(client, here)

    def another(**values: Any) -> None:
        mail = db.session.scalars(select(LetterMail)).one()
        told = {"address": ADDRESS, "asked_at": mail.asked_at, "asked_by_id": mail.asked_by_id, **values}
        with pytest.raises(IntegrityError), db.session.begin_nested():
            db.session.execute(insert(LetterMail).values(letter_id=mail.letter_id, **told))

    client.outside(lambda: another(next_try_at=datetime.now(UTC)))
    client.outside(lambda: another(sent_at=datetime.now(UTC), fault="Both"))


MEANWHILE = (
    "voided",
    "posted",
    "held",
    "another address",
    "another choice",
    "named no more",
    "gone to another service",
    "back in triage",
    "closed",
)


@pytest.mark.parametrize("what", MEANWHILE)
def test_what_happens_before_it_leaves_keeps_it_here(
    client: Client, told: Told, here: str, mailbox: Mailbox, what: str
) -> None:
    asked(client, here)
    if what == "voided":
        client.fill(client.get(f"{here}/voiding"), "Void this letter", why="Wrong days")
    elif what == "posted":
        client.fill(client.get(f"{here}/sending"), "Record it", method="post")
    elif what == "held":
        in_case(client, told, lambda by, case, _to: make.hold(by, case))
    elif what == "another address":
        change(client, told, email="other@whanau.example")
    elif what == "another choice":
        change(client, told, letters_by=LettersBy.POST)
    elif what == "named no more":
        in_case(client, told, lambda by, case, to: end_caregiver(case, to.id, by=by))
    else:
        in_case(client, told, lambda _by, case, _to: becomes(case, told, what))
    client.outside(send_letters)
    assert mailbox.arrived == []
    ((is_sent, fault),) = mails(client)
    assert not is_sent
    assert fault
    method = client.outside(lambda: db.session.scalars(select(Letter.method)).one())
    assert method is (Method.POST if what == "posted" else None)


@pytest.mark.parametrize("what", ["voided", "posted"])
def test_what_was_settled_otherwise_is_called_off_at_once_and_alarms_nobody(
    client: Client, told: Told, here: str, what: str
) -> None:
    asked(client, here)
    if what == "voided":
        client.fill(client.get(f"{here}/voiding"), "Void this letter", why="Wrong days")
    else:
        client.fill(client.get(f"{here}/sending"), "Record it", method="post")
    assert mails(client) == [(False, "Called off.")]
    client.outside(send_letters)
    assert timeline(client)[-1] == "Letter 1 to the mother: sending it by e-mail was called off."
    assert told_of_failures(client) == []


@pytest.mark.parametrize("ends", ["taken", "put off"])
def test_what_is_voided_while_it_leaves_is_waited_for_by_nobody(
    client: Client, clock: Traveller, here: str, mailbox: Mailbox, ends: str
) -> None:
    """It may have arrived: then it is recorded as sent. Else it is not tried again, and no alarm is raised."""
    asked(client, here)
    claimed = client.outside(claim)
    assert "cannot be called off" in client.get(here).text
    client.fill(client.get(f"{here}/voiding"), "Void this letter", why="Wrong days")
    assert mails(client) == [(False, "")]
    client.outside(
        lambda: taken(claimed) if ends == "taken" else put_off(claimed, "SMTPServerDisconnected", asked_to=True)
    )
    clock.shift(BACKOFF[0])
    client.outside(send_letters)
    assert mails(client) == [(ends == "taken", "" if ends == "taken" else NOT_MADE)]
    assert mailbox.arrived == []
    assert (hopes(client), told_of_failures(client)) == ([], [])


@pytest.mark.parametrize("what", ["closed", "gone to another service"])
def test_no_answer_is_hoped_for_in_a_case_that_ended_while_the_letter_left(
    client: Client, told: Told, here: str, what: str
) -> None:
    asked(client, here)
    claimed = client.outside(claim)
    in_case(client, told, lambda _by, case, _to: becomes(case, told, what))
    client.outside(lambda: taken(claimed))
    assert mails(client) == [(True, "")]
    assert hopes(client) == []


def test_whatever_fails_once_it_has_left_it_does_not_leave_again(
    client: Client, clock: Traveller, told: Told, here: str, mailbox: Mailbox
) -> None:
    """As where a case is in a region that no holidays are known of, which its task is to be due by. Its page says so."""
    asked(client, here)
    in_case(client, told, lambda _by, case, _to: setattr(case, "region", "XX"))
    client.outside(send_letters)
    clock.shift(LEASE + timedelta(seconds=1))
    client.outside(send_letters)
    assert len(mailbox.arrived) == 1
    assert mails(client) == [(True, "")]
    assert timeline(client)[-1] == f"Letter 1 to the mother: {TOLD_BY_MAIL}."
    assert client.outside(lambda: db.session.scalars(select(Letter.method)).one()) is Method.EMAIL
    assert client.outside(lambda: db.session.scalars(select(LetterMail.last_error)).one())
    in_case(client, told, lambda _by, case, _to: setattr(case, "region", "WGN"))
    page = in_words(client, here)
    assert "The letter left by e-mail on Tue 3 March, " in page
    assert "What follows from that could not all be noted: see whether it stands on the timeline" in page
    assert "waits for the mail server" not in page


def test_the_log_has_what_failed_and_where(
    client: Client, told: Told, here: str, caplog: pytest.LogCaptureFixture
) -> None:
    """In the portal's own manner: the places in the code, and nothing of the letter."""
    asked(client, here)
    in_case(client, told, lambda _by, case, _to: setattr(case, "region", "XX"))
    client.outside(send_letters)
    (said,) = [record for record in caplog.records if "not all that follows was noted" in record.getMessage()]
    assert said.name.startswith(f"{client.application.logger.name}."), "so that it is written where all else is"
    assert "places" in JsonLines().format(said)


def test_the_page_of_a_letter_that_left_with_all_that_follows_says_nothing_of_it(client: Client, here: str) -> None:
    assert "could not all be noted" not in sent(client, here)


def in_words(client: Client, here: str) -> str:
    """What stands on the page, without its tags."""
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", "", client.get(here).text))


@pytest.mark.parametrize("by", ["another service", "nobody"])
def test_a_letter_does_not_leave_in_the_name_of_a_service_that_has_the_case_no_more(
    client: Client, told: Told, here: str, mailbox: Mailbox, by: str
) -> None:
    """Neither page nor request offers it to whoever has the case by now."""
    what = "gone to another service" if by == "another service" else "back in triage"
    in_case(client, told, lambda _by, case, _to: becomes(case, told, what))
    if by == "another service":
        client.sign_in(told.world.lupe.person_id)
        page = client.get(here).text
        assert "not with the service that wrote this letter any more" in page
        assert OFFER not in page
        assert client.get(f"{here}/email").location == here
        refused = client.send(f"{here}/email")
        assert refused.status_code == 422
        assert "not with the service that wrote this letter any more" in refused.text
    else:
        assert client.send(f"{here}/email").status_code in {403, 404}
    client.outside(send_letters)
    assert (mailbox.arrived, mails(client)) == ([], [])


def test_a_preview_that_is_not_set_yet_has_no_way_by_email(client: Client, told: Told) -> None:
    here = client.fill(client.get(told.ready), "Look at the letter").location
    assert client.get(f"{here}/email").location == here
    refused = client.send(f"{here}/email")
    assert refused.status_code == 422
    assert NOT_MADE in refused.text


def test_a_pdf_that_is_not_the_one_that_was_made_does_not_leave(
    client: Client, told: Told, here: str, mailbox: Mailbox
) -> None:
    key = select(StoredFile.key).join(Letter, Letter.file_id == StoredFile.id)
    client.outside(lambda: the_store().put_as(db.session.scalars(key).one(), io.BytesIO(b"%PDF-1.7 another")))
    assert "is not the one that was made" in sent(client, here)
    assert mailbox.arrived == []


def test_a_letter_that_bounced_stops_the_ladder_until_the_email_address_is_another(
    client: Client, clock: Traveller, told: Told, here: str
) -> None:
    sent(client, here)
    later(client, clock, told, timedelta(days=2))
    assert "Returned: the e-mail did not arrive" in client.get(f"{here}/back").text
    page = came_back(client, here, "returned")
    assert "The e-mail address is marked as not current" in page
    assert "Returned: the e-mail did not arrive on Thursday 5 March 2026 (recorded" in page
    states = in_case(client, told, lambda _by, _case, to: (to.email_state, to.address_state))
    assert states == (Tried.NOT_CURRENT, Tried.NOT_TRIED)
    clock.move_to(A_TUESDAY_IN_TERM + timedelta(days=15))
    client.sign_in(told.world.ana.person_id)
    assert "A letter by e-mail came back" in client.get(told.ready).text
    assert client.send(told.ready).status_code == 422
    change(client, told, letters_by=LettersBy.POST)
    assert client.fill(client.get(told.ready), "Look at the letter").status_code == 303


def test_an_email_address_that_was_written_since_is_not_called_wrong(
    client: Client, clock: Traveller, told: Told, here: str
) -> None:
    sent(client, here)
    later(client, clock, told, timedelta(days=2))
    whom = f"/workspace/cases/{told.number}/caregivers/{told.to}"
    saved = client.fill(client.get(whom), "Save", email="another@whanau.example", email_source="Ngaire, by phone")
    assert saved.status_code == 303, saved.text
    came_back(client, here, "returned")
    assert in_case(client, told, lambda _by, _case, to: to.email_state) is Tried.NOT_TRIED


def marks(whom: str) -> dict[str, str]:
    """A mark in each field of a caregiver that may hold any text."""
    fields = ("name", "address", "contact_note", "relationship", "phone", "language", "address_source", "email_source")
    return {field: f"zqxwv{whom}{field.replace('_', '')}" for field in fields}


@pytest.fixture
def with_press(client: Client, press: Press) -> None:
    client.application.extensions["press"] = press


@pytest.mark.usefixtures("with_press")
def test_nothing_of_another_caregiver_goes_along(
    client: Client, told: Told, mailbox: Mailbox, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither in the PDF nor in the mail, its headers, a file's name or the log; of its own caregiver the mail has the address
    that it goes to, and the letter their name and postal address."""

    def two(by: Any, case: Any, _to: Any) -> str:
        make.chose_email(
            make.caregiver(case, by, **marks("other"), lives_with_student=True), "zqxwvother@whanau.example"
        )
        to = make.caregiver(case, by, **marks("addressee"))
        make.chose_email(to, "zqxwvaddressee@whanau.example")
        return to.public_id

    ready = f"{told.letters}to/{in_case(client, told, two)}"
    here = client.fill(client.get(ready), "Look at the letter").location
    client.outside(render_due)
    assert client.fill(client.get(here), "Make this letter").status_code == 303
    assert TOLD_BY_MAIL in sent(client, here)
    (mail,) = mailbox.arrived
    assert str(mail["To"]) == "zqxwvaddressee@whanau.example"
    body, (attached,) = mail.get_body(), list(mail.iter_attachments())
    assert body is not None
    about = "\n".join(f"{name}: {value}" for name, value in mail.items() if name != "To")
    logged = "\n".join(f"{vars(line)}" for line in caplog.records if line.name != "mail.log")
    around = f"{about}\n{body.get_content()}\n{attached.as_string()[:500]}\n{logged}"
    assert "zqxwv" not in around.lower()
    paper = Paper(attached.get_content(), tmp_path)
    found = everything(paper)
    assert "zqxwvaddresseename" in found
    assert "zqxwvaddresseeaddress" in found
    assert "zqxwvother" not in found
    assert not re.search("zqxwvaddressee(?!name|address)", found)
    names = client.outside(lambda: list(db.session.scalars(select(StoredFile.name))))
    assert not [name for name in names if "zqxwv" in name]


def test_pages_keep_to_their_statements(client: Client, here: str) -> None:
    assert client.get(here).status_code == 200
    assert client.statements.count <= CEILINGS["letter"] + 1, client.statements.count
    page = client.get(f"{here}/email")
    assert client.statements.count <= MOST_ON_A_PAGE, client.statements.count
    assert client.fill(page, SEND).status_code == 303
    assert client.statements.count <= MOST_TO_SEND, client.statements.count
