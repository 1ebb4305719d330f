"""Print file and posting list of a batch hold what each letter says to whom it goes, whatever stands in their names, and nothing of
anybody else (LET-3, L6)."""

import csv
import io
from collections.abc import Callable
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.students.models import Caregiver, Student
from tests import make
from tests.letters.samples import Paper
from tests.letters.test_privacy import OWN_NOTES, everything, marks
from tests.pages.test_batches import made, three_ready, work, world
from tests.support.client import Client
from tests.support.databases import Scene

__all__ = ("work", "world")
HOSTILE = ("</p><script>alert(7)</script>", "{student_name} {{7*7}} %s &amp;", "+1+Nguyễn d'Œuvre ʻAlofa")
Work = Callable[[], None]


@pytest.fixture
def scene() -> Scene:
    return three_ready


def the(name: str) -> Caregiver:
    return db.session.scalars(select(Caregiver).where(Caregiver.name == name)).one()


def rows_of(client: Client, at: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(client.get(f"{at}posting-list.csv").data.decode("utf-8-sig"))))


def test_nothing_of_another_caregiver_and_no_notes_are_in_what_leaves_the_service(
    client: Client, world: make.World, work: Work, tmp_path: Path
) -> None:
    """As somebody who may not know where the other one lives: the letters of a whole batch lie on one desk."""

    def mark() -> None:
        addressee = the("Nan Number1")
        case = db.session.scalars(select(Case).where(Case.student_id == addressee.student_id)).one()
        noted = {field: text for field, text in marks("addressee").items() if field in OWN_NOTES}
        for field, text in noted.items():
            setattr(addressee, field, text)
        make.caregiver(case, world.priya, **marks("other"), lives_with_student=True, has_responsibility=False)
        make.hold(world.ana, case, why="zqxwvotherhold").ended_at = core_clock.now()

    client.outside(mark)
    at = made(client, work)
    paper = Paper(client.get(f"{at}letters.pdf").data, tmp_path)
    assert "Nan Number1" in paper.text
    listed = f"{rows_of(client, at)}{client.get(f'{at}posting-list').text}"
    assert "Nan Number1" in listed
    assert "zqxwv" not in everything(paper)
    assert "zqxwv" not in listed
    assert "zqxwv" not in str(client.get(f"{at}letters.pdf").headers)


def test_hostile_names_are_printed_and_listed_as_they_are_written(
    client: Client, world: make.World, work: Work, tmp_path: Path
) -> None:
    def rename() -> None:
        for number, name in enumerate(HOSTILE):
            caregiver = the(f"Nan Number{number}")
            caregiver.name = name
            student = db.session.get_one(Student, caregiver.student_id)
            student.legal_name = student.preferred_name = name

    client.outside(rename)
    at = made(client, work)
    paper = Paper(client.get(f"{at}letters.pdf").data, tmp_path)
    together = "".join(paper.text.split())
    for name in HOSTILE:
        assert together.count("".join(name.split())) >= 2, name
    assert {"/JavaScript", "/OpenAction", "/AA", "/EmbeddedFiles"}.isdisjoint(paper.pdf.Root.keys())
    assert {row[1].removeprefix("'") for row in rows_of(client, at)[1:]} == set(HOSTILE)
    for page in (client.get(f"{at}posting-list").text, client.get(at).text):
        assert "<script>alert" not in page
        assert all(name in unescape(page) for name in HOSTILE)
