"""Whom a transfer tells: who asked, both services, and the investigators (`lists/notifications.csv`)."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select

from app.cases.models import Case, CasePerson, Part
from app.cases.places import places_on_cases
from app.cases.tells import holders_told, told_of
from app.cases.transfers.models import Transfer
from app.cases.transfers.policy import visible
from app.cases.transfers.rules import ACCEPTED, ASKED, OFFERED, REFUSED
from app.core import events
from app.core.db import db
from app.core.events import Channel, Told
from app.core.told import Place, Row, finds, things_of
from app.people.models import Kind, Role
from app.people.queries import Actor, roles_of
from app.people.telling.queries import holders_as_chosen

ANSWERED = "transfer_answered"
"""What `notifications.csv` calls it."""


@events.tells(ASKED)
def transfer_asked(transfer: Transfer, by: events.By, about: Case) -> Iterable[Told]:
    """The investigators; at the service that has the case its leads and its manager, but whoever asks."""
    return [*told_of(about.id, "transfer_asked", by=by), *_holders("transfer_asked", Role.INVESTIGATOR, by)]


@events.tells(OFFERED)
def transfer_offered(transfer: Transfer, by: events.By, about: Case) -> Iterable[Told]:
    """The leads of the service that is to answer."""
    return _holders("transfer_offered", Role.WORKFLOW_LEAD, by, transfer.to_id)


@events.tells(REFUSED)
def transfer_refused(transfer: Transfer, by: events.By, about: Case) -> Iterable[Told]:
    told = [*told_of(about.id, ANSWERED, by=by), *_holders(ANSWERED, Role.INVESTIGATOR, by)]
    return _with_asker(told, transfer, about, by)


@events.tells(ACCEPTED)
def transfer_accepted(transfer: Transfer, by: events.By, about: Case) -> Iterable[Told]:
    """Colleagues where the case is now and the school’s contact learn of it as of any case that moves, and the service that it
    has left by the move itself."""
    told = [*told_of(about.id, "request_moved_case", by=by), *_holders(ANSWERED, Role.INVESTIGATOR, by)]
    return _with_asker(told, transfer, about, by)


def _holders(listed: str, role: Role, by: events.By, organisation_id: int | None = None) -> list[Told]:
    """Nobody of their own act."""
    return [each for each in holders_told(role, listed, organisation_id) if each.person_id != by.person_id]


def _with_asker(told: list[Told], transfer: Transfer, about: Case, by: events.By) -> list[Told]:
    """Whoever asked is told too, in the role they hold there: once, and not beside what the move tells them."""
    known = {by.person_id, *(each.person_id for each in told)}
    if about.service_id != transfer.from_id:
        known |= _told_by_move(transfer, about)
    where = (transfer.from_id, about.school_id)
    held = [each for each in roles_of(transfer.asked_by_id) if each.organisation_id in where]
    if transfer.asked_by_id in known or not held:
        return told
    return [*told, Told(transfer.asked_by_id, held[0].role, held[0].organisation_id, Channel.APP)]


def _told_by_move(transfer: Transfer, about: Case) -> set[int]:
    """Who led the service it has left, and who managed it there."""
    leads = {each.person_id for each in holders_as_chosen(Role.WORKFLOW_LEAD, ANSWERED, transfer.from_id)}
    there = (CasePerson.case_id == about.id, CasePerson.organisation_id == transfer.from_id)
    former = select(CasePerson.person_id).where(*there, CasePerson.part == Part.FORMER_MANAGER)
    return leads | set(db.session.scalars(former))


@finds(ASKED, OFFERED, REFUSED, ACCEPTED)
def places_of_transfers(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """The case, for whoever may open it; else the page of the transfer, for whoever offers it or answers."""
    found: dict[int, Place] = {} if reader.organisation_kind is Kind.MINISTRY else dict(places_on_cases(reader, those))
    rest = [row for row in those if row.id not in found]
    start = "/ministry" if reader.organisation_kind is Kind.MINISTRY else "/workspace"
    number = select(Case.number).where(Case.id == Transfer.case_id).scalar_subquery().label("number")
    for row in things_of(rest, Transfer, Transfer.public_id, number, seen=visible(reader)) if rest else ():
        found[row.id] = Place(f"{start}/transfers/{row.public_id}", row.number)
    return found
