"""Batches of letters in the browser: chosen, looked through, made, printed, posted and undone (L6), without scripts."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.calendars.working_days import due_date
from app.cases.models import Case
from app.cases.tasks.models import Task
from app.core import clock as core_clock
from app.core.db import db
from app.core.pdf.press import Press
from app.core.seen import ViewLog
from app.letters.answers import HOPED_FOR
from app.letters.batches.models import BatchLine, LetterBatch, LineState
from app.letters.batches.sheet import SHARED
from app.letters.carrying import make_due
from app.letters.models import Letter
from app.letters.rendering import the_press
from app.students.models import Caregiver
from tests import make
from tests.letters.test_batches import ready_case, waiting_mail
from tests.letters.test_own_texts import text_in_use
from tests.letters.test_written_texts import STATED
from tests.support.client import Client
from tests.support.databases import Database, Scene
from tests.support.statements import Statements

HERE = "/workspace/letters/batches/"
CHOOSE = {"purpose": "CA", "rule": "letter_1"}
CEILINGS = {"review": 6, "list": 3, "ticks": 3, "not": 6, "begin": 9, "making": 6}
MARKER = "=cmd|' /C calc'!A0"


def three_ready() -> make.World:
    world = make.world()
    for number in range(3):
        ready_case(world, number)
    return world


@pytest.fixture
def scene() -> Scene:
    return three_ready


@pytest.fixture
def world(clock: Traveller, client: Client, database: Database) -> make.World:
    made: make.World = database.made
    client.sign_in(made.ana.person_id)
    return made


@pytest.fixture
def work(app: Flask, client: Client, press: Press) -> Callable[[], None]:
    """The worker does what is due."""
    app.extensions["press"] = press

    def done() -> None:
        assert client.outside(the_press) is press
        client.outside(make_due)

    return done


def chosen(client: Client, **body: str) -> str:
    """The address of a list that was chosen."""
    answer = client.send(f"{HERE}new", **{**CHOOSE, **body})
    assert answer.status_code == 303
    return str(answer.location)


def made(client: Client, work: Callable[[], None]) -> str:
    at = chosen(client)
    assert client.fill(client.get(at), "Make 3 letters").status_code == 303
    work()
    return at


def days_sent(client: Client) -> list[date | None]:
    return list(client.outside(lambda: db.session.scalars(select(Letter.sent_on).order_by(Letter.id)).all()))


def place_of_skipped(client: Client) -> int:
    skipped = select(BatchLine.place).where(BatchLine.state == LineState.SKIPPED)
    return int(client.outside(lambda: db.session.scalars(skipped).one()))


def today(name: str) -> dict[str, str]:
    day = core_clock.today()
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_from_choosing_to_posted(client: Client, world: make.World, work: Callable[[], None]) -> None:
    assert "Batches of letters" in client.get("/workspace/cases/").text
    assert "There is no batch yet" in client.get(HERE).text
    answer = client.fill(client.get(f"{HERE}new"), "Show me the list", rule="letter_1")
    at = str(answer.location)
    page = client.get(at)
    assert "3 lines found" in page.text
    assert page.text.count(">Ready</strong>") == 3
    client.fill(page, "Make 3 letters")
    assert "0 of 3 letters made" in client.get(at).text
    work()
    page = client.get(at)
    assert "3 letters made" in page.text
    pdf = client.get(f"{at}letters.pdf")
    assert pdf.data.startswith(b"%PDF")
    assert "Letters to print.pdf" in pdf.headers["Content-Disposition"]
    page = client.get(f"{at}posting")
    assert "By when do you hope for an answer?" in page.text
    assert client.fill(page, "Note them as posted").location == at
    assert "being noted as posted" in client.get(at).text
    work()
    assert "3 letters made, 3 sent" in client.get(at).text
    assert days_sent(client) == [core_clock.today()] * 3
    assert "posted" in client.get(HERE).text
    by_day = due_date(core_clock.today(), HOPED_FOR, "WGN")
    assert set(client.outside(lambda: db.session.scalars(select(Task.due_on)).all())) == {by_day}


def test_an_answer_is_hoped_for_by_a_day_after_the_posting_or_by_none(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at = made(client, work)
    answer = client.send(f"{at}posting", **today("posted_on"), **today("answer_by"))
    assert (answer.status_code, "Choose a day to come, after the letters were posted" in answer.text) == (422, True)
    assert client.send(f"{at}posting", **today("posted_on")).location == at
    work()
    assert days_sent(client) == [core_clock.today()] * 3
    assert client.outside(lambda: db.session.scalar(select(Task.id))) is None


def test_what_goes_to_one_person_about_two_children_can_share_an_envelope(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    """To whoever lives there too, and is somebody else, it goes in another one."""

    def siblings() -> None:
        people = db.session.scalars(select(Caregiver).where(Caregiver.name.startswith("Nan Number"))).all()
        for caregiver, name in zip(people, ("Nan Zqxwv", "Nan Zqxwv", "Koro Zqxwv"), strict=True):
            caregiver.name, caregiver.address = name, "3 Kōwhai Road\nPorirua 5022"

    client.outside(siblings)
    at = made(client, work)
    rows = list(csv.reader(io.StringIO(client.get(f"{at}posting-list.csv").data.decode("utf-8-sig"))))
    assert [(row[1], row[5]) for row in rows[1:]] == [("Koro Zqxwv", ""), ("Nan Zqxwv", ""), ("Nan Zqxwv", SHARED)]


def test_a_line_is_put_back_only_with_a_form_that_is_in_order(client: Client, world: make.World) -> None:
    at = chosen(client)
    client.fill(client.get(f"{at}lines/1/skipping"), "Skip it", skipped_why="Spoken with yesterday.")
    page = client.get(f"{at}?show=skipped")
    place = place_of_skipped(client)
    assert client.send(f"{at}lines/{place}/back", once="one").status_code == 303
    client.send(f"{at}lines/{place}/skipping", skipped_why="Again.")
    answer = client.send(f"{at}lines/{place}/back", once="one", other="content")
    assert answer.status_code in {409, 422}
    assert place_of_skipped(client) == place
    assert "Spoken with yesterday." in page.text


def test_nobody_due_is_said_and_no_list_is_kept(client: Client, world: make.World) -> None:
    answer = client.send(f"{HERE}new", purpose="NEN", rule="letter_1")
    assert (answer.status_code, "Nobody has a letter due by this rule" in answer.text) == (422, True)
    assert client.send(f"{HERE}new", purpose="CA").status_code == 422
    assert client.outside(lambda: db.session.scalar(select(LetterBatch.id))) is None


def test_cases_are_ticked(client: Client, world: make.World) -> None:
    answer = client.send(f"{HERE}new", purpose="CA", rule="ticked")
    assert answer.location == f"{HERE}ticked?purpose=CA"
    page = client.get(answer.location)
    assert page.text.count('type="checkbox"') == 3
    assert "Tick the cases first" in client.send(f"{HERE}ticked?purpose=CA").text
    (one, *_) = client.outside(lambda: [row.number for row in db.session.execute(NUMBERS)])
    at = str(client.send(f"{HERE}ticked?purpose=CA", case=one).location)
    assert client.get(at).text.count(">Ready</strong>") == 1


NUMBERS = select(Case.number).order_by(Case.id)


def test_one_is_skipped_with_a_reason_and_put_back(client: Client, world: make.World) -> None:
    at = chosen(client)
    assert client.send(f"{at}lines/1/skipping").status_code == 422
    client.fill(client.get(f"{at}lines/1/skipping"), "Skip it", skipped_why="Spoken with yesterday.")
    page = client.get(f"{at}?show=skipped")
    assert "Spoken with yesterday." in page.text
    assert "Make 2 letters" in page.text
    client.send(f"{at}lines/{place_of_skipped(client)}/back")
    assert "Make 3 letters" in client.get(at).text


def test_it_is_said_that_who_chose_email_is_printed_as_well_unless_skipped(client: Client, world: make.World) -> None:
    said = "Letters to people who chose e-mail are printed as well, unless you skip their lines."
    assert said in client.get(chosen(client)).text


def test_who_is_not_ready_stands_apart_and_is_ready_once_that_is_mended(client: Client, world: make.World) -> None:
    def moved(address: str) -> None:
        named = select(Caregiver).where(Caregiver.name == "Nan Number1")
        db.session.scalars(named).one().address = address

    client.outside(moved, "")
    at = chosen(client)
    page = client.get(f"{at}?show=not_ready")
    assert "There is no address to write to." in page.text
    assert "What it needs" in page.text
    assert "Make 2 letters" in page.text
    client.outside(moved, "1 Aka Lane\nTawa")
    client.fill(page, "Look at everybody again")
    assert "Make 3 letters" in client.get(at).text


def test_pressed_twice_or_by_two_it_is_begun_once(
    client: Client, world: make.World, another_client: Callable[[], Client]
) -> None:
    at = chosen(client)
    lead = another_client()
    lead.sign_in(world.ruth.person_id)
    pages = client.get(at), lead.get(at)
    assert client.fill(pages[0], "Make 3 letters").status_code == 303
    assert client.fill(pages[0], "Make 3 letters").status_code == 303
    late = lead.fill(pages[1], "Make 3 letters")
    assert (late.status_code, "This batch was begun already." in late.text) == (409, True)


def test_cancelled_nothing_more_is_made(client: Client, world: make.World, work: Callable[[], None]) -> None:
    at = chosen(client)
    client.fill(client.get(at), "Make 3 letters")
    client.fill(client.get(at), "Stop: make no more of them")
    work()
    assert days_sent(client) == [None] * len(days_sent(client))
    assert "cancelled before this letter was made" in client.get(f"{at}?show=left_out").text
    assert client.send(f"{at}posting", **today("posted_on")).status_code == 409


def test_a_list_is_thrown_away(client: Client, world: make.World) -> None:
    at = chosen(client)
    client.fill(client.get(at), "Throw this list away")
    page = client.get(at)
    assert "Cancelled" in page.text
    assert "Make 3 letters" not in page.text
    assert client.send(f"{at}making").status_code == 409


def test_undone_with_a_reason_what_was_sent_is_named(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at = made(client, work)
    whose = select(Case.number, Letter.public_id).join(Letter, Letter.case_id == Case.id).order_by(Letter.id)
    number, letter = client.outside(lambda: db.session.execute(whose).first())
    client.send(f"/workspace/cases/{number}/letters/{letter}/sending", method="post", **today("sent_on"))
    page = client.get(f"{at}undoing")
    assert "What was sent stays" in page.text
    assert number in page.text
    assert client.send(f"{at}undoing").status_code == 422
    client.fill(page, "Undo this batch", why="Wrong letterhead.")
    work()
    page = client.get(at)
    assert "3 letters made, 1 sent, 2 void" in page.text
    assert "Wrong letterhead." in page.text
    assert client.get(f"{at}letters.pdf").status_code == 404


def test_the_posting_list_is_safe_in_a_spreadsheet_and_keeps_its_macrons(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    def hostile() -> None:
        named = select(Caregiver).where(Caregiver.name == "Nan Number1")
        db.session.scalars(named).one().name = MARKER

    client.outside(hostile)
    at = made(client, work)
    rows = list(csv.reader(io.StringIO(client.get(f"{at}posting-list.csv").data.decode("utf-8-sig"))))
    assert rows[0] == ["No.", "To", "Address", "Case", "Pages", "Note"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    assert rows[1][1].startswith("'=cmd")
    assert any("Kōwhai Road, Porirua 5022" in row[2] for row in rows)
    printed = client.get(f"{at}posting-list")
    assert printed.text.count("<tr>") == 4


def test_who_opens_the_letters_of_a_batch_stands_in_the_log_of_each_case(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at = made(client, work)
    client.get(f"{at}letters.pdf")
    logged = select(ViewLog.case_id).where(ViewLog.page == "letters of a batch")
    assert len(set(client.outside(lambda: db.session.scalars(logged).all()))) == 3


def test_another_case_manager_sees_of_a_lead_s_batch_only_what_is_theirs(
    client: Client, world: make.World, work: Callable[[], None], another_client: Callable[[], Client]
) -> None:
    client.outside(lambda: ready_case(world, 7, to=world.david))
    lead, david = another_client(), another_client()
    lead.sign_in(world.ruth.person_id)
    david.sign_in(world.david.person_id)
    at = chosen(lead)
    assert david.get(at).status_code == 404
    client_made = lead.fill(lead.get(at), "Make 4 letters")
    assert client_made.status_code == 303
    work()
    page = david.get(at)
    assert "3 lines of this batch are on cases of others" in page.text
    assert "Nan Number7" in page.text
    for number in range(3):
        assert f"Number{number}" not in page.text + david.get(f"{at}posting-list").text
        assert f"Number{number}" not in david.get(f"{at}posting-list.csv").text
    assert david.get(f"{at}letters.pdf").status_code == 403
    assert david.send(f"{at}undoing", why="Mine.").status_code == 403
    assert client.get(HERE).status_code == 200


def test_a_lead_puts_the_file_together_again_without_a_case_that_went_elsewhere(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    def went() -> str:
        case = db.session.scalars(select(Case).join(Letter, Letter.case_id == Case.id).order_by(Letter.id)).first()
        assert case is not None
        case.service_id = None
        return case.number

    client.sign_in(world.ruth.person_id)
    at = made(client, work)
    gone = client.outside(went)
    page = client.get(at)
    assert "holds 1 letter on cases that are not yours any more" in page.text
    assert client.get(f"{at}letters.pdf").status_code == 403
    client.fill(page, "Put it together without it")
    work()
    page = client.get(at)
    assert "Fetch the file to print" in page.text
    assert client.get(f"{at}letters.pdf").status_code == 200
    assert gone not in page.text + client.get(f"{at}posting-list").text


def test_how_many_letters_stay_on_closed_cases_or_with_the_mail_server_is_said(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    def closed_and_mailed() -> None:
        first, second, _ = db.session.scalars(select(Letter).order_by(Letter.id)).all()
        make.closed(db.session.get_one(Case, first.case_id), by=world.ana)
        waiting_mail(second, world.ana)

    at = made(client, work)
    client.outside(closed_and_mailed)
    page = client.get(f"{at}posting")
    for text in (page.text, client.get(at).text):
        assert "1 letter is on a case that is closed: it stays as it is" in text
        assert "1 letter is on its way by e-mail: it is not noted as posted" in text
    assert "Note 1 letter as posted" in page.text
    page = client.get(f"{at}undoing")
    assert "2 letters that were made and not sent" in page.text
    assert "1 letter on closed cases stays as it is" in page.text


def test_a_page_of_a_batch_asks_few_statements(
    client: Client, world: make.World, statements: Statements, work: Callable[[], None]
) -> None:
    at = chosen(client)
    counts = {}
    for name, address in (("review", at), ("list", HERE), ("ticks", f"{HERE}ticked"), ("not", f"{at}?show=not_ready")):
        with statements.counted():
            client.get(address)
        counts[name] = statements.count
    page = client.get(at)
    with statements.counted():
        client.fill(page, "Make 3 letters")
    counts["begin"] = statements.count
    with statements.counted():
        client.get(at)
    counts["making"] = statements.count
    assert all(count <= CEILINGS[name] for name, count in counts.items()), counts


def test_a_poll_is_not_logged_and_ends_when_all_is_done(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at = chosen(client)
    client.fill(client.get(at), "Make 3 letters")
    poll: TestResponse = client.get(at, headers={"HX-Request": "true"})
    assert 'data-hx-trigger="every 2s"' in poll.text
    assert "<html" not in poll.text
    work()
    poll = client.get(at, headers={"HX-Request": "true"})
    assert "data-hx-trigger" not in poll.text
    assert "3 letters made" in poll.text


def test_twenty_five_lines_stand_on_a_page(client: Client, world: make.World) -> None:
    def many() -> None:
        batch = db.session.scalars(select(LetterBatch)).one()
        first = db.session.scalars(select(BatchLine)).first()
        assert first is not None
        for place in range(10, 40):
            line = BatchLine(batch_id=batch.id, place=place, case_id=first.case_id, caregiver_id=first.caregiver_id)
            line.step, line.state = 1, LineState.READY
            db.session.add(line)

    at = chosen(client)
    client.outside(many)
    page = client.get(at)
    assert page.text.count(">Ready</strong>") == 25
    assert client.get(f"{at}?show=ready&after=31").text.count(">Ready</strong>") == 8


def test_a_number_of_a_line_that_is_too_large_is_no_line(client: Client, world: make.World) -> None:
    here, big = chosen(client), "9" * 20
    assert client.get(f"{here}lines/{big}/skipping").status_code == 404
    assert client.get(f"{here}lines/9999/skipping").status_code == 404
    page = client.get(f"{here}?after={big}")
    assert page.status_code == 200
    assert "Pupil Number1" not in page.text
    assert "Pupil Number1" in client.get(f"{here}?after=-{big}").text


def test_a_list_says_in_which_language_letters_will_be_where_it_is_not_english(
    client: Client, world: make.World
) -> None:
    """LET-9: whoever looks it through sees that there is no text in somebody's language, and thinks of an interpreter."""

    at = chosen(client)

    def spoken() -> None:
        text_in_use(world.ruth, "Talofa.", "sm")
        text_in_use(world.lupe, "Mālō.", "to")
        there = select(Caregiver).join(BatchLine, BatchLine.caregiver_id == Caregiver.id).order_by(BatchLine.place)
        for caregiver, language in zip(db.session.scalars(there), ("Samoan", "Tongan", "English"), strict=True):
            caregiver.language = language

    client.outside(spoken)
    page = client.get(at)
    assert page.text.count(">In Samoan</small>") == 1
    assert page.text.count(">In English: no text in Tongan is in use</small>") == 1
    assert page.text.count("In English") == 1
    assert client.statements.count <= CEILINGS["review"] + 1


def test_a_list_says_whose_text_was_changed_since_until_everybody_is_looked_at_again(
    client: Client, world: make.World, clock: Traveller
) -> None:
    at = chosen(client)
    assert "text was changed" not in client.get(at).text
    clock.shift(60)
    client.outside(lambda: text_in_use(world.ruth, STATED))
    page = client.get(at)
    assert "A text was changed</strong> since everybody was looked at" in page.text
    assert page.text.count("Text changed meanwhile</strong>") == 3
    clock.shift(60)
    client.fill(page, "Look at everybody again")
    page = client.get(at)
    assert "ext changed meanwhile" not in page.text
    assert page.text.count(">Ready</strong>") == 3


def test_where_nothing_is_left_to_do_a_page_says_so_and_asks_nothing(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at = made(client, work)
    client.fill(client.get(f"{at}posting"), "Note them as posted")
    work()
    for name, said, body in (
        ("posting", "These letters were noted as posted already.", {**today("posted_on")}),
        ("undoing", "There is no letter in this batch that is made, not sent", {"why": "Zqxwv"}),
    ):
        page = client.get(f"{at}{name}").text
        assert "There is nothing to" in page
        assert said in page
        assert f'action="{at}{name}"' not in page
        for typed in (body, {}):
            refused = client.send(f"{at}{name}", **typed)
            assert refused.status_code == 409
            assert said in refused.text
    assert "Undo this batch" not in client.get(at).text


def test_a_list_that_is_looked_through_is_neither_posted_nor_undone(client: Client, world: make.World) -> None:
    at = chosen(client)
    for name in ("posting", "undoing"):
        assert "Only a batch" in client.get(f"{at}{name}").text
        assert client.send(f"{at}{name}").status_code == 409
