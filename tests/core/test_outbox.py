"""What must leave is not lost, not sent twice but for the one in flight, and not sent to who may no longer see it."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.cases import listing, queries
from app.cases.comments.actions import change_audience, retract
from app.cases.entries import Audience, Entry
from app.cases.models import Case
from app.cases.rules import LISTS
from app.core import clock as core_clock
from app.core import mail, outbox
from app.core.claims import LEASE
from app.core.db import db
from app.core.events import Outbox
from app.core.jobs import HEARTBEAT_LATE, beat, is_alive
from app.core.lists import rows as rows_of
from app.deliveries import deliver_due
from app.people.actions import end_role
from app.people.models import Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.telling.actions import choose_telling
from app.people.telling.models import How
from app.people.telling.queries import told_to
from app.people.telling.rules import choices_of
from app.settings import Settings
from app.students.models import Enrolment
from tests import make
from tests.support.databases import Database
from tests.support.settings import settings_for
from tests.support.smtp import Mailbox

MARK = "Xqz"
A_MINUTE = timedelta(minutes=1)
NOTIFICATIONS = LISTS / "notifications.csv"


@pytest.fixture
def settings(database: Database, tmp_path: Path, mailbox: Mailbox) -> Settings:
    return settings_for(database.url, tmp_path, SMTP_URL=mailbox.url)


@pytest.fixture
def sent(own_world: make.World) -> make.World:
    """A request was sent, with a marker in every field; its mails are due."""
    marks = {
        name: f"{MARK}{name}"
        for name in ("caregiver_name", "caregiver_relationship", "address", "reason", "barriers", "health", "needs")
    }
    pupil = make.student(
        f"{MARK}given {MARK}family", own_world.tawa, preferred=f"{MARK}preferred", address=f"{MARK}home"
    )
    own_world.whanau = pupil
    for person in db.session.scalars(select(Person)):
        person.name = f"{MARK}{person.name}"
    make.submitted(
        own_world.priya,
        pupil,
        contact=own_world.tom,
        **{**marks, "safety_kind": "dog", "safety_fact": f"{MARK}dog"},
        urgent="yes",
        urgent_why=f"{MARK}urgent",
    )
    db.session.commit()
    return own_world


def rows() -> list[Outbox]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Outbox).where(Outbox.channel == "app+email").order_by(Outbox.id)))


def addresses(mailbox: Mailbox) -> list[str]:
    return sorted(str(message["To"]) for message in mailbox.arrived)


def test_everything_due_is_sent_once(sent: make.World, mailbox: Mailbox) -> None:
    deliver_due()
    deliver_due()
    assert addresses(mailbox) == sorted([sent.priya.email, sent.tom.email, sent.ruth.email])
    assert {row.result for row in rows()} == {"sent"}
    assert all(row.done_at and row.attempts == 1 and row.claimed_until is None for row in rows())


def test_within_an_hour_a_case_sends_a_person_one_mail_and_then_one_of_all_that_came(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    """In the app each stands at once. Who else is told waits for no hour of somebody else's."""
    deliver_due()
    case = queries.case_to_change(listing.cases_for(sent.ruth)[0].case_id)
    make.assigned(case, to=sent.ana, by=sent.ruth)
    make.note(sent.ana, case)
    make.note(sent.ana, case)
    db.session.commit()
    told = len(told_to(sent.tom).lines)
    mailbox.arrived.clear()
    deliver_due()
    assert addresses(mailbox) == [sent.ana.email]
    assert told == 4
    clock.shift(timedelta(minutes=59))
    deliver_due()
    assert addresses(mailbox) == [sent.ana.email]
    clock.shift(A_MINUTE)
    deliver_due()
    deliver_due()
    assert addresses(mailbox) == [sent.ana.email, sent.tom.email]
    said = mailbox.arrived[1].get_content()
    assert "- A case has a new case manager\r\n- A note was shared (2 times)\r\n" in said
    assert {row.result for row in rows() if row.person_id == sent.tom.person_id} == {"sent"}


def test_what_is_too_late_in_an_hour_waits_for_none(clock: Traveller, sent: make.World, mailbox: Mailbox) -> None:
    case = queries.case_to_change(listing.cases_for(sent.ruth)[0].case_id)
    make.assigned(case, to=sent.ana, by=sent.ruth)
    db.session.commit()
    deliver_due()
    make.assigned(case, to=sent.david, by=sent.ruth)
    db.session.commit()
    mailbox.arrived.clear()
    deliver_due()
    assert addresses(mailbox) == sorted([sent.ana.email, sent.david.email])


def named_anew(of: make.World, contact: Actor, by: Actor) -> str:
    """A request joins the case, names another contact, and is sent: its number."""
    number = make.submitted(by, of.whanau, contact=contact).number
    db.session.commit()
    return number


@pytest.mark.parametrize("is_first", [True, False])
def test_a_request_sends_each_person_one_mail_of_all_that_it_did_and_that_says_the_number(
    sent: make.World, mailbox: Mailbox, is_first: bool
) -> None:
    """The new contact is told that they are one, and gets the reference; so also where news waited for the hour to be over."""
    if not is_first:
        make.note(sent.ruth, queries.case_to_change(listing.cases_for(sent.ruth)[0].case_id))
        db.session.commit()
    deliver_due()
    mailbox.arrived.clear()
    number = named_anew(sent, contact=sent.aroha, by=sent.mere)
    deliver_due()
    deliver_due()
    to = addresses(mailbox)
    assert len(to) == len(set(to))
    assert {sent.mere.email, sent.aroha.email} <= set(to)
    for message in mailbox.arrived:
        if message["To"] in {sent.mere.email, sent.aroha.email}:
            assert message["Subject"] == f"Support request {number}"
    (of_aroha,) = (message.get_content() for message in mailbox.arrived if message["To"] == sent.aroha.email)
    assert f"Its case number is {number}.\r\n\r\nAlso new on this case:\r\n- The primary contact" in of_aroha


def test_who_sends_it_and_is_its_contact_gets_one_mail(sent: make.World, mailbox: Mailbox) -> None:
    deliver_due()
    mailbox.arrived.clear()
    number = named_anew(sent, contact=sent.mere, by=sent.mere)
    deliver_due()
    mine = [message["Subject"] for message in mailbox.arrived if message["To"] == sent.mere.email]
    assert mine == [f"Support request {number}"]


def test_of_what_waited_for_the_hour_only_what_may_still_be_seen_is_said(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    deliver_due()
    case = queries.case_to_change(listing.cases_for(sent.ruth)[0].case_id)
    make.assigned(case, to=sent.ana, by=sent.ruth)
    db.session.commit()
    deliver_due()
    note = make.note(sent.ana, case)
    db.session.commit()
    deliver_due()
    change_audience(make.head(sent.ana, case), note, Audience.SERVICE, by=sent.ana)
    db.session.commit()
    mailbox.arrived.clear()
    clock.shift(timedelta(hours=1))
    deliver_due()
    assert [message["Subject"] for message in mailbox.arrived] == [f"Case {case.number} has a case manager"]
    assert [row.result for row in rows() if row.event == "comment.added"] == ["not sent: may not see it now"]


@pytest.fixture
def daily(clock: Traveller, own_world: make.World) -> make.World:
    """Ana wants one mail a day of what schools add; nothing is due of what happened before."""
    (choice,) = (each for each in choices_of(Role.CASE_MANAGER, rows_of(NOTIFICATIONS)) if each.event == "school_added")
    make.open_case(own_world)
    choose_telling({choice: How.DAILY}, by=own_world.ana)
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    db.session.commit()
    return own_world


def school_adds(world: make.World) -> Entry:
    case = queries.case_to_change(listing.cases_for(world.ruth)[0].case_id)
    entry = make.note(world.tom, case)
    db.session.commit()
    return entry


def of_ana() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(Outbox.result).where(Outbox.channel == "app+digest").order_by(Outbox.id)))


def test_the_days_one_mail_leaves_at_seven_of_the_next_working_day(
    clock: Traveller, daily: make.World, mailbox: Mailbox
) -> None:
    """In the app each stands at once. Friday 3 April 2026 is Good Friday, the Monday after it Easter Monday."""
    clock.move_to(datetime(2026, 4, 2, 12, tzinfo=core_clock.PACIFIC_AUCKLAND))
    for _ in range(2):
        school_adds(daily)
    told = [line for line in told_to(daily.ana).lines if line.event == "comment.added"]
    assert len(told) == 2
    for hours in range(0, 24 * 4 + 18, 6):  # to Tuesday 6:00
        clock.move_to(datetime(2026, 4, 2, 12, tzinfo=core_clock.PACIFIC_AUCKLAND) + timedelta(hours=hours))
        deliver_due()
    assert not mailbox.arrived
    clock.move_to(datetime(2026, 4, 7, 7, tzinfo=core_clock.PACIFIC_AUCKLAND))
    deliver_due()
    deliver_due()
    (message,) = mailbox.arrived
    assert (message["To"], message["Subject"]) == (daily.ana.email, "Your daily mail: 2 things to look at")
    assert "A note was shared (2 times):" in message.get_content()
    assert message.get_content().count("http://localhost:8000/") == 2
    assert of_ana() == ["sent", "sent"]


def test_no_daily_mail_leaves_without_anything_to_tell(clock: Traveller, daily: make.World, mailbox: Mailbox) -> None:
    """What was read in the app, and what may no longer be seen, is not told again."""
    read, gone = school_adds(daily), school_adds(daily)
    db.session.execute(update(Outbox).where(Outbox.thing_id == read.id).values(read_at=core_clock.now()))
    retract(make.head(daily.tom, db.session.get_one(Case, gone.case_id)), gone, by=daily.tom)
    db.session.commit()
    clock.shift(timedelta(days=1))
    deliver_due()
    assert not mailbox.arrived
    assert of_ana() == ["not sent: read before", "not sent: may not see it now"]


def test_a_daily_mail_whose_worker_died_leaves_once_with_all_that_it_held(
    clock: Traveller, daily: make.World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Killed after it was handed over and before that was marked: it is sent again, marked, under the same id. What came
    meanwhile is in the next one."""

    class Killed(BaseException):
        pass

    def die(*_: object) -> None:
        raise Killed

    school_adds(daily)
    school_adds(daily)
    clock.shift(timedelta(days=1))
    monkeypatch.setattr(outbox, "_mark", die)
    with pytest.raises(Killed):
        deliver_due()
    monkeypatch.undo()
    school_adds(daily)
    deliver_due()
    assert len(mailbox.arrived) == 1
    clock.shift(LEASE + timedelta(seconds=1))
    deliver_due()
    assert [message["Message-ID"] for message in mailbox.arrived] == [mailbox.arrived[0]["Message-ID"]] * 2
    assert of_ana() == ["sent, perhaps twice", "sent, perhaps twice", ""]
    clock.shift(timedelta(days=1))
    deliver_due()
    assert of_ana()[2] == "sent"


def test_a_refused_mail_is_tried_again_later_and_later_then_given_up_visibly(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    mailbox.refusing = "550 never"
    assert tuple(waits(clock)) == outbox.BACKOFF
    deliver_due()
    assert {row.result for row in rows()} == {"failed"}
    assert {row.last_error for row in rows()} == {"SMTPDataError"}
    assert not mailbox.arrived


def test_a_mail_that_is_put_off_is_tried_for_a_week_then_given_up_visibly(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    mailbox.refusing = "451 later"
    assert tuple(waits(clock)) == outbox.BACKOFF
    deliver_due()
    assert {row.result for row in rows()} == {""}
    assert {row.next_try_at - core_clock.now() for row in rows()} == {outbox.BACKOFF[-1]}
    clock.shift(outbox.TRY_FOR)
    deliver_due()
    assert {(row.result, row.last_error) for row in rows()} == {("failed", "SMTPDataError")}


def waits(clock: Traveller) -> Iterator[timedelta]:
    """How long each try makes everything wait; the clock goes along."""
    for _ in range(len(outbox.BACKOFF)):
        deliver_due()
        waited = rows()[0].next_try_at - core_clock.now()
        yield waited
        assert outbox.deliver(lambda delivery: pytest.fail("sent too early")) == 0
        clock.shift(waited)


def test_a_refused_mail_is_sent_when_the_server_takes_it_again(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    mailbox.refusing = "451 later"
    deliver_due()
    mailbox.refusing = ""
    clock.shift(outbox.BACKOFF[0])
    deliver_due()
    assert {(row.result, row.attempts, row.last_error) for row in rows()} == {("sent", 2, "")}


def test_a_row_whose_worker_died_is_sent_when_its_lease_ends_and_marked(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    class Killed(BaseException):
        """As kill -9: nothing after it runs."""

    def die(_delivery: outbox.Delivery) -> str:
        raise Killed

    with pytest.raises(Killed):
        outbox.deliver(die)
    deliver_due()
    assert [row.result for row in rows()] == ["", "sent", "sent"]
    clock.shift(LEASE + timedelta(seconds=1))
    deliver_due()
    assert [row.result for row in rows()] == ["sent, perhaps twice", "sent", "sent"]
    assert len(mailbox.arrived) == 3


@pytest.mark.parametrize("server", ["dead", "hanging", "silent"])
def test_a_mail_server_out_of_reach_is_tried_once_a_minute(
    clock: Traveller, sent: make.World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch, server: str
) -> None:
    """The rest is neither held up by it nor counted as tried; all of it leaves when the server is back."""
    monkeypatch.setattr(mail, "TIMEOUT_SECONDS", 0.2)
    with out_of_reach(server) as url:
        monkeypatch.setattr(mail, "send", lambda _, message, send=mail.send: send(url, message))
        deliver_due()
    assert [bool(row.last_error) for row in rows()] == [True, False, False]
    assert [row.attempts for row in rows()] == [0, 0, 0]
    assert all(row.claimed_until is None for row in rows())
    assert outbox.deliver(lambda delivery: pytest.fail("tried again at once")) == 0
    monkeypatch.undo()
    clock.shift(A_MINUTE)
    deliver_due()
    assert [(row.attempts, row.result) for row in rows()] == [(1, "sent")] * 3


def test_a_mail_server_dead_for_days_loses_nothing_and_then_gets_everything_once_and_in_order(
    clock: Traveller, sent: make.World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However often it was tried meanwhile; what was written last comes last."""
    with out_of_reach("dead") as url, monkeypatch.context() as dead:
        dead.setattr(mail, "send", lambda _, message, send=mail.send: send(url, message))
        for hours in range(0, 72, 3):
            if hours == 48:
                make.submitted(sent.priya, sent.ng, contact=sent.tom)
                db.session.commit()
            deliver_due()
            clock.shift(timedelta(hours=3))
    assert not mailbox.arrived
    deliver_due()
    deliver_due()
    told = db.session.execute(select(Person.id, Person.email)).all()
    address = {each.id: each.email for each in told}
    assert [str(message["To"]) for message in mailbox.arrived] == [address[row.person_id] for row in rows()]
    assert [(row.attempts, row.result, row.last_error) for row in rows()] == [(1, "sent", "")] * 5


def test_what_no_mail_server_took_for_a_week_is_given_up_visibly(
    clock: Traveller, sent: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.shift(outbox.TRY_FOR + A_MINUTE)
    with out_of_reach("dead") as url:
        monkeypatch.setattr(mail, "send", lambda _, message, send=mail.send: send(url, message))
        for _ in rows():
            deliver_due()
            clock.shift(A_MINUTE)
    assert {(row.result, row.last_error) for row in rows()} == {("failed", "ConnectionRefusedError")}


def test_a_mail_that_was_handed_over_but_not_answered_for_is_sent_again_marked_and_under_the_same_id(
    clock: Traveller, sent: make.World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "ANSWER_SECONDS", 0.2)
    mailbox.is_silent = True
    deliver_due()
    assert [row.result for row in rows()] == ["", "", ""]
    mailbox.is_silent = False
    clock.shift(A_MINUTE)
    deliver_due()
    assert [row.result for row in rows()] == ["sent, perhaps twice", "sent", "sent"]
    ids = [message["Message-ID"] for message in mailbox.arrived]
    assert len(ids) == 4
    assert ids[0] == ids[1]
    assert len(set(ids)) == 3


def test_a_mail_that_may_be_on_its_way_is_sent_again_as_it_was_and_what_came_since_in_another(
    clock: Traveller, sent: make.World, mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Under the same id a mail server may throw the second away."""
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    case = queries.case_to_change(listing.cases_for(sent.ruth)[0].case_id)
    make.assigned(case, to=sent.ana, by=sent.ruth)
    db.session.execute(update(Outbox).where(Outbox.person_id != sent.tom.person_id).values(done_at=core_clock.now()))
    db.session.commit()
    monkeypatch.setattr(mail, "ANSWER_SECONDS", 0.2)
    mailbox.is_silent = True
    deliver_due()
    make.note(sent.ana, case)
    db.session.commit()
    mailbox.is_silent = False
    clock.shift(A_MINUTE)
    deliver_due()
    first, again = mailbox.arrived
    assert (first["Message-ID"], first.get_content()) == (again["Message-ID"], again.get_content())
    clock.shift(timedelta(hours=1))
    deliver_due()
    assert mailbox.arrived[2]["Subject"] == f"News on case {case.number}"


def test_a_mail_in_doubt_stays_marked_however_often_it_is_tried(
    clock: Traveller, sent: make.World, mailbox: Mailbox
) -> None:
    db.session.execute(update(Outbox).values(claimed_until=core_clock.now() - A_MINUTE))
    db.session.commit()
    mailbox.refusing = "451 later"
    deliver_due()
    mailbox.refusing = ""
    clock.shift(outbox.BACKOFF[0])
    deliver_due()
    assert {row.result for row in rows()} == {"sent, perhaps twice"}


def test_a_server_that_says_goodbye_badly_has_the_mail_all_the_same(sent: make.World, mailbox: Mailbox) -> None:
    mailbox.goodbye = "500 what?"
    deliver_due()
    assert {row.result for row in rows()} == {"sent"}
    assert len(mailbox.arrived) == 3


@contextmanager
def out_of_reach(server: str) -> Iterator[str]:
    """The address of a mail server that refuses connections, takes none of them up, or takes them up and hangs up."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"smtp://127.0.0.1:{listening.getsockname()[1]}"
        if server == "dead":
            listening.close()
        if server == "silent":
            Thread(target=hang_up, args=(listening,), daemon=True).start()
        yield url


def hang_up(listening: socket.socket) -> None:
    listening.accept()[0].close()


def test_the_worker_is_alive_while_it_delivers_slowly(clock: Traveller, sent: make.World) -> None:
    """However long many mails take together, one of them never takes as long as a heartbeat may be late."""
    beat("worker")

    def send(_delivery: outbox.Delivery) -> str:
        assert is_alive("worker")
        db.session.rollback()
        clock.shift(HEARTBEAT_LATE * 0.6)
        return "sent"

    assert outbox.deliver(send) == 3
    assert {row.result for row in rows()} == {"sent"}


def test_one_that_cannot_be_made_holds_up_no_other(sent: make.World) -> None:
    first = rows()[0].id

    def send(delivery: outbox.Delivery) -> str:
        if delivery.id == first:
            raise ValueError("cannot be made")
        return "sent"

    assert outbox.deliver(send) == 3
    assert [row.result for row in rows()] == ["", "sent", "sent"]
    assert rows()[0].last_error == "ValueError"


def test_nothing_is_sent_to_who_lost_the_role(sent: make.World, mailbox: Mailbox) -> None:
    end_role(db.session.get_one(RoleHeld, sent.tom.role_held_id), by=None)
    db.session.commit()
    deliver_due()
    assert sent.tom.email not in addresses(mailbox)
    assert "not sent: no longer has that role" in {row.result for row in rows()}


def test_nothing_is_sent_to_who_has_left(sent: make.World, mailbox: Mailbox) -> None:
    db.session.get_one(Person, sent.tom.person_id).ended_at = core_clock.now()
    db.session.commit()
    deliver_due()
    assert sent.tom.email not in addresses(mailbox)


def test_nothing_is_sent_to_who_may_no_longer_see_the_case(sent: make.World, mailbox: Mailbox) -> None:
    for enrolment in db.session.scalars(select(Enrolment)):
        enrolment.to_on = core_clock.today() - timedelta(days=1)
    db.session.commit()
    deliver_due()
    assert addresses(mailbox) == [sent.priya.email, sent.ruth.email]  # who sent it gets the reference all the same
    assert {row.result for row in rows()} == {"sent", "not sent: may not see it now"}


def test_nothing_is_sent_of_a_note_that_was_narrowed_meanwhile(sent: make.World, mailbox: Mailbox) -> None:
    case = queries.case_to_change(listing.cases_for(sent.ruth)[0].case_id)
    make.assigned(case, to=sent.ana, by=sent.ruth)
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    note = make.note(sent.ana, case)
    change_audience(make.head(sent.ana, case), note, Audience.SERVICE, by=sent.ana)
    db.session.commit()
    deliver_due()
    assert not mailbox.arrived


def test_nothing_is_sent_before_commit(sent: make.World, mailbox: Mailbox) -> None:
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    db.session.commit()
    make.submitted(sent.priya, sent.ng, contact=sent.tom)
    db.session.rollback()
    deliver_due()
    assert not mailbox.arrived


def test_who_submits_for_another_contact_is_sent_the_reference_too(sent: make.World, mailbox: Mailbox) -> None:
    """REQ-9, though a primary contact who is not on the case may not open it."""
    db.session.execute(update(Outbox).values(done_at=core_clock.now()))
    make.submitted(sent.aroha, sent.ng, contact=sent.tom)
    db.session.commit()
    deliver_due()
    assert sent.aroha.email in addresses(mailbox)
