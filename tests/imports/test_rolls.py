"""Rolls of schools: who comes, who stays, who has left (CAL-5), and what somebody brings along (CASE-10)."""

import time
from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from time_machine import Traveller

from app.cases.models import Case
from app.cases.queries import case_for
from app.cases.transfers.queries import waiting_transfer
from app.core.db import begin_write, db
from app.core.events import Audit, Outbox
from app.students.models import Enrolment, EnrolmentSource, EnrolmentType, NameWord, Student
from app.students.queries import is_on_roll, students_found
from tests import make
from tests.imports.conftest import Bring

HEAD = "nsn,local_id,name,preferred_name,born,year_level,tutor,from,to,additional,type,back_on\n"
HEMI = "101,77,Hēmi Whānau,,2011-05-04,10,10 Rātā,2025-01-30,,,,\n"
GRACE = "102,78,Grace Ng,,4/5/2011,Year 10,10 Kōwhai,2025-01-30,,,,\n"
NEW = "103,79,Zqxwvia Tamihana,Zqx,2012-01-02,9,9 Miro,2026-02-02,,,,\n"
KEEP = ("--school", "9001", "--keep")


def enrolments(school_id: int) -> Sequence[Enrolment]:
    return db.session.scalars(select(Enrolment).where(Enrolment.school_id == school_id).order_by(Enrolment.id)).all()


def test_a_first_roll_names_those_who_are_there_and_adds_the_others(
    app: Flask, peopled: make.World, bring: Bring
) -> None:
    done = bring("rolls", HEAD + HEMI + GRACE + NEW, *KEEP)
    assert done.output == "Kept: 2 changed, 1 new.\n"
    with app.app_context():
        first, second, third = enrolments(peopled.tawa.id)
        hemi, new = db.session.get_one(Student, peopled.whanau.id), db.session.get_one(Student, third.student_id)
        assert (hemi.national_number, first.student_id, first.local_id, first.source) == (
            "101",
            hemi.id,
            "77",
            EnrolmentSource.ROLL,
        )
        assert first.known_at is not None
        assert (second.tutor, second.to_on) == ("10 Kōwhai", None)
        assert (new.legal_name, new.preferred_name, new.born_on) == ("Zqxwvia Tamihana", "Zqx", date(2012, 1, 2))
        assert (third.from_on, third.year_level, third.tutor, third.is_main) == (date(2026, 2, 2), 9, "9 Miro", True)
        assert [row.id for row in students_found(peopled.mere, "zqxwv")] == [new.id]
        assert not students_found(peopled.jin, "zqxwv"), "of another school"
        assert db.session.scalars(select(Audit.event).order_by(Audit.id)).all() == ["enrolment.on_roll", "roll.taken"]


def test_the_same_roll_again_changes_nothing_but_its_day(
    app: Flask, peopled: make.World, bring: Bring, clock: Traveller
) -> None:
    bring("rolls", HEAD + HEMI + GRACE + NEW, *KEEP)
    clock.shift(timedelta(days=1))
    done = bring("rolls", HEAD + NEW + HEMI + GRACE, *KEEP)
    assert done.output == "Kept: 3 as before.\n"
    with app.app_context():
        assert len(enrolments(peopled.tawa.id)) == 3
        assert {each.as_of.day for each in enrolments(peopled.tawa.id)} == {3}
        assert db.session.scalar(select(func.count()).select_from(Student)) == 4


def test_a_dry_run_writes_nothing_and_names_nobody(app: Flask, peopled: make.World, bring: Bring) -> None:
    done = bring("rolls", HEAD + HEMI + NEW + "1,2,Zqxwv Bad,,2001-13-40,9,,,,,,\n", "--school", "9001")
    assert done.exit_code == 1
    assert done.output.startswith("Line 4: “born” is no day like")
    assert "Zqx" not in done.output
    done = bring("rolls", HEAD + HEMI + NEW, "--school", "9001")
    assert "It would be: 1 changed, 1 left, 1 new." in done.output
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Audit)) == 0
        assert not any(each.local_id or each.to_on for each in enrolments(peopled.tawa.id))


def test_who_is_not_named_any_more_has_left_on_the_day(app: Flask, peopled: make.World, bring: Bring) -> None:
    bring("rolls", HEAD + HEMI + GRACE + NEW, *KEEP)
    assert bring("rolls", HEAD + HEMI + NEW, *KEEP).output == "Kept: 2 as before, 1 left.\n"
    assert bring("rolls", HEAD + HEMI + NEW, *KEEP).output == "Kept: 2 as before.\n"
    with app.app_context():
        assert [each.to_on for each in enrolments(peopled.tawa.id)] == [None, date(2026, 3, 3), None]
        assert [each.to_on for each in enrolments(peopled.puna.id)] == [None], "another school's roll says nothing"
    assert "1 changed" in bring("rolls", HEAD + HEMI + GRACE + NEW, *KEEP).output
    with app.app_context():
        assert [each.to_on for each in enrolments(peopled.tawa.id)] == [None, None, None], "the same day: a mistake"


def test_a_roll_of_under_half_is_refused_until_it_is_said_to_be_right(
    app: Flask, peopled: make.World, bring: Bring
) -> None:
    bring("rolls", HEAD + HEMI + GRACE + NEW, *KEEP)
    done = bring("rolls", HEAD + HEMI, *KEEP)
    assert done.exit_code == 1
    assert "names 1 students, and the last one 3" in done.output
    assert bring("rolls", HEAD + HEMI, *KEEP, "--much-smaller").output == "Kept: 1 as before, 2 left.\n"


def test_an_older_roll_is_refused(app: Flask, peopled: make.World, bring: Bring) -> None:
    bring("rolls", HEAD + HEMI + GRACE, *KEEP)
    done = bring("rolls", HEAD + HEMI + GRACE, *KEEP, "--as-of", "2026-03-02")
    assert done.exit_code == 1
    assert "this roll is of 2026-03-02, and a later one, of 2026-03-03" in done.output
    done = bring("rolls", HEAD + HEMI + GRACE, *KEEP, "--as-of", "2026-03-04")
    assert "A roll is of today or of an earlier day." in done.output


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("101,,Somebody Else,,2012-05-04,10,,,,,,\n", "Line 2: This national student number goes with another name"),
        (HEMI + HEMI, "Line 3: A line above has the same local id."),
        ("101,,Hēmi Whānau,,2011-05-04,10,,,,,,\n" * 2, "Line 3: A line above names the same student."),
        (",,Grace Ng,,2011-05-04,15,,,,,,\n", "Line 2: “year level” is no number from 0 to 13."),
        (",,Grace Ng,,2024-05-04,1,,,,,,\n", "Line 2: “born” is less than 4 or more than 25 years ago."),
        ("12345678901,,Grace Ng,,2011-05-04,1,,,,,,\n", "Line 2: “nsn” is no number of 10 figures at most."),
        (",,Grace Ng,,2011-05-04,1,,2026-02-02,2026-01-01,,,\n", "Line 2: “to” lies before “from”."),
        (",,Grace Ng,,2011-05-04,1,,,,,,2026-04-01\n", "Line 2: “back on” goes only with the type not attending."),
        (",,...,,2011-05-04,1,,,,,,\n", "Line 2: The name has no letters."),
    ],
)
def test_a_line_that_cannot_be_keeps_the_file_out(
    app: Flask, peopled: make.World, bring: Bring, line: str, why: str
) -> None:
    with app.app_context():
        begin_write()
        db.session.get_one(Student, peopled.other.id).national_number = "101"
        if "Hēmi" in line:
            db.session.get_one(Student, peopled.other.id).legal_name = "Hēmi Whānau"
        db.session.commit()
    done = bring("rolls", HEAD + line, *KEEP, "--much-smaller")
    assert done.exit_code == 1
    assert why in done.output
    assert "Hēmi" not in done.output
    with app.app_context():
        assert not any(each.to_on for each in enrolments(peopled.tawa.id))


def test_somebody_called_the_same_elsewhere_is_another_student_without_a_number(
    app: Flask, peopled: make.World, bring: Bring
) -> None:
    mikaere = ",,Mikaere Whānau,,2011-05-04,10,,,,,,\n"
    assert "1 new" in bring("rolls", HEAD + HEMI + GRACE + mikaere, *KEEP).output
    with app.app_context():
        assert enrolments(peopled.tawa.id)[-1].student_id != peopled.other.id
        assert not is_on_roll(peopled.mere, peopled.other.id)


def test_a_student_moves_with_the_case_as_rules_say(app: Flask, peopled: make.World, bring: Bring) -> None:
    with app.app_context():
        begin_write()
        db.session.get_one(Student, peopled.whanau.id).national_number = "101"
        case = make.open_case(peopled)
        number, case_id = case.number, case.id
        db.session.get_one(Student, peopled.whanau.id).address = "12 Zqxwv Street"
        db.session.commit()
    moved = "school,nsn,name,born,year_level,from\n9003,101,Hemi Whanau,2011-05-04,10,2026-03-03\n"
    assert bring("rolls", moved, "--keep").output == "Kept: 1 came from elsewhere.\n"
    with app.app_context():
        case = db.session.get_one(Case, case_id)
        assert is_on_roll(peopled.kahu, peopled.whanau.id)
        assert case_for(peopled.kahu, number) is None, "five working days, or the case manager says so"
        assert case_for(peopled.mere, number) is not None, "until its own roll says otherwise"
        transfer = waiting_transfer(case_id)
        assert transfer is not None
        assert transfer.to_id == peopled.maunga.id
        told = db.session.scalars(select(Outbox.person_id).where(Outbox.event == "student.arrived")).all()
        assert told == [peopled.ana.person_id]
        (row,) = students_found(peopled.kahu, "whanau")
        assert row.address == "", "of the record that came with another school's roll"
        assert students_found(peopled.mere, "whanau")[0].address == "12 Zqxwv Street"
    assert "1 left" in bring("rolls", HEAD + GRACE, *KEEP).output


def test_an_additional_enrolment_asks_for_no_transfer(app: Flask, peopled: make.World, bring: Bring) -> None:
    with app.app_context():
        begin_write()
        db.session.get_one(Student, peopled.whanau.id).national_number = "101"
        case_id = make.open_case(peopled).id
        db.session.commit()
    text = "school,nsn,name,born,year_level,additional,type,back_on\n9003,101,Hēmi Whānau,2011-05-04,10,yes,{}\n"
    bring("rolls", text.format("not attending,2026-04-20"), "--keep")
    with app.app_context():
        (enrolment,) = enrolments(peopled.bay.id)
        assert (enrolment.is_main, enrolment.type) == (False, EnrolmentType.NOT_ATTENDING)
        assert waiting_transfer(case_id) is None
        student = db.session.get_one(Student, peopled.whanau.id)
        assert (student.return_on, student.return_said_by) == (
            date(2026, 4, 20),
            "The roll of Kōwhai Bay Area School",
        )


def test_another_name_takes_the_place_of_the_one_there_and_both_are_found(
    app: Flask, peopled: make.World, bring: Bring
) -> None:
    bring("rolls", HEAD + HEMI + GRACE, *KEEP)
    renamed = GRACE.replace("Grace Ng", "Grace Zqxwv")
    assert "1 as before, 1 changed" in bring("rolls", HEAD + HEMI + renamed, *KEEP).output
    with app.app_context():
        for typed in ("zqxwv", "ng"):
            assert [row.legal_name for row in students_found(peopled.mere, typed)] == ["Grace Zqxwv"]


def test_who_was_added_by_hand_lately_may_not_be_on_the_roll_yet(
    app: Flask, peopled: make.World, bring: Bring, clock: Traveller
) -> None:
    with app.app_context():
        begin_write()
        for each in enrolments(peopled.tawa.id)[1:]:
            each.source = EnrolmentSource.PERSON
        db.session.commit()
    assert bring("rolls", HEAD + HEMI, *KEEP).output == "Kept: 1 changed.\n"
    clock.shift(timedelta(days=8))
    assert bring("rolls", HEAD + HEMI, *KEEP).output == "Kept: 1 as before, 1 left.\n"


def test_ten_thousand_students_come_in_well_under_a_minute(app: Flask, peopled: make.World, bring: Bring) -> None:
    lines = [f"{200000 + n},{n},Zqxwv{n:05d} Tamihana,,2012-01-02,9,9 Miro,2026-02-02,,,,\n" for n in range(10_000)]
    began = time.monotonic()
    assert "10,000 new" in bring("rolls", HEAD + "".join(lines), "--school", "9002", "--keep").output
    first = time.monotonic() - began
    began = time.monotonic()
    assert "10,000 as before" in bring("rolls", HEAD + "".join(lines), "--school", "9002", "--keep").output
    print(f"10,000 students: {first * 1000:.0f} ms at first, {(time.monotonic() - began) * 1000:.0f} ms again")
    assert first < 60
    with app.app_context():
        assert (db.session.scalar(select(func.count()).select_from(NameWord)) or 0) > 20_000
