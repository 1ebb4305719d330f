"""The rolls of the demonstration's schools, with the caregivers each school knows of."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from app.core import clock
from app.people.models import Organisation
from app.students.actions import add_student, enrol
from app.students.caregivers.actions import add_caregiver
from demo.data_moments import at
from demo.invented import InventedStudent, roll
from demo.invented_names import LEVELS

SIZES = {"9001": 120, "9002": 60, "9003": 80}
SETTLED = timedelta(weeks=20)
"""Everyone is enrolled at least so long: before the first request that is told of."""


@dataclass(frozen=True)
class OnRoll:
    """A student as invented, and the id they got."""

    student_id: int
    invented: InventedStudent


def add_rolls(organisations: dict[str, Organisation], *, since: datetime) -> dict[str, list[OnRoll]]:
    """Rolls as the schools keep them today; caregivers known `since` then."""
    today = clock.today()
    return {
        number: [_add(student, organisations[number], since) for student in roll(number, size, today)]
        for number, size in SIZES.items()
    }


def _add(invented: InventedStudent, school: Organisation, since: datetime) -> OnRoll:
    student = add_student(
        legal_name=invented.legal_name,
        born_on=invented.born_on,
        preferred_name=invented.preferred_name,
        national_number=invented.national_number,
        address=invented.address,
    )
    student.phone = invented.phone
    from_on = _enrolled_from(invented, LEVELS[school.number][0])
    enrol(student, school, from_on=from_on, year_level=invented.year_level, tutor=invented.tutor)
    with at(since):
        for caregiver in invented.caregivers:
            add_caregiver(student.id, given_by=school.id, **vars(caregiver))
    return OnRoll(student.id, invented)


def _enrolled_from(invented: InventedStudent, lowest_level: int) -> date:
    """Since the school's first year level, on 1 February."""
    today = clock.today()
    began = date(today.year - (invented.year_level - lowest_level), 2, 1)
    return min(began, today - SETTLED)
