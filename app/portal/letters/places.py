"""Where the pages of a student's letters are, and what each of them has."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.core.web.answers import show
from app.letters.points import Place
from app.letters.school.finding import case_at_school
from app.letters.school.naming import KnownCaregiver
from app.letters.school.policy import can_write_letters
from app.letters.school.queries import OnRoll
from app.people.models import Role

STUDENT = "/students/<student>"
LETTERS = f"{STUDENT}/letters"
ADDRESS = f"{LETTERS}/<letter>"


def student_address(head: OnRoll) -> str:
    return f"/portal/students/{head.public_id}/"


def letters_address(head: OnRoll) -> str:
    return f"{student_address(head)}letters/"


def show_student(page: str, part: str = "", *, head: OnRoll, status: int = 200, **values: Any) -> Response:
    """A page about a student of the school, perhaps one that a service has too (`written.letters`), of a case."""
    addresses = {"start": student_address(head), "back": letters_address(head)}
    about = {"header": "portal/letters/_student.html", "tail": f": {head.name}", "case": None}
    return show(page, part, status=status, student=head, **addresses, **about, **values)


def remedies(head: OnRoll, caregiver: KnownCaregiver) -> dict[Place, str]:
    """Where this person can mend what is in the way; and the case, where they may open it, of whoever knows more."""
    start, whom = student_address(head), "new" if caregiver.is_shared else caregiver.public_id
    places = {}
    if can_write_letters(g.actor, head):
        places = {
            Place.CAREGIVER: f"{start}caregivers/{whom}",
            Place.ATTENDANCE: f"{start}attendance",
            Place.HOLDS: f"{start}letters/#holds",
            Place.HOLIDAYS: f"{start}letters/#holidays",
        }
    if g.actor.role is Role.ATTENDANCE_LEAD or head.stands_in:
        places[Place.LETTERHEAD] = "/portal/settings/letterhead"
        places[Place.WORDING] = "/portal/settings/letters/"
    if caregiver.is_to_be_asked_about and (case := case_at_school(g.actor, head.student_id)):
        places[Place.CASE] = f"/portal/cases/{case}/"
    return places
