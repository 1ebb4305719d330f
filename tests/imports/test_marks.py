"""Half-day marks brought by the operator's command: counts and lines, and nobody's name (T1, O5)."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.marks.actions import leave_import, say_columns
from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.claiming import LEASE
from app.attendance.marks.columns import Column
from app.attendance.marks.models import ImportState, ImportWay, MarkImport
from app.attendance.marks.queries import import_for
from app.attendance.marks.reading import table_of
from app.attendance.marks.taking import BROKEN_OFF, INFECTED, NOT_SCANNED
from app.attendance.tallies.models import MarkWeek
from app.core.db import begin_write, db
from app.core.events import Audit
from app.core.files.scanning import scan_due
from app.core.files.store import Store, StoreFailed, the_store
from app.core.files.stored import Scan, StoredFile
from app.core.files.sweeping import sweep
from app.people.models import Person
from app.students.models import Student
from tests import make
from tests.imports.conftest import OSCAR

NSN, TAWA = "123456789", "9001"
FINE = f"NSN,Date,Half day,Code\n{NSN},2/3/2026,AM,P\n{NSN},2/3/2026,PM,M\n"
FAULTY = f"{FINE}987654321,2/3/2026,AM,P\n{NSN},Zqxwv Ana,AM,P\n{NSN},2/3/2026,AM,Z”qxwv\n"
UNSAID = f"Whose,When,Zq,Zw\n{NSN},2/3/2026,P,M\n"
Marks = Callable[..., Result]


@pytest.fixture
def marks(clock: Traveller, app: Flask, peopled: make.World, tmp_path: Path) -> Marks:
    """`marks(text)`: a file with this in it, of Tawa Awa College, where Ng May has the number."""
    with app.app_context():
        begin_write()
        db.session.get_one(Student, peopled.ng.id).national_number = NSN
        db.session.commit()

    def run(content: str | bytes, *more: str, school: str = TAWA, name: str = "marks.csv", by: str = OSCAR) -> Result:
        file = tmp_path / name
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return app.test_cli_runner().invoke(
            args=["import", "marks", str(file), "--by", by, "--school", school, *more], catch_exceptions=False
        )

    return run


def standing(app: Flask) -> tuple[list[ImportState], int]:
    """The states of all imports, and how many weeks of marks there are."""
    with app.app_context():
        states = list(db.session.scalars(select(MarkImport.state).order_by(MarkImport.id)))
        return states, db.session.scalar(select(func.count()).select_from(MarkWeek)) or 0


def oscar() -> int:
    return db.session.scalars(select(Person.id).where(Person.email == OSCAR.lower())).one()


def audited() -> list[tuple[object, ...]]:
    columns = (Audit.event, Audit.person_id, Audit.role, Audit.organisation_id)
    return [tuple(row) for row in db.session.execute(select(*columns).order_by(Audit.id))]


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
        assert (brought.school_id, brought.way, brought.asked_by_id) == (peopled.tawa.id, ImportWay.COMMAND, oscar())
        assert audited() == [("marks.brought", oscar(), "operator", peopled.tawa.id)]


def test_with_keep_the_worker_keeps_it_and_twice_changes_nothing(app: Flask, marks: Marks) -> None:
    assert "The worker keeps them now." in marks(FINE, "--keep").output
    with app.app_context():
        carry_imports()
        assert [said[:3] for said in audited()] == [
            (f"marks.{done}", oscar(), "operator") for done in ("brought", "kept")
        ]
        assert list(db.session.scalars(select(MarkImport.kept_by_id))) == [oscar()]
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
    done = app.test_cli_runner().invoke(args=["import", "marks", where, "--by", OSCAR, "--school", TAWA])
    assert done.exit_code == 1
    assert "gone.csv cannot be read" in done.output


@pytest.mark.parametrize("by", ["nobody@example.nz", "mere.9001@example.nz"])
def test_only_an_operator_brings_them(app: Flask, marks: Marks, by: str) -> None:
    done = marks(FINE, by=by)
    assert done.exit_code == 1
    assert "is no operator. Name yourself by --by" in done.output
    assert standing(app) == ([], 0)


def test_without_by_nothing_is_brought(app: Flask, marks: Marks, tmp_path: Path) -> None:
    (tmp_path / "m.csv").write_text(FINE)
    done = app.test_cli_runner().invoke(args=["import", "marks", str(tmp_path / "m.csv"), "--school", TAWA])
    assert done.exit_code == 2
    assert "--by" in done.output
    assert standing(app) == ([], 0)


def test_columns_that_cannot_be_told_are_said_at_the_school(app: Flask, peopled: make.World, marks: Marks) -> None:
    done = marks(UNSAID)
    assert done.exit_code == 0
    assert "It waits in the list of imports at the school, where somebody says it" in done.output
    assert standing(app) == ([ImportState.COLUMNS], 0)
    with app.app_context():
        brought = db.session.scalars(select(MarkImport)).one()
        file = db.session.scalars(select(StoredFile)).one()
        assert (brought.file_id, file.by_id, file.organisation_id) == (file.id, oscar(), peopled.tawa.id)
        found = import_for(peopled.mere, brought.public_id)
        assert found
        begin_write()
        said = [Column.NSN, Column.DAY, Column.MORNING, Column.AFTERNOON]
        say_columns(found, said, by=peopled.mere)
        db.session.commit()
        carry_imports()
        assert db.session.scalars(select(MarkImport.new)).one() == 2
    assert standing(app) == ([ImportState.REVIEW], 0)
    assert "2 half-days new" in marks(UNSAID.replace(",M", ",P")).output, "the next one is read by that"


def test_the_same_file_waits_once_and_with_keep_it_is_said_that_nothing_was_kept(app: Flask, marks: Marks) -> None:
    marks(UNSAID)
    done = marks(UNSAID, "--keep")
    assert done.exit_code == 1
    assert "where somebody says it" in done.output
    assert "Nothing was kept." in done.output
    assert standing(app) == ([ImportState.COLUMNS], 0)


def test_what_waits_for_its_columns_waits_for_the_scanner_first(
    app: Flask, marks: Marks, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    monkeypatch.setattr("app.attendance.marks.taking.first_scan", lambda: Scan.PENDING)
    for _ in range(2):
        assert marks(UNSAID).exit_code == 0
    assert standing(app) == ([ImportState.READING], 0)
    with app.app_context():
        file = db.session.scalars(select(StoredFile)).one()
        assert (file.scan, db.session.scalars(select(MarkImport.fault)).one()) == (Scan.PENDING, NOT_SCANNED)
        file.scan = Scan.INFECTED
        db.session.commit()
        clock.shift(timedelta(minutes=1))
        carry_imports()
        assert db.session.scalars(select(MarkImport.fault)).one() == INFECTED
    assert standing(app) == ([ImportState.REFUSED], 0)


def test_what_is_clean_is_asked_for_once_it_was_scanned(
    app: Flask, marks: Marks, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    monkeypatch.setattr("app.attendance.marks.taking.first_scan", lambda: Scan.PENDING)
    marks(UNSAID)
    with app.app_context():
        scan_due()  # there is no scanner any more
        clock.shift(timedelta(minutes=1))
        carry_imports()
    assert standing(app) == ([ImportState.COLUMNS], 0)


def test_a_full_store_is_said_and_nothing_is_left_over(
    app: Flask, marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> str:
        raise StoreFailed("No space left on device (os error 28)")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Store, "put", full)
        done = marks(UNSAID)
    assert done.exit_code == 1
    assert "there is no room on the portal’s disk" in done.output
    assert standing(app) == ([ImportState.REFUSED], 0)
    assert marks(UNSAID).exit_code == 0


def test_killed_between_the_store_and_its_row_it_is_brought_again_and_the_object_is_swept(
    app: Flask, marks: Marks, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    def killed(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("app.core.files.stored.add", killed)
        assert marks(UNSAID).exit_code == 1
    assert standing(app) == ([ImportState.READING], 0)
    assert marks(UNSAID).exit_code == 0
    assert standing(app) == ([ImportState.COLUMNS], 0), "in the same row"
    with app.app_context():
        assert objects() == 2
        clock.move_to("2099-03-01T00:00:00Z")
        sweep()
        assert objects() == 1
        assert the_store().has(db.session.scalars(select(StoredFile.key)).one())


def objects() -> int:
    return sum(len(some) for some in the_store().listing())


def test_a_command_that_was_killed_while_it_read_goes_on_at_once_when_it_is_given_again(
    app: Flask, marks: Marks, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    for times in (1, 2):
        with monkeypatch.context() as meanwhile:
            meanwhile.setattr("app.attendance.marks.taking.read", killed)
            assert marks(FINE).exit_code == 1
        if times == 1:
            assert marks(FINE).exit_code == 0
            assert standing(app) == ([ImportState.REVIEW], 0)
    clock.shift(LEASE + timedelta(seconds=1))
    with app.app_context():
        carry_imports()
        assert list(db.session.scalars(select(MarkImport.fault).order_by(MarkImport.id))) == ["", BROKEN_OFF]


def test_what_the_school_throws_away_while_it_is_read_is_said(
    app: Flask, marks: Marks, monkeypatch: pytest.MonkeyPatch
) -> None:
    def thrown_away(lines: Any) -> Any:
        begin_write()
        leave_import(db.session.scalars(select(MarkImport.id)).one(), by=None)
        db.session.commit()
        return table_of(lines)

    monkeypatch.setattr("app.attendance.marks.taking.table_of", thrown_away)
    done = marks(FINE)
    assert done.exit_code == 1
    assert "Somebody at the school threw it away while it was read" in done.output
    assert standing(app) == ([ImportState.LEFT], 0)
