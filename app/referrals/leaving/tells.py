"""Whom it tells that somebody else is the contact now."""

from collections.abc import Iterable, Sequence

from app.cases.tells import told_of_each
from app.core import events
from app.core.events import Happened, Told
from app.referrals.leaving.rules import CONTACT_HANDED_ON


@events.tells_of_each(CONTACT_HANDED_ON)
def contacts_handed_on(those: Sequence[Happened], by: events.By) -> Sequence[Iterable[Told]]:
    """The case manager of each; the new contact is told once of everything they get."""
    told = told_of_each([each.about.id for each in those], "primary_contact_changed", by=by)
    return [[one for one in told[each.about.id] if one.person_id != each.on.person_id] for each in those]
