"""What a roll says of a student and of their enrolment, put where we have it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from app.core.text import nfc
from app.imports.rolls.rules import OfRoll
from app.people.models import Organisation
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.rolls.actions import OnRoll


def new(told: OfRoll, as_of: date) -> OnRoll:
    enrolled: dict[str, object] = {
        "from_on": told.from_on or as_of,
        "to_on": told.to_on,
        "year_level": told.year_level,
        "tutor": nfc(told.tutor),
        "local_id": told.local_id,
        "is_main": told.is_main,
        "type": told.type,
    }
    return OnRoll(told.name, told.preferred, told.born_on, told.nsn or None, enrolled)


def of_enrolment(told: OfRoll, enrolment: Enrolment) -> dict[str, Any]:
    return {
        "from_on": told.from_on or enrolment.from_on,
        "to_on": told.to_on,
        "year_level": told.year_level,
        "tutor": nfc(told.tutor) or enrolment.tutor,
        "local_id": told.local_id or enrolment.local_id,
        "is_main": told.is_main,
        "type": told.type,
        "source": EnrolmentSource.ROLL,
    }


def of_student(told: OfRoll, student: Student, school: Organisation, *, is_mended: bool) -> dict[str, Any]:
    """A number that nobody knew is known now; a day of return takes the place of another one."""
    says: dict[str, Any] = {"national_number": student.national_number or told.nsn or None}
    if not is_mended:
        preferred = nfc(told.preferred) or student.preferred_name
        says |= {"legal_name": nfc(told.name), "preferred_name": preferred, "born_on": told.born_on}
    if told.back_on and told.back_on != student.return_on:
        says |= {"return_on": told.back_on, "return_said_by": f"The roll of {school.name}"[:160]}
    return says


def change(thing: Enrolment | Student, says: Mapping[str, Any]) -> bool:
    others = {name: value for name, value in says.items() if getattr(thing, name) != value}
    for name, value in others.items():
        setattr(thing, name, value)
    return bool(others)
