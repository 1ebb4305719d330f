"""A file with the NSN and the school's own number: either finds the student, and two students are never one (ATT-1)."""

import pytest
from sqlalchemy import update

from app.attendance.marks.queries import refusals_of
from app.core.db import db
from app.students.models import Student
from tests import make
from tests.attendance import exports
from tests.attendance.exports import MONDAY, NSN, OTHER_NSN, csv, lines

pytestmark = pytest.mark.usefixtures("clock")
WEEK = "PPPPTTPPPP"


@pytest.fixture
def school(own_world: make.World) -> make.World:
    """Ng is at Tawa, by both kinds of number; another student is at Puna."""
    exports.numbered(own_world.ng, NSN, "n17")
    exports.numbered(own_world.other, OTHER_NSN, "zqx9")
    exports.on_roll(own_world.ng, own_world.tawa)
    exports.on_roll(own_world.other, own_world.puna)
    db.session.commit()
    return own_world


def counts(import_id: int) -> tuple[int, int, int, int]:
    brought = exports.now(import_id)
    return brought.new, brought.changed, brought.same, brought.refused


def whys(import_id: int) -> list[tuple[int, str]]:
    return [(row.line, row.why) for row in refusals_of(exports.now(import_id))]


BOTH = "NSN,Student ID,Date,AM,PM"


@pytest.mark.parametrize("who", [f"{NSN},n17", f"{NSN},", f"{NSN},unknown", ",n17", ", N17 "])
def test_of_a_file_with_both_numbers_either_finds_the_student(school: make.World, who: str) -> None:
    one = exports.kept(school.mere, csv(*lines(WEEK, who=who), headings=BOTH))
    assert counts(one) == (10, 0, 0, 0)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: WEEK}


def test_an_nsn_that_is_not_known_gives_way_to_the_schools_own_number(school: make.World) -> None:
    """Where the student has none here yet; one with another NSN is another student."""
    exports.numbered(school.ng, "", "n17")
    db.session.execute(update(Student).where(Student.id == school.ng.id).values(national_number=None))
    db.session.commit()
    assert counts(exports.reviewed(school.mere, csv(*lines(WEEK, who="444444444,n17"), headings=BOTH)))[0] == 10
    exports.numbered(school.ng, NSN, "n17")
    db.session.commit()
    two = exports.reviewed(school.mere, csv(*lines("PP", who="444444444,n17"), headings=BOTH))
    said = "The student with the school’s own number “n17” has another NSN than “444444444”"
    assert (counts(two), whys(two)) == ((0, 0, 0, 1), [(2, said)])


def test_a_line_whose_numbers_are_those_of_two_students_is_taken_for_neither(school: make.World) -> None:
    exports.numbered(school.whanau, "555555555", "w5")
    exports.on_roll(school.whanau, school.tawa)
    db.session.commit()
    one = exports.reviewed(
        school.mere, csv(*lines("PP", who=f"{NSN},w5"), *lines("PP", who="555555555,w5"), headings=BOTH)
    )
    said = f"The NSN “{NSN}” and the school’s own number “w5” are those of two students"
    assert (counts(one), whys(one)) == ((2, 0, 0, 1), [(2, said)])


def test_of_both_numbers_of_nobody_here_the_nsn_is_named(school: make.World) -> None:
    """Also where a student of another school has both."""
    rows = [*lines("PP", who=f"{OTHER_NSN},zqx9"), *lines("PP", who="111111111,zqx9"), *lines("PP", who=",zqx9")]
    one = exports.reviewed(school.mere, csv(*rows, f",,{MONDAY:%d/%m/%Y},P,P", headings=BOTH))
    nobody = "No student of this school has the number “{}”"
    said = [
        nobody.format(OTHER_NSN),
        nobody.format("111111111"),
        nobody.format("zqx9"),
        "It does not say whose mark it is",
    ]
    assert [why for _, why in whys(one)] == said
