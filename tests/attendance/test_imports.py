"""An export of marks as a change set: read, looked at, kept, undone; nothing before somebody says so (T1, ATT-1, ATT-4)."""

import json
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.marks import carrying, claiming, keeping, taking
from app.attendance.marks.actions import (
    LEFT_AFTER,
    NOBODY_LOOKED,
    begin_import,
    keep_import,
    leave_import,
    leave_old,
    say_columns,
    undo_import,
)
from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.columns import Column
from app.attendance.marks.models import ImportedWeek, ImportRefusal, ImportState, ImportWay, KnownColumns
from app.attendance.marks.queries import changed_weeks, former_marks, import_for, imports_of, refusals_of
from app.attendance.marks.taking import BROKEN_OFF, GONE, INFECTED, NO_COLUMNS, NOT_SCANNED, UNREADABLE, read_here
from app.attendance.tallies.models import TallyDue
from app.attendance.tallies.queries import weeks_of
from app.attendance.tallying import by_monday
from app.core import clock as core_clock
from app.core.db import begin_write, db
from app.core.errors import Conflict, Refused
from app.core.events import Audit
from app.core.files.stored import Scan, StoredFile
from app.core.security import public_id
from app.students.models import Enrolment, Student
from app.students.records.models import MergeState, StudentMerge
from tests import make
from tests.attendance import exports, marked
from tests.attendance.exports import MONDAY, NSN, OTHER_NSN, csv, lines

pytestmark = pytest.mark.usefixtures("clock")
WEEK = "PPPPTTPPPP"


@pytest.fixture
def school(own_world: make.World) -> make.World:
    """Ng is at Tawa, by both kinds of number; another student is at Puna."""
    exports.numbered(own_world.ng, NSN, "n17")
    exports.numbered(own_world.other, OTHER_NSN, "zqx9")
    moved = db.session.scalars(select(Enrolment).where(Enrolment.student_id == own_world.ng.id)).one()
    moved.school_id = own_world.tawa.id
    other = db.session.scalars(select(Enrolment).where(Enrolment.student_id == own_world.other.id)).one()
    other.school_id = own_world.puna.id
    db.session.commit()
    return own_world


def counts(import_id: int) -> tuple[int, int, int, int]:
    brought = exports.now(import_id)
    return brought.new, brought.changed, brought.same, brought.refused


def whys(import_id: int) -> list[tuple[int, str]]:
    return [(row.line, row.why) for row in refusals_of(exports.now(import_id))]


def count(table: type) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(table)) or 0


def pressed(act: object, import_id: int, by: object) -> None:
    begin_write()
    act(import_id, by=by)  # type: ignore[operator]
    db.session.commit()


def test_a_file_is_read_and_nothing_is_kept_of_it_before_somebody_says_so(school: make.World) -> None:
    one = exports.reviewed(school.mere, csv(*lines(WEEK)))
    brought = exports.now(one)
    assert (brought.state, brought.rows, brought.students) == (ImportState.REVIEW, 5, 1)
    assert counts(one) == (10, 0, 0, 0)
    assert (brought.from_on, brought.to_on) == (MONDAY, MONDAY + timedelta(days=4))
    assert not exports.marks_of(school.tawa, school.ng)
    assert count(TallyDue) == 0


def test_what_is_kept_is_kept_once_and_its_sums_are_asked_for(school: make.World) -> None:
    one = exports.kept(school.mere, csv(*lines(WEEK)))
    brought = exports.now(one)
    assert (brought.state, brought.kept_by_id, brought.done) == (ImportState.KEPT, school.mere.person_id, 1)
    assert brought.kept_at
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}
    due = db.session.get(TallyDue, school.tawa.id)
    assert due
    assert due.from_on == MONDAY
    with pytest.raises(Conflict):
        pressed(keep_import, one, school.mere)
    again = exports.reviewed(school.mere, csv(*lines(WEEK)))
    assert counts(again) == (0, 0, 10, 0)
    with pytest.raises(Refused, match="nothing to keep"):
        pressed(keep_import, again, school.mere)


def test_only_what_it_says_changes_and_what_was_there_before_is_known(school: make.World) -> None:
    exports.kept(school.mere, csv(*lines(WEEK)))
    two = exports.reviewed(school.priya, csv(*lines("..MMPP..T.")))
    assert counts(two) == (0, 5, 0, 0)
    (week,) = changed_weeks(exports.now(two))
    assert (week.public_id, week.monday, week.before, week.told) == (school.ng.public_id, MONDAY, WEEK, "..MMPP..T.")
    pressed(keep_import, two, school.priya)
    carry_imports()
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "PPMMPPPPTP"}
    (former,) = former_marks(school.ng.id, school.tawa.id)
    assert (former.monday, former.before, former.told) == (MONDAY, WEEK, "..MMPP..T.")
    assert former.kept_at
    assert former.undone_at is None
    assert not former_marks(school.ng.id, school.puna.id)
    assert not former_marks(school.other.id, school.tawa.id)


def test_of_two_that_say_the_same_the_second_one_kept_changes_nothing(school: make.World) -> None:
    one, two = (exports.reviewed(school.mere, csv(*lines(WEEK))) for _ in range(2))
    for each in (one, two):
        pressed(keep_import, each, school.mere)
        carry_imports()
    assert counts(one) == (10, 0, 0, 0)
    assert counts(two) == (0, 0, 10, 0)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}


def test_an_import_is_undone_but_for_what_changed_since(school: make.World) -> None:
    exports.kept(school.mere, csv(*lines("PPPPPPPPPP")))
    two = exports.kept(school.mere, csv(*lines("TTTT......"), *lines(WEEK, monday=MONDAY + timedelta(weeks=1))))
    exports.kept(school.mere, csv(*lines("M.........")))
    pressed(undo_import, two, school.priya)
    carry_imports()
    brought = exports.now(two)
    assert (brought.state, brought.undone_by_id) == (ImportState.UNDONE, school.priya.person_id)
    assert brought.fault == carrying.STAYED
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "MPPPPPPPPP"}
    assert [each.undone_at is not None for each in former_marks(school.ng.id, school.tawa.id)] == [False, True, True]
    with pytest.raises(Conflict):
        pressed(undo_import, two, school.mere)


def test_marks_are_found_by_the_schools_own_number_too(school: make.World) -> None:
    one = exports.kept(school.mere, csv(*lines(WEEK, who="N17"), headings="Student ID,Date,AM,PM"))
    assert counts(one) == (10, 0, 0, 0)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}


def test_of_a_number_of_another_school_the_same_is_said_as_of_one_that_nobody_has(school: make.World) -> None:
    """Also of their own number there, and in a file of both."""
    by_nsn = exports.reviewed(school.mere, csv(*lines("PP", who=OTHER_NSN), *lines("PP", who="111111111")))
    said = [why.replace(OTHER_NSN, "X").replace("111111111", "X") for _, why in whys(by_nsn)]
    assert said == ["No student of this school has the number “X”"] * 2
    by_id = exports.reviewed(school.mere, csv(*lines("PP", who="zqx9"), headings="Student ID,Date,AM,PM"))
    assert [why for _, why in whys(by_id)] == ["No student of this school has the number “zqx9”"]
    assert counts(by_nsn) == (0, 0, 0, 2)


def test_each_line_that_is_not_taken_says_why(school: make.World) -> None:
    rows = [
        f"{NSN},9/2/2026,P,!",
        f"{NSN},30/3/2026,P,P",
        f"{NSN},15/2/2026,P,P",
        f"{NSN},10/2/2026,P,P",
        f"{NSN},10/2/2026,T,P",
        f"{NSN},nonsense,P,P",
        ",11/2/2026,P,P",
    ]
    one = exports.reviewed(school.mere, csv(*rows))
    assert [line for line, _ in whys(one)] == [2, 3, 4, 6, 7, 8]
    assert [why.partition(" ")[0] for _, why in whys(one)] == ["“!”", "30", "Sunday", "Another", "“nonsense”", "It"]
    assert counts(one) == (3, 0, 0, 6)


def test_a_day_outside_of_the_enrolment_is_refused(school: make.World) -> None:
    enrolment = db.session.scalars(select(Enrolment).where(Enrolment.student_id == school.ng.id)).one()
    enrolment.from_on, enrolment.to_on = MONDAY + timedelta(days=1), MONDAY + timedelta(days=3)
    db.session.commit()
    one = exports.reviewed(school.mere, csv(*lines(WEEK)))
    assert [line for line, why in whys(one) if "was not on the roll on" in why] == [2, 6]
    assert counts(one) == (6, 0, 0, 2)


def test_of_two_students_with_one_number_the_one_who_was_there_is_meant(school: make.World) -> None:
    """Schools give numbers again; where both were there nobody knows."""
    exports.numbered(school.whanau, "555555555", "n17")
    theirs = db.session.scalars(select(Enrolment).where(Enrolment.student_id == school.whanau.id)).one()
    theirs.school_id, theirs.to_on = school.tawa.id, MONDAY + timedelta(days=1)
    mine = db.session.scalars(select(Enrolment).where(Enrolment.student_id == school.ng.id)).one()
    mine.from_on = MONDAY + timedelta(days=1)
    db.session.commit()
    one = exports.kept(school.mere, csv(*lines(WEEK, who="n17"), headings="Student ID,Date,AM,PM"))
    assert [why for _, why in whys(one)] == ["More than one student had the number “n17” on 10 February 2026"]
    assert exports.marks_of(school.tawa, school.whanau) == {MONDAY: "PP........"}
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "....TTPPPP"}


def test_a_row_of_an_unknown_student_is_refused_once_not_for_each_day(school: make.World) -> None:
    headings = "NSN," + ",".join(f"{MONDAY + timedelta(days=number):%d/%m/%Y}" for number in range(5))
    one = exports.kept(school.mere, csv(f"{NSN},PP,PP,TT,PP,PP", "111111111,PP,PP,PP,PP,PP", headings=headings))
    assert counts(one) == (10, 0, 0, 1)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}


def test_refusals_are_counted_and_the_first_of_them_kept(school: make.World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.attendance.marks.reading.MOST_REFUSALS", 3)
    one = exports.reviewed(school.mere, csv(*(f"1111111{number},9/2/2026,P,P" for number in range(10, 17))))
    assert counts(one)[3] == 7
    assert [line for line, _ in whys(one)] == [2, 3, 4]


def test_a_record_that_went_into_another_is_that_one(school: make.World) -> None:
    """By its number, and compared with the marks that stand under its name; each keeps its own, for the day they come apart."""
    went = make.student("Zqxwv Went", school.tawa)
    exports.numbered(went, "222222222")
    db.session.commit()
    exports.kept(school.mere, csv(*lines(WEEK, who="222222222")))
    merged(school, went, school.ng)
    two = exports.kept(school.mere, csv(*lines("..MM......", who="222222222")))
    assert counts(two) == (0, 2, 0, 0)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "..MM......"}
    assert exports.marks_of(school.tawa, went) == {MONDAY: WEEK}
    found = weeks_of(school.ng.id, school.tawa.id, MONDAY, MONDAY + timedelta(days=4))
    assert by_monday(found) == {MONDAY: "PPMMTTPPPP"}


def test_of_a_record_that_went_into_another_while_it_was_looked_at_no_mark_is_lost(school: make.World) -> None:
    into = make.student("Zqxwv Into", school.tawa)
    db.session.commit()
    exports.kept(school.mere, csv(*lines("TTTT")))
    two = exports.reviewed(school.mere, csv(*lines("....PP")))
    merged(school, school.ng, into)
    pressed(keep_import, two, school.mere)
    carry_imports()
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "TTTT......"}
    assert exports.marks_of(school.tawa, into) == {MONDAY: "....PP...."}
    found = weeks_of(into.id, school.tawa.id, MONDAY, MONDAY + timedelta(days=4))
    assert by_monday(found) == {MONDAY: "TTTTPP...."}
    pressed(undo_import, two, school.mere)
    carry_imports()
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "TTTT......"}
    assert exports.marks_of(school.tawa, into) == {}


def test_a_correction_that_was_looked_at_before_two_records_became_one_counts(school: make.World) -> None:
    went = make.student("Zqxwv Went", school.tawa)
    exports.numbered(went, "222222222")
    db.session.commit()
    exports.kept(school.mere, csv(*lines("PPPPPPPPPP")))
    two = exports.reviewed(school.mere, csv(*lines("TT", who="222222222")))
    merged(school, went, school.ng)
    pressed(keep_import, two, school.mere)
    carry_imports()
    found = weeks_of(school.ng.id, school.tawa.id, MONDAY, MONDAY + timedelta(days=4))
    assert by_monday(found) == {MONDAY: "TTPPPPPPPP"}
    assert counts(two) == (0, 2, 0, 0)


def merged(school: make.World, went: make.Pupil, into: make.Pupil) -> None:
    begin_write()
    row = StudentMerge(public_id=public_id(), from_id=went.id, into_id=into.id, organisation_id=school.te_awa.id)
    row.state, row.why, row.proposed_at, row.proposed_by_id = (
        MergeState.CONFIRMED,
        "",
        core_clock.now(),
        school.ana.person_id,
    )
    db.session.add(row)
    db.session.get_one(Student, went.id).merged_into_id = into.id
    db.session.commit()


def test_columns_that_cannot_be_told_are_asked_for_and_remembered(school: make.World) -> None:
    content = csv(*lines(WEEK), headings="Zq,Date,Wx,Vb")
    one = exports.reviewed(school.mere, content)
    brought = exports.now(one)
    assert (brought.state, brought.next_try_at) == (ImportState.COLUMNS, None)
    assert brought.fault.startswith("No columns say the codes")
    assert json.loads(brought.sample)[0] == ["Zq", "Date", "Wx", "Vb"]
    found = import_for(school.mere, brought.public_id)
    assert found
    with pytest.raises(Refused, match="No column says whose"):
        say_columns(found, [Column.NOTHING] * 4, by=school.mere)
    begin_write()
    say_columns(found, [Column.NSN, Column.DAY, Column.MORNING, Column.AFTERNOON], by=school.mere)
    db.session.commit()
    carry_imports()
    assert counts(one) == (10, 0, 0, 0)
    assert counts(exports.reviewed(school.mere, content)) == (10, 0, 0, 0)
    other = exports.reviewed(school.jin, content)
    assert exports.now(other).state is ImportState.COLUMNS, "what one school said holds for no other"
    assert [row.school_id for row in db.session.scalars(select(KnownColumns))] == [school.tawa.id]


def test_a_file_without_headings_loses_no_line(school: make.World) -> None:
    content = "\r\n".join(f"{NSN},{MONDAY + timedelta(days=day):%d/%m/%Y},AM,P" for day in range(5)).encode()
    one = exports.reviewed(school.mere, content)
    brought = exports.now(one)
    assert json.loads(brought.sample)[0] == ["Column 1", "Column 2", "Column 3", "Column 4"]
    found = import_for(school.mere, brought.public_id)
    assert found
    begin_write()
    say_columns(found, [Column.NSN, Column.DAY, Column.HALF, Column.CODE], by=school.mere)
    db.session.commit()
    carry_imports()
    assert counts(one) == (5, 0, 0, 0)


def test_a_title_may_stand_above_the_headings(school: make.World) -> None:
    one = exports.reviewed(school.mere, b"Tawa Awa College\r\n\r\n" + csv(*lines(WEEK), f"{NSN},16/2/2026,!,"))
    assert counts(one) == (10, 0, 0, 1)
    assert [line for line, _ in whys(one)] == [9]


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"PK\x03\x04nothing", b'a,b\r\n"'])
def test_what_cannot_be_read_is_refused_in_words_and_its_file_goes(school: make.World, content: bytes) -> None:
    one = exports.reviewed(school.mere, content)
    brought = exports.now(one)
    if brought.state is not ImportState.COLUMNS:
        assert (brought.state, brought.file_id, count(StoredFile)) == (ImportState.REFUSED, None, 0)
        assert brought.fault.endswith(".")


def test_its_file_goes_once_it_is_kept_or_left(school: make.World) -> None:
    exports.kept(school.mere, csv(*lines(WEEK)))
    assert count(StoredFile) == 0
    one = exports.reviewed(school.mere, csv(*lines("MMMMMMMMMM"), *lines("PP", who="1")))
    assert (count(StoredFile), count(ImportRefusal)) == (1, 1)
    pressed(leave_import, one, school.mere)
    carry_imports()
    brought = exports.now(one)
    assert (brought.state, brought.next_try_at, brought.sample) == (ImportState.LEFT, None, "")
    left = db.session.scalars(select(ImportedWeek.import_id).where(ImportedWeek.import_id == one)).all()
    assert (count(StoredFile), count(ImportRefusal), left) == (0, 0, [])
    with pytest.raises(Conflict):
        pressed(keep_import, one, school.mere)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}


def test_what_nobody_looks_at_in_thirty_days_is_thrown_away(school: make.World, clock: Traveller) -> None:
    one = exports.reviewed(school.mere, csv(*lines(WEEK)))
    clock.shift(LEFT_AFTER)
    leave_old()
    assert exports.now(one).state is ImportState.REVIEW
    clock.shift(timedelta(seconds=1))
    leave_old()
    carry_imports()
    assert (exports.now(one).state, exports.now(one).fault) == (ImportState.LEFT, NOBODY_LOOKED)
    assert (count(StoredFile), count(ImportedWeek)) == (0, 0)


def test_a_file_waits_for_the_scanner_and_an_infected_one_is_refused(school: make.World, clock: Traveller) -> None:
    one = exports.brought(school.mere, csv(*lines(WEEK)), scan=Scan.PENDING)
    carry_imports()
    assert (exports.now(one).state, exports.now(one).fault) == (ImportState.READING, NOT_SCANNED)
    file = db.session.scalars(select(StoredFile)).one()
    file.scan = Scan.INFECTED
    db.session.commit()
    clock.shift(timedelta(minutes=1))
    carry_imports()
    assert (exports.now(one).state, exports.now(one).fault) == (ImportState.REFUSED, INFECTED)


def test_without_a_person_a_file_is_read_where_it_lies(school: make.World) -> None:
    """By the operator's command or the watched folder; people of the school look at it and keep it."""
    begin_write()
    one, two = (
        begin_import(school.tawa.id, way=way, file_name="marks.csv", digest="d" * 64).id
        for way in (ImportWay.COMMAND, ImportWay.FOLDER)
    )
    db.session.commit()
    rows = [(number, row.split(",")) for number, row in enumerate(["NSN,Date,AM,PM", *lines(WEEK)], 1)]
    assert read_here(one, rows).state is ImportState.REVIEW
    assert counts(one) == (10, 0, 0, 0)
    assert read_here(two, [(1, ["Zq", "Wx"]), (2, ["a", "b"])]).fault == NO_COLUMNS
    found = import_for(school.mere, exports.now(one).public_id)
    assert found
    assert found.asked_by is None
    pressed(keep_import, one, None)
    carry_imports()
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}
    audits = db.session.execute(select(Audit.event, Audit.role, Audit.person_id).where(Audit.thing_id == one)).all()
    assert [tuple(row) for row in audits] == [("marks.brought", "command", None), ("marks.kept", "command", None)]


@pytest.mark.parametrize(("way", "why"), [(ImportWay.COMMAND, BROKEN_OFF), (ImportWay.FOLDER, GONE)])
def test_reading_a_file_that_is_gone_is_refused(school: make.World, clock: Traveller, way: ImportWay, why: str) -> None:
    begin_write()
    one = begin_import(school.tawa.id, way=way, file_name="marks.csv", digest="d" * 64).id
    db.session.commit()

    def broken() -> object:
        yield 1, ["NSN", "Date", "AM", "PM"]
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        read_here(one, broken())  # type: ignore[arg-type]
    db.session.rollback()
    carry_imports()
    assert exports.now(one).state is ImportState.READING
    clock.shift(claiming.LEASE + timedelta(seconds=1))
    carry_imports()
    assert (exports.now(one).state, exports.now(one).fault) == (ImportState.REFUSED, why)


class Killed(BaseException):
    """Nothing catches it: what stands then is what a killed worker leaves."""


def dies_at(monkeypatch: pytest.MonkeyPatch, home: object, name: str, time: int) -> None:
    """In this call of it."""
    works, calls = getattr(home, name), []

    def called(*args: object) -> object:
        calls.append(1)
        if len(calls) == time:
            raise Killed
        return works(*args)

    monkeypatch.setattr(home, name, called)


@pytest.mark.parametrize(("name", "time"), [("add_weeks", 2), ("add_refusals", 1), ("read", 1)])
def test_a_worker_that_is_killed_while_it_reads_begins_anew(
    school: make.World, monkeypatch: pytest.MonkeyPatch, clock: Traveller, name: str, time: int
) -> None:
    monkeypatch.setattr("app.attendance.marks.comparing.A_BITE", 1)
    weeks = [line for number in range(3) for line in lines(WEEK, monday=date(2026, 2, 2) + timedelta(weeks=number))]
    one = exports.brought(school.mere, csv(*weeks, "1,9/2/2026,P,P"))
    with monkeypatch.context() as patch:
        dies_at(patch, taking, name, time)
        with pytest.raises(Killed):
            carry_imports()
    db.session.rollback()
    carry_imports()
    assert exports.now(one).state is ImportState.READING, "its lease is not over"
    clock.shift(claiming.LEASE + timedelta(seconds=1))
    carry_imports()
    assert counts(one) == (30, 0, 0, 1)
    assert (count(ImportedWeek), count(ImportRefusal)) == (3, 1)


@pytest.mark.parametrize("time", [1, 2, 3, 4])
def test_a_worker_that_is_killed_while_it_keeps_or_undoes_goes_on(
    school: make.World, monkeypatch: pytest.MonkeyPatch, clock: Traveller, time: int
) -> None:
    monkeypatch.setattr(keeping, "A_BITE", 1)
    mondays = [date(2026, 2, 2) + timedelta(weeks=number) for number in range(3)]
    exports.kept(school.mere, csv(*lines("TT........", monday=mondays[0])))
    one = exports.reviewed(school.mere, csv(*(line for monday in mondays for line in lines(WEEK, monday=monday))))
    for act, name, expected in (
        (keep_import, "keep_some", dict.fromkeys(mondays, WEEK)),
        (undo_import, "put_some_back", {mondays[0]: "TT........"}),
    ):
        pressed(act, one, school.mere)
        with monkeypatch.context() as patch:
            dies_at(patch, carrying, name, time)
            with pytest.raises(Killed):
                carry_imports()
        db.session.rollback()
        clock.shift(claiming.LEASE + timedelta(seconds=1))
        carry_imports()
        assert exports.marks_of(school.tawa, school.ng) == expected
    assert (exports.now(one).state, exports.now(one).fault) == (ImportState.UNDONE, "")


def test_one_that_fails_is_tried_again_and_says_so(
    school: make.World, monkeypatch: pytest.MonkeyPatch, clock: Traveller
) -> None:
    one = exports.brought(school.mere, csv(*lines(WEEK)))

    def fails(*_: object) -> object:
        raise ValueError

    monkeypatch.setattr(taking, "read", fails)
    for _ in range(2):
        carry_imports()
        assert exports.now(one).fault == ""
        clock.shift(timedelta(minutes=1, seconds=1))
    carry_imports()
    assert exports.now(one).fault == carrying.STUCK
    for _ in range(taking.MOST_ATTEMPTS):
        clock.shift(timedelta(minutes=1, seconds=1))
        carry_imports()
    assert (exports.now(one).state, exports.now(one).fault) == (ImportState.REFUSED, UNREADABLE)


def test_each_school_has_its_own(school: make.World) -> None:
    one = exports.now(exports.reviewed(school.mere, csv(*lines(WEEK)))).public_id
    assert [row.MarkImport.public_id for row in imports_of(school.priya)] == [one]
    assert import_for(school.priya, one)
    for other in (school.jin, school.tom, school.ana, school.hana):
        assert import_for(other, one) is None
        assert not imports_of(other)


def test_marks_that_somebody_else_kept_meanwhile_are_what_was_before(school: make.World) -> None:
    one = exports.reviewed(school.mere, csv(*lines("TT")))
    marked.term(school.tawa, school.ng, "MM........", from_on=MONDAY)
    db.session.commit()
    pressed(keep_import, one, school.mere)
    carry_imports()
    assert counts(one) == (0, 2, 0, 0)
    assert [each.before for each in former_marks(school.ng.id, school.tawa.id)] == ["MM........"]
