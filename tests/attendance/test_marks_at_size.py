"""Marks of many students: how the database finds a few of them, whatever there is besides (`quality.md`)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import insert, literal, select, text

from app.attendance.tallies.models import MarkWeek
from app.attendance.tallies.queries import weeks_of_each
from app.core.db import db
from app.students.models import Student
from tests import make
from tests.attendance.marked import TERM_1
from tests.cases.many import many
from tests.support.plans import read_through
from tests.support.statements import Statements

WEEKS = 100
STUDENTS = 300
HALF = "PPPPTTPPPM"


@pytest.fixture
def crowd(world: make.World) -> make.World:
    """Each with a hundred weeks."""
    many(world, STUDENTS, here=1, each=1)
    columns = ["student_id", "school_id", "monday", "marks"]
    for number in range(WEEKS):
        monday = TERM_1 - timedelta(weeks=number)
        rows = select(Student.id, literal(world.tawa.id), literal(monday), literal(HALF)).where(Student.id >= 1000)
        db.session.execute(insert(MarkWeek).from_select(columns, rows))
    db.session.execute(text("ANALYZE"))
    return world


@pytest.mark.parametrize("count", [1, 200])
def test_weeks_of_some_are_found_by_their_key(crowd: make.World, statements: Statements, count: int) -> None:
    students, from_on = list(range(1000, 1000 + count)), date(2025, 10, 6)
    with statements.counted():
        found = weeks_of_each(students, crowd.tawa.id, from_on, TERM_1)
    assert {len(weeks) for weeks in found.values()} == {18}
    assert len(found) == count
    (asked,) = zip(statements.texts, statements.values, strict=True)
    assert "mark_week" not in read_through(*asked, True)
