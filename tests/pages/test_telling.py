"""What people are told, how each wants to be told, and the way from a mail to what it is about (SHARE-7)."""

import re
from datetime import timedelta
from functools import partial
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select

from app.cases.models import Case
from app.cases.rules import LISTS
from app.core import clock as core_clock
from app.core import events
from app.core.db import db
from app.core.events import Channel, Outbox
from app.core.lists import rows
from app.core.security import link_code
from app.people.actions import end_role
from app.people.models import Role, RoleHeld
from app.people.queries import Actor
from app.people.telling import rules
from app.people.telling.queries import PAGE, role_for
from app.people.telling.rules import FROM_MAIL
from app.signin.arrivals import arrive
from app.signin.rules import Rules
from app.students.models import Enrolment, Student
from tests import make
from tests.support.client import Client
from tests.support.plans import looked_up_by, read_through

LISTED, SETTINGS = "/notifications/", "/notifications/settings"


def told_often(world: make.World, number: str, times: int) -> None:
    """So many rows of Tom's about his case."""
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    one = {
        "made_at": core_clock.now(),
        "event": "case.assigned",
        "person_id": world.tom.person_id,
        "role": world.tom.role,
        "organisation_id": world.tom.organisation_id,
        "case_id": case.id,
        "thing": "case_person",
        "thing_id": 1,
        "channel": Channel.APP,
        "next_try_at": core_clock.now(),
        "done_at": core_clock.now(),
        "result": "in the app",
    }
    db.session.execute(insert(Outbox), [one] * times)


def test_what_one_was_told_in_another_role_there_is_not_counted_listed_or_marked(
    client: Client, world: make.World, number: str
) -> None:
    """Whoever is attendance lead and authoriser of one school would lose what they never saw."""
    client.outside(make.actor, world.tom, Role.DELEGATED_AUTHORISER, world.tawa)
    client.outside(told_often, world, number, 5)
    page = client.sign_in(world.tom.person_id, role=Role.DELEGATED_AUTHORISER).get(LISTED)
    assert "Nothing yet." in page.text
    assert "Mark everything as read" not in page.text
    client.send(LISTED)
    page = client.sign_in(world.tom.person_id, role=world.tom.role).get(LISTED)
    assert page.text.count(">New<") > 5
    client.fill(page, "Mark everything as read")
    assert ">New<" not in client.get(LISTED).text


def test_a_long_list_is_read_by_its_index_a_page_at_a_time(client: Client, world: make.World, number: str) -> None:
    """However many things somebody was told, and other people besides."""
    client.outside(told_often, world, number, 1000)
    page = client.sign_in(world.tom.person_id).get(LISTED)
    assert page.text.count("A case has a new case manager") == PAGE
    assert client.statements.count <= 3
    asked = zip(client.statements.texts, client.statements.values, strict=True)
    for statement, values in [each for each in asked if "SELECT" in each[0]]:
        assert "outbox" not in client.outside(read_through, statement, values, False), statement
    (listing,) = (text for text in client.statements.texts if "ORDER BY outbox.id DESC" in text)
    assert "LIMIT" in listing
    older = client.get(page.text.split('rel="next" href="')[1].split('"')[0])
    assert older.text.count("A case has a new case manager") == PAGE
    assert f'rel="prev" href="{LISTED}"' in older.text
    assert client.get(f"{LISTED}?before=x").status_code == 200


def test_the_count_on_every_page_is_a_column_of_the_sign_in(client: Client, world: make.World, number: str) -> None:
    client.outside(told_often, world, number, 7)
    counted = client.sign_in(world.tom.person_id).get("/account")
    asked = [text for text in client.statements.texts if "FROM outbox" in text]
    assert len(asked) == 1
    assert "FROM sign_in" in asked[0]
    assert '<span class="wh-count">' in counted.text


def test_what_is_unread_is_counted_no_further_than_anybody_reads(
    client: Client, world: make.World, number: str
) -> None:
    """A lead of a large service who never looks has thousands: to count them all was most of each page's time."""
    client.outside(told_often, world, number, 150)
    assert '<span class="wh-count">99+ new<' in client.sign_in(world.tom.person_id).get("/account").text


def test_what_is_unread_of_a_case_is_found_by_its_index(client: Client, world: make.World, number: str) -> None:
    """Neither the rows of other cases nor those already read are looked at."""
    client.outside(told_often, world, number, 1000)
    client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/")
    ((marks, values),) = [each for each in client.statements.seen if each[0].startswith("UPDATE outbox")]
    found_by = client.outside(looked_up_by, marks, values)
    assert "ix_outbox_unread" in found_by
    assert re.search(r"case_id ?=", found_by)


def test_who_opens_the_case_has_read_what_they_were_told_of_it(client: Client, world: make.World, number: str) -> None:
    """Not of another case, nor anybody else, nor in a role at another organisation, nor what is told later; and a page about
    the case is not the case."""

    def write() -> None:
        other = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
        db.session.execute(delete(Outbox))
        for case in (db.session.scalars(select(Case).where(Case.number == number)).one(), other):
            make.note(world.ana, case)
        make.note(world.ana, other, waits=True)

    def unread() -> list[tuple[int, int]]:
        rows_now = select(Outbox.person_id, Outbox.case_id).where(Outbox.read_at.is_(None)).order_by(Outbox.id)
        return [(row.person_id, row.case_id) for row in db.session.execute(rows_now)]

    client.outside(write)
    before = client.outside(unread)
    assert (
        '<span class="wh-count">2 new<'
        in client.sign_in(world.tom.person_id).get(f"/portal/cases/{number}/access").text
    )
    assert client.outside(unread) == before
    assert client.get(f"/portal/cases/{number}/").status_code == 200
    case_id = client.outside(lambda: db.session.scalars(select(Case.id).where(Case.number == number)).one())
    assert client.outside(unread) == [row for row in before if row != (world.tom.person_id, case_id)]
    assert '<span class="wh-count">1 new<' in client.get("/account").text


def test_each_chooses_how_they_are_told_of_what_reaches_their_role(
    client: Client, world: make.World, number: str
) -> None:
    """What cannot be turned off stands beneath. What is chosen counts from the next thing on, for nobody else."""
    page = client.sign_in(world.ana.person_id).get(SETTINGS)
    assert "A school adds something to a case that you have" in page.text
    assert "A case comes into the queue" not in page.text
    fixed = page.text.split("What always comes by mail")[1]
    assert "A case that you follow, or had, gets a new case manager" in fixed
    assert told_by(client, world, number) == {"ana": Channel.APP}
    for how, channel in (("daily", Channel.APP_DIGEST), ("at_once", Channel.APP_EMAIL), ("none", Channel.APP)):
        answer = client.fill(client.get(SETTINGS), "Save", school_added=how)
        assert (answer.status_code, answer.location) == (303, SETTINGS)
        assert "This is how you are told from now on." in client.get(SETTINGS).text
        assert told_by(client, world, number) == {"ana": channel}
    assert "That is how you are told already." in again(client)
    assert client.fill(client.get(SETTINGS), "Save", school_added="never").status_code == 422
    assert client.fill(client.get(SETTINGS), "Save", school_added=None).status_code == 422


def again(client: Client) -> str:
    """The page after it was saved as it stands."""
    client.fill(client.get(SETTINGS), "Save")
    return client.get(SETTINGS).text


def told_by(client: Client, world: make.World, number: str) -> dict[str, Channel]:
    """Tom writes on his case: who is told, and how."""

    def write() -> dict[str, Channel]:
        db.session.execute(delete(Outbox))
        make.note(world.tom, db.session.scalars(select(Case).where(Case.number == number)).one())
        names = {person.person_id: name for name, person in world.people.items()}
        told = db.session.execute(select(Outbox.person_id, Outbox.channel))
        return {names[row.person_id]: row.channel for row in told}

    found: dict[str, Channel] = client.outside(write)
    return found


def test_what_a_primary_contact_must_be_told_is_told_whatever_they_choose(
    client: Client, world: make.World, number: str
) -> None:
    """And what an attendance lead is told falls to office support where the school has none."""
    for who in (world.tom, world.mere):
        page = client.sign_in(who.person_id).get(SETTINGS)
        assert "As the primary contact you get a mail at once" in page.text
        chosen, always = page.text.split("What always comes by mail")
        assert "shares something on a case whose primary contact you are" in always
        assert "shares something on a case whose primary contact you are" not in chosen
        assert re.findall(r'__legend"[^>]*>\s*([^<]+?)\s*<', chosen)[0].endswith("on another case that you follow")
        client.fill(page, "Save", service_shared="daily")

    def share() -> dict[int, Channel]:
        db.session.execute(delete(Outbox))
        make.note(world.ana, db.session.scalars(select(Case).where(Case.number == number)).one())
        return {row.person_id: row.channel for row in db.session.execute(select(Outbox.person_id, Outbox.channel))}

    told = client.outside(share)
    assert told == {world.tom.person_id: Channel.APP_EMAIL, world.mere.person_id: Channel.APP_DIGEST}
    client.outside(lambda: end_role(db.session.get_one(RoleHeld, world.mere.role_held_id), by=None))
    told = client.outside(share)
    assert told == {world.tom.person_id: Channel.APP_EMAIL, world.priya.person_id: Channel.APP}


def test_every_event_that_tells_somebody_is_said_in_words() -> None:
    """Of the list for whoever chooses, and of the outbox for whoever is told."""
    room = Path(rules.__file__).parent
    texts = [file.read_text() for file in Path("app").rglob("*.py") if room not in file.parents]
    listed = {row["event"] for row in rows(LISTS / "notifications.csv") if row["can_mute"] == "yes"}
    telling = {event for event in listed if any(f'"{event}"' in text for text in texts)}
    assert telling <= set(rules.SAID)
    assert set(events._tellers) <= set(rules.WORDS)


def test_each_group_that_is_told_is_of_some_role() -> None:
    """Else whoever is in it has nothing to choose."""
    listed = [row for row in rows(LISTS / "notifications.csv") if row["event"] in rules.SAID]
    assert {group for row in listed for group in row["to"].split("|")} <= set(rules.REACHES)


def test_whoever_writes_letters_chooses_how_they_are_told_of_them(client: Client, world: make.World) -> None:
    """Case managers and leads of a service; of a school's people nobody writes a formal warning."""
    written = {f'name="{event}"' for event in ("letter_signed_or_sent_back", "letter_not_sent", "letter_facts_changed")}
    for who in (world.ana, world.ruth):
        page = client.sign_in(who.person_id).get(SETTINGS).text
        assert not [event for event in written if event not in page]
        client.fill(client.get(SETTINGS), "Save", letter_facts_changed="daily")
        assert "This is how you are told from now on." in client.get(SETTINGS).text
    for who in (world.tom, world.priya):
        assert 'name="letter_signed_or_sent_back"' not in client.sign_in(who.person_id).get(SETTINGS).text


def test_nothing_stands_both_among_the_choices_and_under_what_cannot_be_turned_off(
    client: Client, world: make.World
) -> None:
    """Of an event that comes by mail in one part and as one likes in another each list says its own."""
    for who in world.people.values():
        page = unescape(client.sign_in(who.person_id).get("/notifications/settings").text)
        choices, _, always = page.partition("What always comes by mail")
        fixed = re.findall("<li>([^<]+)</li>", always.partition("</ul>")[0])
        assert not [words for words in fixed if f">{words}<" in re.sub(r"\s*([<>])\s*", r"\1", choices)]


def link_of(client: Client, who: Actor) -> str:
    """What the newest mail to this person leads to."""

    def code() -> str:
        row = select(Outbox.id).where(Outbox.person_id == who.person_id).order_by(Outbox.id.desc()).limit(1)
        return link_code(client.application.extensions["settings"].secret_key, db.session.scalars(row).one())

    return f"{FROM_MAIL}{client.outside(code)}"


def test_a_mails_link_leads_to_the_very_page_and_nobody_else_anywhere(
    client: Client, world: make.World, number: str
) -> None:
    link = link_of(client, world.tom)
    answer = client.sign_in(world.tom.person_id).get(link)
    assert (answer.status_code, answer.location) == (303, f"/portal/cases/{number}/")
    assert client.get(f"{link}x").status_code == 404
    assert client.get(f"{FROM_MAIL}1").status_code == 404
    assert client.sign_in(world.mere.person_id).get(link).status_code == 404
    signed_out = client.sign_out().get(link)
    assert signed_out.location == f"/sign-in?next={link}"


def test_in_another_role_the_mails_link_offers_the_one_it_needs(client: Client, world: make.World, number: str) -> None:
    """With one press, and to the page."""
    link = link_of(client, world.ana)
    client.outside(lambda: make.actor(world.ana, Role.ATTENDANCE_LEAD, world.puna))
    page = client.sign_in(world.ana.person_id, Role.ATTENDANCE_LEAD).get(link)
    assert page.status_code == 200
    assert number not in page.text
    answer = client.fill(page, "Work as case manager, Te Awa Attendance Service")
    assert (answer.status_code, answer.location) == (303, link)
    assert client.get(link).location == f"/workspace/cases/{number}/"


def test_where_a_mails_link_leads_nowhere_any_more_the_page_says_why(
    client: Client, world: make.World, number: str
) -> None:
    link = link_of(client, world.tom)

    def leave() -> None:
        for enrolment in db.session.scalars(select(Enrolment)):
            enrolment.to_on = core_clock.today() - timedelta(days=1)

    client.outside(leave)
    page = client.sign_in(world.tom.person_id).get(link)
    assert page.status_code == 403
    assert "it is no longer yours to see" in page.text
    client.outside(lambda: make.actor(world.tom, Role.OFFICE_SUPPORT, world.puna))
    client.outside(lambda: end_role(db.session.get_one(RoleHeld, world.tom.role_held_id), by=None))
    page = client.sign_in(world.tom.person_id).get(link)
    assert page.status_code == 403
    assert "primary contact of Tawa Awa College, a role that you no longer hold" in page.text


@pytest.mark.parametrize("first", [Role.CASE_MANAGER, Role.ATTENDANCE_LEAD])
def test_signing_in_from_a_mail_begins_in_the_role_it_was_sent_to(
    client: Client, world: make.World, number: str, first: Role
) -> None:
    """Whichever was worked in last."""
    link = link_of(client, world.ana)
    client.outside(lambda: make.actor(world.ana, Role.ATTENDANCE_LEAD, world.puna))
    client.sign_in(world.ana.person_id, first).sign_out()

    def begun(path: str) -> Role:
        secret = client.application.extensions["settings"].secret_key
        claims = {"sub": "ana", "email": world.ana.email, "email_verified": True}
        wanted = partial(role_for, path=path, secret=secret)
        held = arrive(claims, issuer="issuer", rules=Rules(()), log=client.application.logger, role_for=wanted)
        assert isinstance(held, RoleHeld)
        return held.role

    assert client.outside(begun, link) is Role.CASE_MANAGER
    assert client.outside(begun, "/account") is first


def test_a_line_says_whose_case_it_is_and_ones_own_act_is_not_new(client: Client, world: make.World) -> None:
    """The mail with the reference goes to whoever sent the request (REQ-9); in the app it is nothing new to them."""
    number = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).number)
    sender = client.sign_in(world.priya.person_id).get(LISTED)
    assert number in sender.text
    assert "wh-count" not in sender.text
    contact = client.sign_in(world.tom.person_id).get(LISTED)
    assert '<span class="wh-count">1 new<' in contact.text
    name = client.outside(lambda: db.session.get_one(Student, world.ng.id).legal_name)
    assert f"<bdi>{name}</bdi>, {number}</a>" in unescape(contact.text)
    assert name not in unescape(client.sign_in(world.aroha.person_id).get(LISTED).text)
