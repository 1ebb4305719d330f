"""A case is asked for elsewhere, offered there, accepted or refused; until then whoever has it acts (CASE-18)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select, update

from app.calendars.working_days import due_date, weekday_and_date
from app.cases.actions import add_entry, tell_both
from app.cases.entries import Audience, EntryKind
from app.cases.models import PAUSED_UNTIL_SIX, Case, Status
from app.cases.moves.actions import move_case
from app.cases.queries import CaseHead, case_to_change
from app.cases.standing import when_it_leaves
from app.cases.transfers import tells  # noqa: F401  (registers whom these events tell)
from app.cases.transfers.models import Transfer, TransferState
from app.cases.transfers.queries import WAITS, Offer, waiting_transfer
from app.cases.transfers.routing import region_at, services_where
from app.cases.transfers.rules import ACCEPTED, ASKED, BY_REQUEST, OFFERED, REFUSED, WAITING, WITHDRAWN
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.figures import the_figures
from app.core.security import public_id
from app.core.text import nfc
from app.people.models import Organisation

ANOTHER = "A transfer of this case is asked for already. It can be withdrawn, and asked for anew."
GONE = "This case is closed, or with another service, meanwhile."
HAS_IT = "That service has the case already."
ENDED = "This transfer has been answered, or was withdrawn, meanwhile. Nothing was changed."
MOVED = ("request_moved_case",)
"""As what an accepted transfer is told where the case goes, and to the school’s contact."""


@dataclass(frozen=True)
class Wanted:
    """Where a case is wanted, in whose words, and what both sides read of it; `is_routed`: routing names that service for the
    student (REQ-6), so that asking offers it too."""

    to_id: int | None
    why: str
    said: str
    is_routed: bool


def ask_for_transfer(head: CaseHead, to_id: int | None, why: str, *, by: events.By) -> Transfer:
    """By hand: to this service, or to one that the investigators find. Raises `Conflict` where another one waits, or the case went meanwhile."""
    case = case_to_change(head.case_id)
    if case.status is Status.CLOSED or case.service_id != head.service_id:
        raise Conflict(GONE)
    if waiting_transfer(case.id):
        raise Conflict(ANOTHER, "There is one already")
    there = _name(to_id) if to_id else "another service"
    is_routed = to_id in {each.service_id for each in services_where(case.student_id, case.school_id)}
    asked = ask(case, Wanted(to_id, why, f"A transfer to {there} is asked for.", is_routed), by=by)
    add_entry(case.id, EntryKind.STATUS, body=why, audience=Audience.SERVICE, by=by)
    return asked


def ask_by_request(case: Case, to_id: int, *, by: events.By) -> None:
    """The school’s service is another one: until that accepts the case, it stays where it is (REQ-7). What was asked for before
    gives way, unless it is offered there already."""
    waits = waiting_transfer(case.id)
    if waits and waits.to_id == to_id and waits.state is TransferState.OFFERED:
        return
    if waits:
        _end(waits, TransferState.WITHDRAWN, by=by)
    said = f"The school’s request asks for a transfer to {_name(to_id)}."
    ask(case, Wanted(to_id, BY_REQUEST, said, is_routed=True), by=by)


def ask(case: Case, wanted: Wanted, *, by: events.By, told_by: events.By | None = None) -> Transfer:
    """The caller holds the case, and none waits. `told_by`: who does it, where that is nobody."""
    if wanted.to_id == case.service_id:
        raise Refused(HAS_IT)
    asked = Transfer(
        public_id=public_id(),
        case_id=case.id,
        from_id=case.service_id,
        to_id=wanted.to_id,
        state=TransferState.ASKED,
        why=nfc(wanted.why),
        asked_at=clock.now(),
        asked_by_id=by.person_id,
        answer="",
    )
    db.session.add(asked)
    db.session.flush()
    tell_both(case, wanted.said, by=by)
    events.record(ASKED, by=told_by or by, on=asked, about=case)
    if wanted.to_id and wanted.is_routed:
        _offer(asked, case, wanted.to_id, by=by, told_by=told_by)
    return asked


def offer_transfer(seen: Offer, to_id: int, *, by: events.By) -> bool:
    """To the service that is wanted, or to another. False where it is offered there already; raises `Conflict` where it has
    ended."""
    case, transfer = _held(seen)
    if transfer.state not in WAITING:
        raise Conflict(ENDED)
    if to_id == transfer.from_id:
        raise Refused(HAS_IT)
    if transfer.state is TransferState.OFFERED and transfer.to_id == to_id:
        return False
    _offer(transfer, case, to_id, by=by)
    return True


def accept_transfer(seen: Offer, *, by: events.By) -> Case:
    """The case goes there with its history, into the queue, with new clocks; whoever managed it reads on for a while. Under six and
    on hold it stays so, and goes into the queue when its day comes (CASE-7); another pause was the former service's."""
    case, transfer = _held(seen)
    _refuse_unless_offered(transfer, by)
    _end(transfer, TransferState.ACCEPTED, by=by)
    region = region_at(case, by.organisation_id)
    waits = case.pause_reason == PAUSED_UNTIL_SIX
    stays = (Status.QUEUE, Status.PAUSED) if waits else (Status.QUEUE,)
    move_case(case, by.organisation_id, region, by=by, why="The transfer was accepted.", told_as=MOVED, stays=stays)
    tell_both(case, f"{_name(by.organisation_id)} has taken the case over.", by=by)
    events.record(ACCEPTED, by=by, on=transfer, about=case)
    return case


def refuse_transfer(seen: Offer, why: str, *, by: events.By) -> None:
    """It stays where it is; whoever asked reads why."""
    case, transfer = _held(seen)
    _refuse_unless_offered(transfer, by)
    _end(transfer, TransferState.REFUSED, by=by, answer=why)
    tell_both(case, f"{_name(by.organisation_id)} does not take the case over.", by=by)
    add_entry(case.id, EntryKind.STATUS, body=why, audience=Audience.SERVICE, by=by)
    events.record(REFUSED, by=by, on=transfer, about=case)


def withdraw_transfer(head: CaseHead, *, by: events.By) -> bool:
    """Not wanted any more. False where none waits."""
    case = case_to_change(head.case_id)
    waits = waiting_transfer(case.id)
    if waits is None or waits.from_id != by.organisation_id:
        return False
    _end(waits, TransferState.WITHDRAWN, by=by)
    tell_both(case, "A transfer is not asked for any more.", by=by)
    events.record(WITHDRAWN, by=by, on=waits, about=case)
    return True


@when_it_leaves(Transfer.case_id, WAITS)
def end_with_cases(cases: Sequence[Case], by: events.By) -> None:
    """What waits ends by itself when a case closes, or goes to another service without it."""
    waits = update(Transfer).where(Transfer.case_id.in_([case.id for case in cases]), WAITS)
    db.session.execute(waits.values(state=TransferState.WITHDRAWN, ended_at=clock.now()))


def _offer(transfer: Transfer, case: Case, to_id: int, *, by: events.By, told_by: events.By | None = None) -> None:
    transfer.state, transfer.to_id = TransferState.OFFERED, to_id
    transfer.offered_at, transfer.offered_by_id = clock.now(), by.person_id
    transfer.due_on = due_date(clock.today(), the_figures().transfer_answer_days, case.region)
    db.session.flush()
    tell_both(
        case, f"The transfer is offered to {_name(to_id)}, which answers by {weekday_and_date(transfer.due_on)}.", by=by
    )
    events.record(OFFERED, by=told_by or by, on=transfer, about=case)


def _held(seen: Offer) -> tuple[Case, Transfer]:
    """Both as they are now; nobody else changes either until the end of the transaction."""
    case = case_to_change(seen.case_id)
    found = select(Transfer).where(Transfer.public_id == seen.public_id).with_for_update()
    return case, db.session.scalars(found.execution_options(populate_existing=True)).one()


def _refuse_unless_offered(transfer: Transfer, by: events.By) -> None:
    if transfer.state is not TransferState.OFFERED or transfer.to_id != by.organisation_id:
        raise Conflict(ENDED)


def _end(transfer: Transfer, state: TransferState, *, by: events.By, answer: str = "") -> None:
    transfer.state, transfer.answer = state, nfc(answer)
    transfer.ended_at, transfer.ended_by_id = clock.now(), by.person_id
    db.session.flush()


def _name(service_id: int) -> str:
    return db.session.get_one(Organisation, service_id).name
