"""Whom it tells that students have been away for long, or that a day of return has passed; and where that stands."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.attendance.prompts.models import MarkPrompt
from app.attendance.prompts.policy import ANSWERERS
from app.attendance.prompts.rules import FIFTEEN, LISTED, RETURN, RETURN_OF_CASE, TWENTY
from app.cases.models import Case
from app.cases.tells import holders_told, told_of
from app.core import events
from app.core.events import Told
from app.core.told import Place, Row, finds, things_of
from app.people.models import Kind, Role
from app.people.queries import Actor
from app.people.rules import ROLES_OF

HERE = "/portal/attendance/prompts/"


def _tells(event: str) -> None:
    @events.tells(event)
    def asked(prompt: MarkPrompt, by: events.By, about: Any) -> Iterable[Told]:
        """The school's attendance leads, or its office where there is none."""
        leads = holders_told(Role.ATTENDANCE_LEAD, LISTED[event], prompt.school_id)
        return leads or holders_told(Role.OFFICE_SUPPORT, LISTED[event], prompt.school_id)


for each in (FIFTEEN, TWENTY, RETURN):
    _tells(each)


@events.tells(RETURN_OF_CASE)
def return_passed(case: Case, by: events.By, about: Case) -> Iterable[Told]:
    """Whoever has the case; its school is told by the line of its own list."""
    told = told_of(case.id, LISTED[RETURN_OF_CASE], by=by)
    return [one for one in told if one.role in ROLES_OF[Kind.SERVICE]]


@finds(FIFTEEN, TWENTY, RETURN)
def places_of_prompts(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The list of the school whose marks ask."""
    if reader.role not in ANSWERERS:
        return {}
    found = things_of(those, MarkPrompt, seen=MarkPrompt.school_id == reader.organisation_id)
    return {row.id: Place(HERE) for row in found}
