"""Where the pages of this room lead: to the audience that asked."""

from typing import Any

from flask import g, request

from app.cases.entries import Audience, Entry
from app.cases.queries import CaseHead, safety_notes_for
from app.people.models import Kind


def header_of(head: CaseHead) -> dict[str, Any]:
    """The header of a case, for `show`: at a service safety notes stand beneath it (SHARE-8), at a school none."""
    is_service = g.actor.organisation_kind is Kind.SERVICE
    notes = safety_notes_for(g.actor, [head.case_id]).get(head.case_id, []) if is_service else []
    return {"header": f"{request.blueprint}/_case_header.html", "safety_notes": notes}


def cases_address() -> str:
    return f"/{request.blueprint}/cases/"


def case_address(head: CaseHead) -> str:
    return f"{cases_address()}{head.number}/"


def undo_address(head: CaseHead, entry: Entry) -> str:
    """Where somebody takes back what they have shared just now; of what is not shared there is none (SHARE-2)."""
    return f"{case_address(head)}entries/{entry.public_id}/undo" if entry.audience is Audience.SHARED else ""


def people_address() -> str:
    return f"/{request.blueprint}/people/"


def reports_address() -> str:
    return f"/{request.blueprint}/reports/"
