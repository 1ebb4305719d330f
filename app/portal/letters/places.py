"""Where the pages of a student's letters are, and what each of them has."""

from collections.abc import Mapping
from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.core.web.answers import show
from app.letters.facts import Fact, Facts, labels_of
from app.letters.points import Place
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.queries import OnRoll
from app.people.models import Role

STUDENT = "/students/<student>"
LETTERS = f"{STUDENT}/letters"


def student_address(head: OnRoll) -> str:
    return f"/portal/students/{head.public_id}/"


def letters_address(head: OnRoll) -> str:
    return f"{student_address(head)}letters/"


def show_student(page: str, part: str = "", *, head: OnRoll, status: int = 200, **values: Any) -> Response:
    """A page about a student of the school."""
    addresses = {"start": student_address(head), "back": letters_address(head)}
    return show(page, part, status=status, student=head, **addresses, **values)


def remedies(dossier: SchoolDossier) -> Mapping[Place, str]:
    """Where this person can mend what is in the way."""
    start, caregiver = student_address(dossier.head), dossier.caregiver
    whom = "new" if caregiver.is_shared else caregiver.public_id
    places = {
        Place.CAREGIVER: f"{start}caregivers/{whom}",
        Place.ATTENDANCE: f"{start}attendance",
        Place.HOLDS: f"{start}letters/#holds",
    }
    if g.actor.role is Role.ATTENDANCE_LEAD or dossier.head.stands_in:
        places[Place.LETTERHEAD] = "/portal/settings/letterhead"
        places[Place.WORDING] = "/portal/settings/letters/"
    return places


def told(facts: Facts) -> list[tuple[str, Fact]]:
    """Every fact by its label, in the order of the letter."""
    return [(label, facts.by_name[name]) for name, label in labels_of(facts.purpose).items() if name in facts.by_name]
