"""Exports of half-day marks in the portal: brought, looked at, kept, undone; without scripts (T1)."""

import io
import re
from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select

from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.models import ImportState, MarkImport
from app.attendance.tallies.models import MarkWeek
from app.core.db import db
from app.core.files import lines as file_lines
from app.core.files.stored import StoredFile
from app.figures import Figures
from tests import make
from tests.attendance import exports
from tests.attendance.exports import NSN, OTHER_NSN, csv, lines
from tests.support.client import Client

pytestmark = pytest.mark.usefixtures("clock")
AT = "/portal/attendance/imports/"
READ, SAY = "Read this file", "Read it by these columns"
LIST, PAGE_, WRITE = 3, 6, 9
WEEK = "PPPPTTPPPP"


@pytest.fixture
def school(client: Client, world: make.World) -> make.World:
    """Two students of Tawa with numbers, and one of Puna."""
    client.outside(lambda: exports.numbered(world.whanau, NSN, "n17"))
    client.outside(lambda: exports.numbered(world.other, OTHER_NSN, "zqx9"))
    return world


@pytest.fixture
def mere(client: Client, school: make.World) -> Client:
    return client.sign_in(school.mere.person_id)


@pytest.fixture
def work(client: Client) -> Callable[[], None]:
    return lambda: client.outside(carry_imports)


def words(page: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text)))


def file(content: bytes, name: str = "Zqxwv marks.csv") -> dict[str, Any]:
    return {"file": (io.BytesIO(content), name)}


def sent(client: Client, content: bytes, name: str = "Zqxwv marks.csv") -> str:
    """Where its page is."""
    answer = client.fill(client.get(f"{AT}new"), READ, **file(content, name))
    assert answer.status_code == 303
    return str(answer.location)


def marks(client: Client) -> list[str]:
    return list(client.outside(lambda: db.session.scalars(select(MarkWeek.marks)).all()))


def state(client: Client, at: str) -> ImportState:
    mine = select(MarkImport.state).where(MarkImport.public_id == at.split("/")[-2])
    return ImportState(client.outside(lambda: db.session.scalar(mine)))


def test_a_file_is_brought_looked_at_kept_and_undone(
    mere: Client, work: Callable[[], None], school: make.World
) -> None:
    at = sent(mere, csv(*lines(WEEK), *lines("PP", who="111111111")))
    assert mere.statements.count <= WRITE
    page = mere.get(at)
    assert mere.statements.count <= PAGE_
    assert 'data-hx-trigger="every 2s"' in page.text
    assert "0 lines read so far" in words(page)
    work()
    page = mere.get(at)
    assert mere.statements.count <= PAGE_
    said = words(page)
    assert "Half-days that are new 10" in said
    assert "Imports of half-day marks (1 to look at)" in words(mere.get("/portal/attendance/"))
    page = mere.get(at)
    assert "No student of this school has the number “111111111”" in said
    assert "every 2s" not in page.text
    assert not marks(mere)
    assert mere.fill(page, "Keep 10 half-days").status_code == 303
    assert mere.statements.count <= WRITE
    assert "0 of 1 week of students kept" in words(mere.get(at))
    work()
    page = mere.get(at)
    assert f"Kept by {school.mere.name}" in words(page)
    assert marks(mere) == [WEEK]
    confirm = mere.get(f"{at}undoing")
    assert "Of 10 half-days that were new and 0 half-days that changed each goes back" in words(confirm)
    assert mere.fill(confirm, "Undo this import").status_code == 303
    assert mere.statements.count <= WRITE
    work()
    assert f"Undone by {school.mere.name}" in words(mere.get(at))
    assert not marks(mere)


def test_the_list_says_what_became_of_each(mere: Client, work: Callable[[], None], school: make.World) -> None:
    one, two = sent(mere, csv(*lines(WEEK))), sent(mere, csv(*lines(WEEK)), "second.csv")
    work()
    mere.fill(mere.get(one), "Keep 10 half-days")
    mere.fill(mere.get(two), "Throw it away")
    work()
    page = mere.get(AT)
    assert mere.statements.count <= LIST
    said = words(page)
    assert said.index("second.csv") < said.index("Zqxwv marks.csv")
    assert "10 new, 0 changed, 0 the same" in said
    assert "13 February 2026" in said or "13 Feb" in said
    assert "Thrown away" in said
    assert f'href="{AT}"' in mere.get("/portal/attendance/").text
    assert 'href="/help/guides/attendance-marks"' in page.text


def test_more_than_a_page_of_imports_is_parted(mere: Client, school: make.World) -> None:
    def many() -> None:
        for number in range(51):
            exports.begin_here(school.tawa, f"file {number:02}")

    mere.outside(many)
    page = mere.get(AT)
    assert "file 50" in page.text
    assert "file 00" not in page.text
    (older,) = re.findall(r'href="(\?before=[^"]+)"', page.text)
    assert "file 00" in mere.get(f"{AT}{older}").text


def test_who_brought_it_by_command_is_named_as_the_operator(mere: Client, school: make.World) -> None:
    mere.outside(lambda: exports.begin_here(school.tawa, "Zqxwv by command", school.oscar))
    said = f"by {school.oscar.name}, the operator"
    page = mere.get(AT)
    assert said in words(page)
    (at,) = re.findall(rf'href="({AT}[\w-]+/)"', page.text)
    assert said in words(mere.get(at))


def test_what_changes_is_shown_by_name_with_what_it_was(
    mere: Client, work: Callable[[], None], school: make.World
) -> None:
    one = sent(mere, csv(*lines(WEEK)))
    work()
    mere.fill(mere.get(one), "Keep 10 half-days")
    work()
    two = sent(mere, csv(*lines("..M.")))
    work()
    page = mere.get(two)
    row = re.findall(r"<tr><th scope=\"row\">.*?</tr>", page.text)[-1]
    assert re.sub(r"<[^>]+>| +", " ", row).split()[:2] == school.whanau.name.split()[:2]
    assert "<b>P</b>" in row
    assert "<b>M</b>" in row
    assert "morning" in row


def test_a_long_list_of_changes_or_refusals_goes_on_from_the_last_row(
    mere: Client, work: Callable[[], None], school: make.World, client: Client
) -> None:
    mondays = [date(2025, 2, 3) + timedelta(weeks=number) for number in range(52)]
    every = lambda marks: [line for monday in mondays for line in lines(marks, monday=monday)]  # noqa: E731
    one = sent(mere, csv(*every("PP")))
    work()
    mere.fill(mere.get(one), "Keep 104 half-days")
    work()
    two = sent(mere, csv(*every("T."), *(f"1111111{number},9/2/2026,P,P" for number in range(10, 70))))
    work()
    page = mere.get(two)
    (more,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    assert page.text.count("<b>T</b>") == 50
    rest = mere.get(unescape(more))
    assert rest.text.count("<b>T</b>") == 2
    assert mere.statements.count <= PAGE_
    page = mere.get(f"{two}?show=refused")
    (more,) = re.findall(r'rel="next" href="([^"]+)"', page.text)
    assert (page.text.count("No student of"), mere.get(unescape(more)).text.count("No student of")) == (50, 10)
    assert mere.get(f"{two}?show=changed&after=x").status_code == 200
    assert mere.get(f"{two}?show=refused&after={'9' * 30}").status_code == 200


def test_the_same_file_again_is_said_and_changes_nothing(mere: Client, work: Callable[[], None]) -> None:
    one = sent(mere, csv(*lines(WEEK)))
    work()
    mere.fill(mere.get(one), "Keep 10 half-days")
    work()
    two = sent(mere, csv(*lines(WEEK)))
    assert "This same file was kept on 3 March 2026" in words(mere.get(two))
    work()
    page = mere.get(two)
    assert "Nothing in this file changes anything" in words(page)
    assert mere.send(f"{two}keeping").status_code == 409
    assert "Half-days that stay the same 10" in words(page)


def test_sent_twice_it_is_brought_once(mere: Client) -> None:
    page = mere.get(f"{AT}new")
    answers = [mere.fill(page, READ, **file(csv(*lines(WEEK)))) for _ in range(2)]
    assert answers[0].location == answers[1].location
    assert len(mere.outside(lambda: db.session.scalars(select(MarkImport.id)).all())) == 1


def test_kept_twice_at_once_it_is_kept_once(mere: Client, client: Client, work: Callable[[], None]) -> None:
    at = sent(mere, csv(*lines(WEEK)))
    work()
    page = mere.get(at)
    assert mere.fill(page, "Keep 10 half-days").status_code == 303
    answer = mere.send(f"{at}keeping")
    assert answer.status_code == 409
    assert "not being looked at any more" in words(answer)
    assert mere.send(f"{at}leaving").status_code == 409
    assert mere.send(f"{at}undoing").status_code == 409


def test_columns_are_said_once_and_remembered(mere: Client, work: Callable[[], None]) -> None:
    content = csv(*lines(WEEK), headings="Zq,Date,Wx,Vb")
    at = sent(mere, content)
    work()
    assert "Say what the columns are" in words(mere.get(at))
    page = mere.get(f"{at}columns")
    assert NSN in page.text
    same = {f"column-{number}": "nsn" for number in range(4)}
    answer = mere.fill(page, SAY, **same)
    assert (answer.status_code, "Two columns say the same" in words(answer)) == (422, True)
    assert mere.fill(page, SAY, **dict.fromkeys(same, "zqxwv")).status_code == 422
    answer = mere.fill(page, SAY, **dict.fromkeys(same, ""))
    assert (answer.status_code, "No column says whose marks these are" in words(answer)) == (422, True)
    chosen = {"column-0": "nsn", "column-1": "day", "column-2": "morning", "column-3": "afternoon"}
    assert mere.fill(page, SAY, **chosen).status_code == 303
    assert mere.statements.count <= WRITE
    work()
    page = mere.get(at)
    assert "Half-days that are new 10" in words(page)
    assert 'value="nsn" selected' in mere.get(f"{at}columns").text
    again = sent(mere, content)
    work()
    assert state(mere, again) is ImportState.REVIEW
    mere.fill(mere.get(again), "Keep 10 half-days")
    assert mere.get(f"{again}columns").status_code == 303
    assert mere.send(f"{again}columns", **chosen).status_code == 409


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"", "marks.csv", "It is empty"),
        (b"%PDF-1.7 nothing", "marks.pdf", "table"),
        (b"MZ\x00\x01", "marks.exe", "program"),
        (b"PK\x03\x04nothing", "marks.xlsx", "broken"),
    ],
)
def test_what_is_no_table_is_refused_at_once(mere: Client, content: bytes, name: str, fault: str) -> None:
    answer = mere.fill(mere.get(f"{AT}new"), READ, **file(content, name))
    assert (answer.status_code, fault in words(answer)) == (422, True)
    assert not mere.outside(lambda: db.session.scalars(select(StoredFile.id)).all())


def test_without_a_file_it_says_so(mere: Client) -> None:
    answer = mere.fill(mere.get(f"{AT}new"), READ, file=(io.BytesIO(b""), ""))
    assert (answer.status_code, "Choose a file first" in words(answer)) == (422, True)


def test_a_file_may_be_larger_than_other_files(
    mere: Client, work: Callable[[], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Others have 25 MB; here a thousand bytes, and of all files of a form too."""
    for name in ("largest_file", "largest_form"):
        monkeypatch.setattr(Figures, name, 1_000)
    line = f"{NSN},9/2/2026,P,P,{'x' * 200}\r\n".encode()
    at = sent(mere, b"NSN,Date,AM,PM,Note\r\n" + line * 10)
    work()
    assert "Half-days that are new 2" in words(mere.get(at))
    monkeypatch.setattr(file_lines, "MOST_BYTES", 1_000)
    answer = mere.fill(mere.get(f"{AT}new"), READ, **file(line * 10))
    assert (answer.status_code, "larger than" in words(answer)) == (422, True)


def test_what_cannot_be_read_says_why_and_changes_nothing(mere: Client, work: Callable[[], None]) -> None:
    at = sent(mere, b"NSN,Date,AM,PM\r\n" + b",".join([b"x"] * 600))
    work()
    page = mere.get(at)
    assert "Not read" in words(page)
    assert "columns" in words(page)
    assert state(mere, at) is ImportState.REFUSED


def test_nothing_of_another_school_is_seen(
    mere: Client, client: Client, work: Callable[[], None], school: make.World
) -> None:
    """Neither its imports, nor whether one of its students has a number."""
    at = sent(mere, csv(*lines(WEEK), *lines("PP", who=OTHER_NSN)))
    work()
    page = mere.get(at)
    assert school.other.name not in page.text
    assert f"No student of this school has the number “{OTHER_NSN}”" in words(page)
    jin = client.sign_in(school.jin.person_id)
    assert "Zqxwv" not in jin.get(AT).text
    for path in (at, f"{at}columns", f"{at}undoing"):
        assert jin.get(path).status_code == 404
    for path in ("keeping", "leaving", "undoing", "columns"):
        assert jin.send(f"{at}{path}").status_code == 404
    assert not marks(client)


def test_who_has_another_role_brings_none(
    mere: Client, client: Client, work: Callable[[], None], school: make.World
) -> None:
    at = sent(mere, csv(*lines(WEEK)))
    work()
    tom = client.sign_in(school.tom.person_id)
    assert (tom.get(AT).status_code, tom.get(f"{AT}new").status_code, tom.get(at).status_code) == (403, 403, 404)
    assert tom.send(f"{at}keeping").status_code == 404
    assert client.sign_in(school.ana.person_id).get(AT).status_code == 404
    priya = client.sign_in(school.priya.person_id)
    assert priya.fill(priya.get(at), "Keep 10 half-days").status_code == 303
