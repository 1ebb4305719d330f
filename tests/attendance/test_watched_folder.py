"""The watched folder: what is whole is taken once and moved aside; nothing in it is lost, and nothing half-written is read (T1)."""

import fcntl
import os
from pathlib import Path

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.marks import bringing, taking, watching
from app.attendance.marks.actions import keep_import, leave_import, say_columns
from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.columns import Column
from app.attendance.marks.models import ImportedWeek, ImportState, ImportWay, MarkImport
from app.attendance.marks.queries import import_for
from app.attendance.marks.reading import table_of
from app.attendance.marks.watching import QUIET_SECONDS, take_files
from app.core import clock as core_clock
from app.core.db import begin_write, db
from app.core.files.spool import Spool
from app.core.files.store import Store, StoreFailed, the_store
from app.core.files.stored import StoredFile
from app.core.files.unfit import EMPTY
from app.people.models import Role, RoleHeld
from app.students.models import Student
from tests import make
from tests.support import sheets

NSN, TAWA, PUNA = "123456789", "9001", "9002"
FINE = f"NSN,Date,Half day,Code\n{NSN},2/3/2026,AM,P\n{NSN},2/3/2026,PM,M\n"


@pytest.fixture
def folder(own_world: make.World, clock: object, tmp_path: Path) -> Path:
    """With a folder of Tawa Awa College; Ng May there has the number."""
    begin_write()
    db.session.get_one(Student, own_world.ng.id).national_number = NSN
    db.session.commit()
    made = tmp_path / "marks"
    (made / TAWA).mkdir(parents=True)
    return made


def put(folder: Path, content: str = FINE, name: str = "marks.csv", school: str = TAWA) -> Path:
    path = folder / school / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    return path


def look(folder: Path, seconds: float = QUIET_SECONDS + 1) -> int:
    """So long after the last of them was put there."""
    latest = max((path.lstat().st_ctime for path in folder.glob("*/*")), default=0.0)
    return take_files(folder, latest + seconds)


def lying(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.glob("**/*") if not path.is_dir())


def states() -> list[ImportState]:
    db.session.rollback()
    return list(db.session.scalars(select(MarkImport.state).order_by(MarkImport.id)))


def test_a_file_is_taken_waits_for_review_and_is_moved_aside(folder: Path, own_world: make.World) -> None:
    put(folder)
    assert look(folder) == 1
    assert lying(folder) == ["9001/taken/marks.csv"]
    brought = db.session.scalars(select(MarkImport)).one()
    assert (brought.school_id, brought.state, brought.way) == (own_world.tawa.id, ImportState.REVIEW, ImportWay.FOLDER)
    assert (brought.file_name, brought.new, brought.asked_by_id) == ("marks.csv", 2, None)
    assert look(folder) == 0


def test_what_somebody_changed_within_a_minute_is_left(folder: Path) -> None:
    put(folder)
    os.utime(folder / TAWA / "marks.csv", (0, 0))
    assert look(folder, QUIET_SECONDS - 1) == 0
    assert lying(folder) == ["9001/marks.csv"]
    assert states() == []


@pytest.mark.parametrize("name", ["marks.csv.part", "marks.csv.filepart", "marks.csv~", ".marks.csv.Xy3"])
def test_what_bears_the_name_of_something_half_written_is_left(folder: Path, name: str) -> None:
    put(folder, name=name)
    assert look(folder) == 0
    assert lying(folder) == [f"9001/{name}"]


def test_what_changes_while_it_is_read_is_left(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put(folder)

    class Slow(Spool):
        def write(self, data: object) -> int:
            path.write_text(f"{FINE}{NSN},3/3/2026,AM,P\n")
            return super().write(data)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(watching, "Spool", Slow)
        assert look(folder) == 0
    assert states() == []
    assert lying(folder) == ["9001/marks.csv"]
    assert look(folder) == 1
    assert states() == [ImportState.REVIEW]


def test_the_same_file_again_is_taken_once(folder: Path) -> None:
    put(folder)
    look(folder)
    put(folder)
    put(folder, name="again.csv")
    assert look(folder) == 2
    assert states() == [ImportState.REVIEW]
    assert lying(folder) == [
        f"9001/taken/{name}" for name in ("again.csv", "again.csv.txt", "marks (2).csv", "marks.csv", "marks.csv.txt")
    ]
    assert "was taken before" in (folder / TAWA / "taken" / "again.csv.txt").read_text()


def test_what_was_thrown_away_may_come_again(folder: Path) -> None:
    put(folder)
    look(folder)
    begin_write()
    leave_import(db.session.scalars(select(MarkImport.id)).one(), by=None)
    db.session.commit()
    put(folder)
    look(folder)
    assert states() == [ImportState.LEFT, ImportState.REVIEW]


def test_the_same_file_of_another_school_is_another(folder: Path) -> None:
    put(folder)
    put(folder, school=PUNA)
    assert look(folder) == 2
    found = {row.school_id: row.new for row in db.session.scalars(select(MarkImport))}
    assert sorted(found.values()) == [0, 2], "Ng May is at one of them"


@pytest.mark.parametrize(
    ("content", "name", "school", "why"),
    [
        ("", "marks.csv", TAWA, EMPTY),
        ("PK\x03\x04", "marks.xlsx", TAWA, "It is broken or not complete"),
        (f'{FINE}1,"2', "marks.csv", TAWA, "The quotation marks from line 4 on do not match"),
        (FINE, "marks.csv", "7777", "No school here has the number “7777”"),
        (FINE, "marks.csv", "S01", "No school here has the number “S01”"),
    ],
)
def test_what_cannot_be_taken_is_moved_with_a_note_that_says_why(
    folder: Path, content: str, name: str, school: str, why: str
) -> None:
    put(folder, content, name, school)
    assert look(folder) == 1
    assert lying(folder) == [f"{school}/refused/{name}", f"{school}/refused/{name}.txt"]
    assert (folder / school / "refused" / name).read_text() == content
    assert (folder / school / "refused" / f"{name}.txt").read_text().startswith(f"{name} was not taken. {why}")
    assert ImportState.REVIEW not in states()


def test_a_refused_file_that_comes_again_is_looked_at_again(folder: Path) -> None:
    for _ in range(2):
        put(folder, 'NSN,Date,AM,PM\n1,"2')
        look(folder)
    assert states() == [ImportState.REFUSED, ImportState.REFUSED]
    assert "9001/refused/marks (2).csv" in lying(folder)


def test_links_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(FINE)
    (folder / TAWA / "marks.csv").symlink_to(tmp_path / "secret.csv")
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "marks.csv").write_text(FINE)
    (folder / PUNA).symlink_to(tmp_path / "elsewhere")
    look(folder)
    assert states() == []
    assert (folder / TAWA / "refused" / "marks.csv").is_symlink()
    assert "not a file but a link" in (folder / TAWA / "refused" / "marks.csv.txt").read_text()
    assert (tmp_path / "secret.csv").read_text() == FINE
    assert (tmp_path / "elsewhere" / "marks.csv").exists()


def test_a_pipe_holds_nothing_up(folder: Path) -> None:
    os.mkfifo(folder / TAWA / "marks.csv")
    assert look(folder) == 1
    assert states() == []


def refusing(*_: object) -> int:
    raise PermissionError(13, "Permission denied")


def test_what_may_not_be_read_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not even root is let in here, who runs these tests."""
    put(folder)
    real = os.open
    monkeypatch.setattr(
        os, "open", lambda path, *how: refusing() if str(path).endswith("marks.csv") else real(path, *how)
    )
    assert look(folder) == 1
    assert "own user may not read it" in (folder / TAWA / "refused" / "marks.csv.txt").read_text()


def test_out_of_a_folder_that_may_not_be_written_nothing_is_taken(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert look(folder) == 0
    assert states() == []


def test_a_full_disk_loses_nothing(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder)

    class Full(Spool):
        def write(self, data: object) -> int:
            self.has_no_room = True
            return len(data)  # type: ignore[arg-type]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(watching, "Spool", Full)
        assert look(folder) == 0
    assert lying(folder) == ["9001/marks.csv"]
    assert look(folder) == 1
    assert states() == [ImportState.REVIEW]


def test_what_could_not_be_moved_is_taken_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "rename", refusing)
        assert look(folder) == 0
    assert lying(folder) == ["9001/marks.csv"]
    assert look(folder) == 1
    assert states() == [ImportState.REVIEW]


def test_whoever_was_killed_while_reading_is_followed_by_one_who_reads_it_anew(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder)

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(bringing, "read_here", killed)
        with pytest.raises(KeyboardInterrupt):
            look(folder)
    assert states() == [ImportState.READING]
    assert look(folder) == 1
    assert states() == [ImportState.REVIEW]
    assert db.session.query(ImportedWeek).count() == 1


def test_of_two_workers_one_looks(folder: Path) -> None:
    put(folder)
    held = os.open(folder, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    try:
        assert look(folder) == 0
    finally:
        os.close(held)
    assert look(folder) == 1


def test_names_that_are_no_text(folder: Path) -> None:
    path = os.fsencode(folder / TAWA) + b"/m\xff\xe9\n.csv"
    Path(os.fsdecode(path)).write_text(FINE)
    assert look(folder) == 1
    assert states() == [ImportState.REVIEW]


def test_the_oldest_file_is_taken_first(folder: Path) -> None:
    for name in ("b.csv", "a.csv"):
        put(folder, f"{FINE}{NSN},{3 if name == 'b.csv' else 4}/3/2026,AM,P\n", name)
    look(folder)
    assert list(db.session.scalars(select(MarkImport.file_name).order_by(MarkImport.id))) == ["b.csv", "a.csv"]


def test_a_folder_whose_name_is_no_text_holds_up_no_other(folder: Path) -> None:
    bad = Path(os.fsdecode(os.fsencode(folder) + b"/\xff1"))
    bad.mkdir()
    (bad / "marks.csv").write_text(FINE)
    put(folder)
    assert look(folder) == 2
    assert states() == [ImportState.REVIEW]
    assert "has the number “\N{REPLACEMENT CHARACTER}1”" in (bad / "refused" / "marks.csv.txt").read_text()


def test_a_file_that_fails_each_time_holds_up_no_other_and_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(folder, f"{FINE}zqxwv,3/3/2026,AM,P\n", "a.csv")
    put(folder)

    def fails(lines: object) -> object:
        found = list(lines)  # type: ignore[call-overload]
        if any("zqxwv" in row for _, row in found):
            raise KeyError("zqxwv")
        return table_of(found)

    monkeypatch.setattr("app.attendance.marks.taking.table_of", fails)
    assert look(folder) == 1
    assert states() == [ImportState.READING, ImportState.REVIEW]
    assert "zqxwv" not in caplog.text
    assert [look(folder) for _ in range(taking.MOST_ATTEMPTS)] == [0] * (taking.MOST_ATTEMPTS - 1) + [1]
    assert states() == [ImportState.REFUSED, ImportState.REVIEW]
    assert taking.UNREADABLE in (folder / TAWA / "refused" / "a.csv.txt").read_text()


def test_what_is_thrown_away_while_it_is_read_is_left_for_the_next_round(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder)

    def thrown_away(lines: object) -> object:
        begin_write()
        leave_import(db.session.scalars(select(MarkImport.id)).one(), by=None)
        db.session.commit()
        return table_of(lines)  # type: ignore[arg-type]

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("app.attendance.marks.taking.table_of", thrown_away)
        assert look(folder) == 0
    assert lying(folder) == ["9001/marks.csv"]
    assert look(folder) == 1
    assert states() == [ImportState.LEFT, ImportState.REVIEW]


def keep_newest() -> None:
    begin_write()
    keep_import(db.session.scalars(select(MarkImport.id).order_by(MarkImport.id.desc()).limit(1)).one(), by=None)
    db.session.commit()
    carry_imports()


def test_a_correction_that_goes_back_is_taken(folder: Path) -> None:
    """The same file again, once another one came between."""
    for name, content in (("one.csv", FINE), ("two.csv", FINE.replace("PM,M", "PM,T"))):
        put(folder, content, name)
        look(folder)
        keep_newest()
    put(folder, name="three.csv")
    assert look(folder) == 1
    assert states() == [ImportState.KEPT, ImportState.KEPT, ImportState.REVIEW]


def test_two_that_could_not_be_moved_are_taken_once_each(
    folder: Path, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    clock.move_to("2027-03-01T00:00:00Z")
    put(folder, name="one.csv")
    put(folder, f"{FINE}{NSN},3/3/2026,AM,P\n", "two.csv")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Path, "rename", refusing)
        assert look(folder) == 0
    assert look(folder) == 2
    assert len(states()) == 2


UNSAID = f"Whose,When,Zq,Zw\n{NSN},2/3/2026,P,M\n"


def test_a_file_whose_columns_cannot_be_told_waits_for_somebody_who_says_them(
    folder: Path, own_world: make.World
) -> None:
    put(folder, UNSAID)
    assert look(folder) == 1
    assert lying(folder) == ["9001/taken/marks.csv", "9001/taken/marks.csv.txt"]
    note = (folder / TAWA / "taken" / "marks.csv.txt").read_text()
    assert note.startswith("marks.csv was taken. It cannot be seen what each column says")
    assert "Somebody at the school says it" in note
    brought, file = db.session.scalars(select(MarkImport)).one(), db.session.scalars(select(StoredFile)).one()
    assert (brought.state, brought.file_id, brought.asked_by_id) == (ImportState.COLUMNS, file.id, None)
    assert (file.by_id, file.organisation_id) == (own_world.oscar.person_id, own_world.tawa.id)
    found = import_for(own_world.mere, brought.public_id)
    assert found
    begin_write()
    say_columns(found, [Column.NSN, Column.DAY, Column.MORNING, Column.AFTERNOON], by=own_world.mere)
    db.session.commit()
    carry_imports()
    assert states() == [ImportState.REVIEW]
    put(folder, UNSAID.replace("P,M", "P,P"), "next.csv")
    look(folder)
    assert states() == [ImportState.REVIEW, ImportState.REVIEW]
    assert "9001/taken/next.csv.txt" not in lying(folder)


def test_the_same_file_without_known_columns_waits_once(folder: Path) -> None:
    put(folder, UNSAID)
    put(folder, UNSAID.replace("P,M", "P,P"), "other.csv")
    look(folder)
    put(folder, UNSAID, "again.csv")
    assert look(folder) == 1
    assert states() == [ImportState.COLUMNS, ImportState.COLUMNS]
    assert "was taken before" in (folder / TAWA / "taken" / "again.csv.txt").read_text()


def test_it_stays_in_the_folder_as_long_as_there_is_no_room_in_the_store(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, UNSAID)

    def full(*_: object) -> str:
        raise StoreFailed("No space left on device (os error 28)")

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Store, "put", full)
        assert [look(folder) for _ in range(taking.MOST_ATTEMPTS + 2)] == [0] * (taking.MOST_ATTEMPTS + 2)
    assert lying(folder) == ["9001/marks.csv"]
    assert look(folder) == 1
    assert states() == [ImportState.COLUMNS]


def test_where_nobody_runs_the_portal_such_a_file_is_refused(folder: Path, own_world: make.World) -> None:
    begin_write()
    db.session.execute(update(RoleHeld).where(RoleHeld.role == Role.OPERATOR).values(ended_at=core_clock.now()))
    db.session.commit()
    put(folder, UNSAID)
    look(folder)
    assert taking.NO_COLUMNS in (folder / TAWA / "refused" / "marks.csv.txt").read_text()


def test_a_sheet_without_known_columns_is_kept_as_it_came(folder: Path) -> None:
    """It is read by a program of its own, which has ended before."""
    sheet = sheets.of_rows([["Whose", "When", "Zq", "Zw"], *([NSN, "2/3/2026", "P", "M"] for _ in range(3000))])
    (folder / TAWA / "marks.xlsx").write_bytes(sheet)
    look(folder)
    assert states() == [ImportState.COLUMNS]
    key = db.session.scalars(select(StoredFile.key)).one()
    assert b"".join(the_store().read(key)) == sheet
