"""Half-day marks brought by the operator's command: counts and lines, and nobody's name (T1, O5)."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.tallies.models import MarkWeek
from app.core.db import begin_write, db
from app.core.events import Audit
from app.students.models import Student
from tests import make

NSN, TAWA = "123456789", "9001"
FINE = f"NSN,Date,Half day,Code\n{NSN},2/3/2026,AM,P\n{NSN},2/3/2026,PM,M\n"
FAULTY = f"{FINE}987654321,2/3/2026,AM,P\n{NSN},Zqxwv Ana,AM,P\n{NSN},2/3/2026,AM,Z”qxwv\n"
Marks = Callable[..., Result]


@pytest.fixture
def marks(clock: Traveller, app: Flask, peopled: make.World, tmp_path: Path) -> Marks:
    """`marks(text)`: a file with this in it, of Tawa Awa College, where Ng May has the number."""
    with app.app_context():
        begin_write()
        db.session.get_one(Student, peopled.ng.id).national_number = NSN
        db.session.commit()

    def run(content: str | bytes, *more: str, school: str = TAWA, name: str = "marks.csv") -> Result:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return app.test_cli_runner().invoke(
            args=["import", "marks", str(file), "--school", school, *more], catch_exceptions=False
        )

    return run


def standing(app: Flask) -> tuple[list[ImportState], int]:
    """The states of all imports, and how many weeks of marks there are."""
    with app.app_context():
        states = list(db.session.scalars(select(MarkImport.state).order_by(MarkImport.id)))
        return states, db.session.scalar(select(func.count()).select_from(MarkWeek)) or 0


def test_without_keep_it_waits_for_review_at_the_school(app: Flask, peopled: make.World, marks: Marks) -> None:
    done = marks(FINE)
    assert done.exit_code == 0
    assert (
        "2 lines of 1 students, 2 March 2026 to 2 March 2026: 2 half-days new, 0 changed, 0 the same; 0 lines"
        in done.output
    )
    assert "Nothing is kept: it waits in the list of imports at the school." in done.output
    assert standing(app) == ([ImportState.REVIEW], 0)
    with app.app_context():
        brought = db.session.scalars(select(MarkImport)).one()
        assert (brought.school_id, brought.way, brought.asked_by_id) == (peopled.tawa.id, ImportWay.COMMAND, None)
        assert [(row.event, row.person_id) for row in db.session.scalars(select(Audit))] == [("marks.brought", None)]


def test_with_keep_the_worker_keeps_it_and_twice_changes_nothing(app: Flask, marks: Marks) -> None:
    assert "The worker keeps them now." in marks(FINE, "--keep").output
    with app.app_context():
        carry_imports()
    assert standing(app) == ([ImportState.KEPT], 1)
    again = marks(FINE, "--keep")
    assert again.exit_code == 1
    assert "0 half-days new, 0 changed, 2 the same" in again.output
    assert "nothing to keep" in again.output


def test_refused_lines_are_told_by_number_and_without_what_stands_in_them(marks: Marks) -> None:
    done = marks(FAULTY)
    assert done.exit_code == 0
    assert "Line 4: No student of this school has the number “…”." in done.output
    assert "Line 5: “…” is no day." in done.output
    assert "Line 6: “…” is no code that held on 2 March 2026." in done.output
    assert "3 lines refused" in done.output
    assert not any(said in done.output for said in ("Zqxwv", "qxwv", "987654321", NSN, "Ng", "May"))


def test_of_many_refused_lines_the_first_are_told(marks: Marks) -> None:
    done = marks(FINE + "5,2/3/2026,AM,P\n" * 60)
    assert done.output.count("Line ") == 50
    assert "And 10 more: see the list of imports at the school." in done.output


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (b"", "m.csv", "It is empty"),
        (b"PK\x03\x04 half a sheet", "m.xlsx", "It is broken or not complete"),
        (b"Name;Day\nZqxwv;1\n", "m.csv", "It cannot be seen what each column says"),
        (FINE.encode() + b'1,"2', "m.csv", "do not match; perhaps it is not complete"),
    ],
)
def test_a_file_that_cannot_be_read_is_one_plain_message(
    app: Flask, marks: Marks, content: bytes, name: str, why: str
) -> None:
    done = marks(content, "--keep", name=name)
    assert done.exit_code == 1
    assert why in done.output
    assert "Zqxwv" not in done.output
    assert standing(app) == ([ImportState.REFUSED], 0)


@pytest.mark.parametrize("number", ["7777", "S01", ""])
def test_what_is_no_school_is_said(app: Flask, marks: Marks, number: str) -> None:
    done = marks(FINE, school=number)
    assert done.exit_code == 1
    assert "There is no school with the number" in done.output
    assert standing(app) == ([], 0)


def test_a_file_that_is_not_there_is_said(app: Flask, marks: Marks, tmp_path: Path) -> None:
    where = str(tmp_path / "gone.csv")
    done = app.test_cli_runner().invoke(args=["import", "marks", where, "--school", TAWA])
    assert done.exit_code == 1
    assert "gone.csv cannot be read" in done.output
