"""Whom it tells that somebody else is the contact now."""

from collections.abc import Iterable
from typing import Any

from app.cases.models import CasePerson
from app.cases.tells import told_of
from app.core import events
from app.core.events import Told
from app.referrals.leaving.rules import CONTACT_HANDED_ON


@events.tells(CONTACT_HANDED_ON)
def contact_handed_on(named: CasePerson, by: events.By, about: Any) -> Iterable[Told]:
    """The case manager; the new contact is told once of everything they get."""
    told = told_of(named.case_id, "primary_contact_changed", by=by)
    return [one for one in told if one.person_id != named.person_id]
