"""Whom a change of contacts tells: the old one and the new one, and the case manager."""

from collections.abc import Iterable, Sequence

from app.cases.contacts.rules import ADDED, BEGUN, CHANGED, COVERED, MISSING, REPLACED
from app.cases.models import Case, CasePerson
from app.cases.places import lost_cases
from app.cases.tells import told_of
from app.core import events
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds
from app.people.models import Kind
from app.people.queries import Actor, roles_of
from app.people.rules import ROLES_OF


@events.tells(CHANGED)
def contact_changed(named: CasePerson, by: events.By, about: Case) -> Iterable[Told]:
    """The new contact and the case manager; where the new one has no role yet, the leads in their place."""
    return told_of(named.case_id, "primary_contact_changed", by=by)


@events.tells(REPLACED)
@events.tells(ADDED)
def contact_told(named: CasePerson, by: events.By, about: Case) -> Iterable[Told]:
    """Whoever was the primary contact, or is one beside them now."""
    return themselves(named, by)


@events.tells(BEGUN)
def contact_begun(named: CasePerson, by: Actor, about: Case) -> Iterable[Told]:
    """Themselves, and whoever at their school sent the request that named them."""
    sender = Told(by.person_id, by.role, by.organisation_id, Channel.APP_EMAIL)
    return [*([sender] if by.organisation_id == named.organisation_id else []), *themselves(named, by)]


@events.tells(COVERED)
def cover_told(named: CasePerson, by: events.By, about: Case) -> Iterable[Told]:
    """Also where the cover begins later."""
    told = told_of(named.case_id, "cover_started", by=by)
    known = {one.person_id for one in told}
    return [*told, *(one for one in themselves(named, by) if one.person_id not in known)]


@events.tells(MISSING)
def contact_missed(named: CasePerson, by: events.By, about: Case) -> Iterable[Told]:
    """The school's leads, who can name somebody, and the case manager, who may call."""
    return told_of(named.case_id, "primary_contact_missing", by=by)


@finds(REPLACED)
def former_contacts(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Its number alone: they may no longer be able to open it."""
    return dict(lost_cases(reader, those))


def themselves(named: CasePerson, by: events.By) -> list[Told]:
    """In a role that they hold at the school; nobody where they hold none, and nobody of their own act."""
    held = [each for each in roles_of(named.person_id) if each.organisation_id == named.organisation_id]
    at_school = [each for each in held if each.role in ROLES_OF[Kind.SCHOOL]]
    if named.person_id == by.person_id:
        return []
    return [Told(named.person_id, each.role, named.organisation_id, Channel.APP_EMAIL) for each in at_school[:1]]
