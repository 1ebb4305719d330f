"""Where the letters of a case are, and what each of their pages has."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.cases.policy import can_assign
from app.cases.queries import CaseHead
from app.letters.dossiers import Dossier
from app.letters.points import Place
from app.people.models import Role
from app.students.models import Caregiver
from app.workspace.case_pages import show_case

LETTERS = "/cases/<number>/letters"
ADDRESS = f"{LETTERS}/<public_id>"


def address_of(head: CaseHead) -> str:
    return f"/workspace/cases/{head.number}/letters/"


def show_letters(page: str, part: str = "", *, head: CaseHead, **values: Any) -> Response:
    """A page that a school has too (`written.letters`): how the case stands above it, and in its title."""
    values |= {"header": "workspace/_case_header.html", "tail": f" – {head.number}", "back": address_of(head)}
    return show_case(page, part, head=head, **values)


def spoken_at(dossier: Dossier) -> dict[Place, str]:
    """Where it is read what was spoken with the whānau just now."""
    at = f"/workspace/cases/{dossier.case.number}/meetings/"
    return {Place.SPOKEN: f"{at}{dossier.spoken[0].public_id}"} if dossier.spoken else {}


def remedies(head: CaseHead, caregiver: Caregiver) -> dict[Place, str]:
    """Where this person can mend what is in the way."""
    case = f"/workspace/cases/{head.number}"
    places = {
        Place.CAREGIVER: f"{case}/caregivers/{caregiver.public_id}",
        Place.ATTENDANCE: f"{case}/attendance",
        Place.LAST_DAY: f"{case}/last-day",
        Place.STUDENT: f"{case}/student",
        Place.HOLDS: f"{case}/letters/#holds",
    }
    if can_assign(g.actor, head):
        places[Place.ASSIGNMENT] = f"{case}/assignment"
    if g.actor.role is Role.WORKFLOW_LEAD:
        places[Place.LETTERHEAD] = "/workspace/settings/letterhead"
        places[Place.WORDING] = "/workspace/settings/letters/"
    return places
