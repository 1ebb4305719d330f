"""What every page of a case has at a service."""

from typing import Any

from flask import g
from werkzeug.wrappers import Response

from app.cases.heading import readers_of
from app.cases.queries import CaseHead, safety_notes_for
from app.core.web.answers import show


def show_case(page: str, part: str = "", *, head: CaseHead, status: int = 200, **values: Any) -> Response:
    """Safety notes stand on every service page of the case (SHARE-8), and who reads what is shared, wherever something is."""
    notes = safety_notes_for(g.actor, [head.case_id]).get(head.case_id, [])
    return show(page, part, status=status, case=head, safety_notes=notes, readers=readers_of(head), **values)
