"""A student's half-day marks on the page of their attendance, at the school and on a case (T2, T4): pictures, tables, and nobody
else's marks."""

import gzip
import re
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from sqlalchemy import update

from app.attendance.marks.models import ImportedWeek, ImportState, ImportWay, MarkImport
from app.attendance.tallies.models import ConfirmedTerm
from app.cases.entries import Audience, Entry
from app.cases.models import Case, Status
from app.core import clock
from app.core.db import db
from tests import make
from tests.attendance import marked
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
CEILINGS = {"school": 12, "case": 15}
WEEKS = ("PPPPTTPPPP", "MMPPPPPPJJ", "PPTTPPPPPP", "PP?.PPPPPP")
LARGEST = 8 * 1024
LAST_YEAR = date(2025, 10, 6)


@pytest.fixture
def mere(client: Client, world: make.World) -> Client:
    return client.sign_in(world.mere.person_id)


def here(world: make.World) -> str:
    return f"/portal/students/{world.ng.public_id}/attendance"


def words(page: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def drawn(page: Any, name: str) -> str:
    """The SVG of one picture."""
    found = re.search(rf'<svg class="wh-picture wh-picture--{name}".*?</svg>', page.text, re.DOTALL)
    assert found, f"no picture {name}"
    return found[0]


def with_marks(client: Client, world: make.World) -> None:
    client.outside(lambda: marked.term(world.tawa, world.ng, *WEEKS, from_on=date(2026, 2, 9)))


def test_without_marks_the_page_is_as_it_was(mere: Client, world: make.World) -> None:
    page = mere.get(here(world))
    assert "<svg" not in page.text.split("</header>", 1)[1]
    assert "Nobody has told the days absent yet" in page.text


def test_the_term_is_drawn_with_sums_and_the_same_facts_as_a_table(mere: Client, world: make.World) -> None:
    with_marks(mere, world)
    page = mere.get(here(world))
    assert mere.statements.count <= CEILINGS["school"]
    said = words(page)
    for text in ("Term 1 of 2026", "4½, good", "1 half-day of open days", "Fri 6 March", "provisional"):
        assert text in said
    assert "It is not the Ministry’s figure" in said
    assert "where there are marks, they hold" in said
    signs = "".join(re.findall(r'<text class="wh-s-\w+"[^>]*>([^<]*)</text>', drawn(page, "term")))
    assert sorted(signs.replace("–", "").replace("·", "")) == sorted("".join(WEEKS).replace(".", ""))
    assert "T Truant, or no information given" in said
    table = page.text[page.text.index("Half-days of term 1 of 2026, morning then afternoon") :]
    assert "M M" in re.sub(r"\s+", " ", table)
    for name in ("weekdays", "weeks", "line"):
        assert 'role="img"' in drawn(page, name)
        assert f'aria-labelledby="{name}-title {name}-more"' in drawn(page, name)
    assert "Tuesday morning" in said, "the same facts, beneath"


def test_nothing_in_a_picture_has_a_style_or_a_colour_of_its_own(mere: Client, world: make.World) -> None:
    with_marks(mere, world)
    page = mere.get(here(world))
    for name in ("term", "weekdays", "weeks", "line"):
        assert not re.search(r"(style|fill|stroke)=|<style|#[0-9a-f]{3}", drawn(page, name))


def test_former_terms_stand_beneath_and_are_looked_at_one_by_one(mere: Client, world: make.World) -> None:
    with_marks(mere, world)
    mere.outside(lambda: marked.term(world.tawa, world.ng, "TTTTTTTTTT", "TTPPPPPPPP", from_on=LAST_YEAR))
    mere.outside(
        lambda: db.session.add(
            ConfirmedTerm(school_id=world.tawa.id, term=20254, at=clock.now(), by_id=world.mere.person_id)
        )
    )
    page = mere.get(here(world))
    assert 'href="?term=20254"' in page.text
    assert "6, worrying" in words(page)
    then = words(mere.get(f"{here(world)}?term=20254"))
    assert f"confirmed by {world.mere.name}" in then
    assert "Term 4 of 2025" in then
    assert "6, worrying (5 days or more)" in then
    for odd in ("19001", "Zqxwv", "20254&school=9003"):
        assert mere.get(f"{here(world)}?term={odd}").status_code == 200


def at_both(client: Client, world: make.World) -> None:
    """Hēmi has marks at Tawa Awa College, and at the school he went to before."""

    def both() -> None:
        make.enrolled(world.whanau.id, world.puna, from_on=date(2025, 7, 14), to_on=date(2025, 12, 12))
        marked.term(world.puna, world.whanau, "EEEEEEEEEE", from_on=LAST_YEAR)
        marked.term(world.tawa, world.whanau, *WEEKS, from_on=date(2026, 2, 9))

    client.outside(both)


def test_a_school_sees_its_own_marks_and_the_service_of_the_case_every_schools(
    client: Client, world: make.World, number: str
) -> None:
    at_both(client, world)
    school = client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/attendance")
    assert client.statements.count <= CEILINGS["case"]
    assert "4½, good" in words(school)
    assert world.puna.name not in school.text
    assert "20254" not in school.text
    assert world.puna.name not in client.get(f"/portal/cases/{number}/attendance?term=20254&school=9002").text
    service = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/attendance")
    assert client.statements.count <= CEILINGS["case"]
    assert world.puna.name in service.text
    assert "term=20254&amp;school=9002" in service.text
    there = client.get(f"/workspace/cases/{number}/attendance?term=20254&school=9002")
    assert "E Explained, not approved" in words(there)
    assert "5, worrying" in words(there)


def test_what_happened_stands_on_the_line_as_far_as_one_may_know(
    client: Client, world: make.World, number: str
) -> None:
    client.outside(lambda: marked.term(world.tawa, world.whanau, *WEEKS, from_on=date(2026, 2, 9)))

    def add(kind: str, body: str, audience: Audience) -> None:
        case = db.session.query(Case).filter_by(number=number).one()
        entry = Entry(public_id=body, case_id=case.id, kind=kind, audience=audience, body=body)
        entry.happened_at = entry.recorded_at = entry.opens_at = clock.now()
        entry.author_id, entry.organisation_id = world.ana.person_id, world.te_awa.id
        db.session.add(entry)

    client.outside(lambda: add("status", "Zqxwvshared", Audience.SHARED))
    client.outside(lambda: add("letter", "Zqxwvservice", Audience.SERVICE))
    client.outside(lambda: add("status", "Zqxwvrestricted", Audience.RESTRICTED))
    client.outside(lambda: add("comment", "Zqxwvcomment", Audience.SHARED))
    school = client.sign_in(world.mere.person_id).get(f"/portal/cases/{number}/attendance").text
    assert "Zqxwvshared" in school
    assert not re.search("Zqxwv(service|restricted|comment)", school)
    service = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/attendance")
    assert {"Zqxwvshared", "Zqxwvservice", "Zqxwvrestricted"} <= set(re.findall(r"Zqxwv\w+", service.text))
    assert "Zqxwvcomment" not in service.text
    assert re.search(r"<text[^>]*>1</text>", drawn(service, "line"))
    assert "Support request" in words(service)


def test_another_school_does_not_find_the_page(client: Client, world: make.World) -> None:
    with_marks(client, world)
    for who in (world.jin, world.kahu, world.ana):
        assert client.sign_in(who.person_id).get(here(world)).status_code == 404


def test_the_case_page_says_them_in_one_line_and_asks_no_statement_more(
    client: Client, world: make.World, number: str
) -> None:
    before = []
    for who, side in ((world.mere, "portal"), (world.ana, "workspace")):
        page = client.sign_in(who.person_id).get(f"/{side}/cases/{number}/")
        before.append(client.statements.count)
        assert "Ministry’s figure" not in page.text
    at_both(client, world)
    client.outside(lambda: marked.term(world.puna, world.whanau, "TTTTTTTTTT", from_on=date(2026, 2, 9)))
    for count, who, side in zip(before, (world.mere, world.ana), ("portal", "workspace"), strict=True):
        page = client.sign_in(who.person_id).get(f"/{side}/cases/{number}/")
        assert client.statements.count == count <= 6
        assert "4½ days absent in term 1 of 2026, 76.9 % present (not the Ministry’s figure)" in words(page)


@pytest.mark.parametrize(
    ("closed", "said"),
    [
        ("2026-03-06T08:30+13:00", "6 days absent in term 1 of 2026"),
        ("2026-03-06T15:30+13:00", "6 days absent in term 1 of 2026"),
        ("2026-03-05T15:30+13:00", "Days absent : those of term 1 of 2026 to the day it was closed stand on that page"),
        ("2026-02-02T08:30+13:00", "Days absent : those of term 1 of 2026 to the day it was closed stand on that page"),
        ("2026-02-01T23:30+13:00", ""),
    ],
)
def test_a_closed_case_says_what_was_counted_to_its_day_in_new_zealand(
    client: Client, world: make.World, number: str, closed: str, said: str
) -> None:
    """Of a term that went on it says where the figures are; never one of a later day."""
    at = {"status": Status.CLOSED, "status_at": datetime.fromisoformat(closed)}

    def close() -> None:
        marked.absent_for(world.tawa, world.whanau, 14)
        db.session.execute(update(Case).where(Case.number == number).values(**at))

    client.outside(close)
    page = words(client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/"))
    assert client.statements.count <= 6
    assert said in page
    assert ("days absent in term" in page) is said.startswith("6")
    assert ("those of term" in page) is ("those" in said)
    figures = client.get(f"/workspace/cases/{number}/attendance")
    assert ("Term 1 of 2026" in words(figures)) is bool(said), "they stand where it says so"


def test_what_marks_were_before_and_what_they_ask_stands_on_the_page(mere: Client, world: make.World) -> None:
    with_marks(mere, world)

    def corrected() -> None:
        for at, name, before in ((world.tawa, "own", "PPTTPPPPPP"), (world.puna, "other", "PPGGPPPPPP")):
            brought = MarkImport(public_id=name, school_id=at.id, way=ImportWay.BROWSER, state=ImportState.KEPT)
            brought.asked_at = brought.kept_at = clock.now()
            db.session.add(brought)
            db.session.flush()
            week = {
                "student_id": world.ng.id,
                "monday": date(2026, 2, 23),
                "before": before,
                "kept_at": brought.kept_at,
            }
            db.session.add(ImportedWeek(import_id=brought.id, told="..MM......", **week))

    mere.outside(corrected)
    mere.outside(lambda: marked.marks(world.tawa, world.ng, {date(2026, 2, 16): "??PPPPPPPP"}))
    page = mere.get(here(world))
    assert mere.statements.count <= CEILINGS["school"]
    said = words(page)
    assert "Tue am: T became M; Tue pm: T became M, by an import of Tue 3 March" in said
    assert "G became M" not in said, "another school's"
    (asked,) = re.findall(r'href="(/portal/attendance/prompts/[\w-]+)"', page.text)
    assert mere.get(asked).status_code == 200
    named = mere.sign_in(world.tom.person_id).get(here(world))
    assert "/portal/attendance/prompts/" not in named.text


def test_five_terms_of_marks_weigh_no_more_than_a_case_page_may(mere: Client, world: make.World) -> None:
    def every_term() -> None:
        for first, number in (
            (date(2025, 1, 27), 11),
            (date(2025, 4, 28), 10),
            (date(2025, 7, 14), 10),
            (LAST_YEAR, 11),
        ):
            marked.term(world.tawa, world.ng, *("PPMMTTJPLP" for _ in range(number)), from_on=first)
        marked.term(world.tawa, world.ng, *WEEKS, from_on=date(2026, 2, 9))

    mere.outside(every_term)
    page = mere.get(here(world))
    assert drawn(page, "line").count("T4 2025") == 1
    assert len(gzip.compress(page.data)) <= LARGEST


def test_of_the_term_that_is_looked_at_the_page_says_where_nobody_has_said_its_last_day(
    mere: Client, world: make.World
) -> None:
    with_marks(mere, world)
    said = "Nobody has said the last day of this term"
    assert said not in words(mere.get(here(world)))
    mere.outside(lambda: marked.term(world.tawa, world.ng, "PPPPTTPPPP", from_on=date(2027, 2, 15)))
    assert said in words(mere.get(here(world)))
    assert said not in words(mere.get(f"{here(world)}?term=20261"))
