"""Many letters of a school in the browser: who has one due, chosen, looked through, made, posted and undone (L6, L10), without
scripts."""

import csv
import io
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from app.core import clock as core_clock
from app.core.db import db
from app.core.pdf.press import Press
from app.letters.batches.models import BatchLine, LetterBatch, LineState
from app.letters.batches.sheet import SHARED
from app.letters.carrying import make_due
from app.letters.models import Letter
from app.letters.rendering import the_press
from tests import make
from tests.letters import school
from tests.support.client import Client
from tests.support.databases import Database, Scene
from tests.support.statements import Statements

DUE, HERE = "/portal/letters/", "/portal/letters/batches/"
CEILINGS = {"due": 13, "review": 6, "list": 3, "ticks": 5, "not": 6, "begin": 9, "making": 6}
HOME = "3 Kōwhai Road\nPorirua 5022"


def three_due() -> make.World:
    """To one person about two students, and to somebody without an address about a third; a fourth has left."""
    world = make.world()
    make.letterhead(world.tawa, by=world.mere)
    people = (
        ("Hemi", "Nan Zqxwv", HOME),
        ("Rangi", "Nan Zqxwv", HOME),
        ("Tui", "Wai Tāne", ""),
        ("Gone", "Koro", HOME),
    )
    for number, (name, to, address) in enumerate(people):
        pupil = make.student(f"{name} Tāne", world.tawa)
        school.absent(world.mere, pupil, 10 + 2 * number)
        school.caregiver(world.mere, pupil, to, address=address)
        if name == "Gone":
            make.left(pupil, world.tawa)
    return world


@pytest.fixture
def scene() -> Scene:
    return three_due


@pytest.fixture
def world(clock: Traveller, client: Client, database: Database) -> make.World:
    made: make.World = database.made
    client.sign_in(made.mere.person_id)
    return made


@pytest.fixture
def work(app: Flask, client: Client, press: Press) -> Callable[[], None]:
    """The worker does what is due."""
    app.extensions["press"] = press

    def done() -> None:
        assert client.outside(the_press) is press
        client.outside(make_due)

    return done


def chosen(client: Client, rule: str = "due") -> str:
    """The address of a list that was chosen."""
    answer = client.send(f"{HERE}new", rule=rule)
    assert answer.status_code == 303
    return str(answer.location)


def made(client: Client, work: Callable[[], None]) -> str:
    at = chosen(client)
    assert client.fill(client.get(at), "Make 2 letters").status_code == 303
    work()
    return at


def day(name: str, on: date) -> dict[str, str]:
    return {f"{name}-day": str(on.day), f"{name}-month": str(on.month), f"{name}-year": str(on.year)}


def test_who_is_past_a_step_stands_with_what_is_due_and_what_is_in_the_way(client: Client, world: make.World) -> None:
    assert 'href="/portal/letters/"' in client.get("/portal/").text
    page = client.get(DUE)
    for words in ("Hemi Tāne", "5 days", "as known on", "Our register", "There is no address to write to."):
        assert words in page.text
    assert page.text.count(">Ready</strong>") == 2
    assert "Gone Tāne" not in page.text
    assert "Grace Ng" not in page.text
    assert "Nobody stands here" in client.get(f"{DUE}?step=3").text
    assert "Hemi Tāne" in client.get(f"{DUE}?step=1").text
    assert "Nobody stands here" not in client.get(f"{DUE}?step={'9' * 30}").text
    client.sign_in(world.jin.person_id)
    assert "Tāne" not in client.get(DUE).text
    client.sign_in(world.tom.person_id)
    assert client.get(DUE).status_code == 403


def test_of_days_told_long_ago_it_is_said_what_a_batch_waits_for(
    client: Client, world: make.World, clock: Traveller
) -> None:
    assert "working days ago" not in client.get(DUE).text
    clock.shift(timedelta(days=15))
    client.sign_in(world.mere.person_id)
    page = client.get(DUE).text
    assert (page.count("That is 11 working days ago."), page.count("Look at it first")) == (3, 2)
    assert ">Ready</strong>" not in page


def test_for_whom_nobody_is_named_that_is_said(client: Client, world: make.World) -> None:
    client.outside(lambda: school.absent(world.mere, world.ng, 12))
    assert "Nobody named" in client.get(DUE).text


def test_from_choosing_to_posted(client: Client, world: make.World, work: Callable[[], None]) -> None:
    page = client.get(f"{HERE}new")
    assert "Letter 1 is due: 5 days absent or more in this term" in page.text
    at = str(client.fill(page, "Show me the list", rule="letter_1").location)
    page = client.get(at)
    assert "3 lines found" in page.text
    assert page.text.count(">Ready</strong>") == 2
    assert "There is no address to write to." in client.get(f"{at}?show=not_ready").text
    client.fill(page, "Make 2 letters")
    assert "0 of 2 letters made" in client.get(at).text
    work()
    page = client.get(at)
    assert "2 letters made" in page.text
    assert client.get(f"{at}letters.pdf").data.startswith(b"%PDF")
    page = client.fill(client.get(f"{at}posting"), "Note them as posted")
    assert page.location == at
    work()
    page = client.get(at)
    assert "2 letters made, 2 sent" in page.text
    assert "An answer is hoped for until" in page.text
    assert "0 answered" in page.text
    assert "Letter 1 of this term is written" in client.get(DUE).text


def test_the_day_of_an_answer_comes_after_the_posting(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at, today = made(client, work), core_clock.today()
    answer = client.send(f"{at}posting", **day("posted_on", today), **day("answer_by", today))
    assert (answer.status_code, "Choose a day to come" in answer.text) == (422, True)
    assert client.send(f"{at}posting", **day("posted_on", today)).location == at
    kept = client.outside(lambda: db.session.execute(select(LetterBatch.posted_on, LetterBatch.answer_by)).one())
    assert tuple(kept) == (today, None)


def test_students_are_ticked(client: Client, world: make.World) -> None:
    assert client.send(f"{HERE}new", rule="ticked_students").location == f"{HERE}ticked"
    page = client.get(f"{HERE}ticked")
    assert page.text.count('type="checkbox"') == 3
    assert "Tick the students first" in client.send(f"{HERE}ticked").text
    assert "Nobody has a letter due" in client.send(f"{HERE}ticked", student=world.ng.public_id).text
    ticked = page.text.partition('name="student"')[2].partition('value="')[2].partition('"')[0]
    assert "1 line found" in client.get(str(client.send(f"{HERE}ticked", student=ticked).location)).text


def test_a_rule_that_is_none_of_a_school_is_refused(client: Client, world: make.World) -> None:
    for rule in ("", "ticked", "letter_4", "open_10"):
        assert client.send(f"{HERE}new", rule=rule).status_code == 422
    assert "Nobody has a letter due by this rule" in client.send(f"{HERE}new", rule="holidays").text


def test_one_is_skipped_put_back_and_the_batch_thrown_away(client: Client, world: make.World) -> None:
    at = chosen(client)
    page = client.get(f"{at}lines/1/skipping")
    assert "Skip the letter to" in page.text or page.status_code == 303
    places = select(BatchLine.place).where(BatchLine.state == LineState.READY).order_by(BatchLine.place)
    place = client.outside(lambda: db.session.scalars(places).first())
    client.fill(client.get(f"{at}lines/{place}/skipping"), "Skip it", skipped_why="Spoken with yesterday.")
    assert "Make 1 letter" in client.get(at).text
    client.send(f"{at}lines/{place}/back")
    page = client.get(at)
    assert "Make 2 letters" in page.text
    client.fill(page, "Look at everybody again")
    client.fill(client.get(at), "Throw this list away")
    assert "Cancelled" in client.get(at).text


def test_the_posting_list_names_the_student_and_who_can_share_an_envelope(
    client: Client, world: make.World, work: Callable[[], None]
) -> None:
    at = made(client, work)
    rows = list(csv.reader(io.StringIO(client.get(f"{at}posting-list.csv").data.decode("utf-8-sig"))))
    assert rows[0] == ["No.", "To", "Address", "Student", "Pages", "Note"]
    assert {row[3] for row in rows[1:]} == {"Hemi Tāne", "Rangi Tāne"}
    assert [row[5] for row in rows[1:]] == ["", SHARED]
    printed = client.get(f"{at}posting-list").text
    assert "For our school only" in printed
    assert SHARED in printed


def test_undone_what_was_not_sent_is_void(client: Client, world: make.World, work: Callable[[], None]) -> None:
    at = made(client, work)
    client.fill(client.get(f"{at}undoing"), "Undo this batch", why="Wrong letterhead.")
    work()
    assert "2 letters made, 2 void" in client.get(at).text
    assert client.get(f"{at}letters.pdf").status_code == 404
    void = client.outside(lambda: db.session.scalars(select(Letter.void_why)).all())
    assert list(void) == ["Wrong letterhead."] * 2


def test_another_school_and_a_contact_find_no_batch(
    client: Client, world: make.World, work: Callable[[], None], another_client: Callable[[], Client]
) -> None:
    at = made(client, work)
    for who, status in ((world.jin, 404), (world.tom, 404), (world.ana, 404), (world.priya, 200)):
        other = another_client()
        other.sign_in(who.person_id)
        for address in (at, f"{at}letters.pdf", f"{at}posting-list", f"{at}posting-list.csv", f"{at}undoing"):
            assert other.get(address).status_code == status, (who.name, address)
        assert "Tāne" not in other.get(HERE).text
    assert client.get(at.replace("/portal/", "/workspace/")).status_code == 404


def test_its_pages_ask_few_statements_however_many_students_there_are(
    client: Client, world: make.World, statements: Statements
) -> None:
    def more() -> None:
        for number in range(30):
            pupil = make.student(f"Pupil Number{number}", world.tawa)
            school.absent(world.mere, pupil, 10)
            school.caregiver(world.mere, pupil, f"Nan Number{number}", address=f"{number} Rātā Street\nTawa")

    with statements.counted():
        client.get(DUE)
    counts = {"due": statements.count}
    client.outside(more)
    with statements.counted():
        page = client.get(DUE)
    assert statements.count == counts["due"]
    assert page.text.count("<tr>") == 26
    assert "after=" in page.text
    at = chosen(client)
    for name, address in (("review", at), ("list", HERE), ("ticks", f"{HERE}ticked"), ("not", f"{at}?show=not_ready")):
        with statements.counted():
            client.get(address)
        counts[name] = statements.count
    page = client.get(at)
    with statements.counted():
        client.fill(page, "Make 32 letters")
    counts["begin"] = statements.count
    with statements.counted():
        client.get(at)
    counts["making"] = statements.count
    assert all(count <= CEILINGS[name] for name, count in counts.items()), counts


def test_each_page_of_students_goes_on_where_the_one_before_ended(client: Client, world: make.World) -> None:
    def more() -> None:
        for number in range(30):
            school.absent(world.mere, make.student(f"Pupil Number{number}", world.tawa), 10)

    client.outside(more)
    first = client.get(DUE)
    second = client.get(f"{DUE}?after={first.text.partition('?after=')[2].partition(chr(34))[0]}")
    seen = [page.text.count("<tr>") - 1 for page in (first, second)]
    assert seen == [25, 8]
