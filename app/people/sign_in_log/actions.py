"""That somebody did not come in is kept (A4)."""

from dataclasses import dataclass
from typing import Any

from app.core import events
from app.people.models import Person
from app.people.sign_in_log.rules import event_of


@dataclass(frozen=True)
class Outside:
    """Whoever has not come in acts in no role, nowhere; whether they are who has the account is not said either."""

    person_id: Any = None
    organisation_id: Any = None
    role: str = "none yet"


def note_turned_away(person: Person, cause: str) -> None:
    """They proved who they are at the sign-in server, and are turned away for this cause; `person` has the account that they came
    for."""
    events.record(event_of(cause), by=Outside(), on=person)
