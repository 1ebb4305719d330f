"""Who asks for a transfer, offers it and answers (`permissions.md`, "Working a case")."""

from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, false, true

from app.cases.models import CaseKind, Status
from app.cases.policy import can_change
from app.cases.transfers.models import Transfer, TransferState
from app.cases.transfers.rules import WAITING
from app.people.models import Role
from app.people.queries import Actor


class SeenTransfer(Protocol):
    """What a rule needs to know of a transfer that was loaded through `visible`."""

    @property
    def state(self) -> TransferState: ...


def visible(actor: Actor) -> ColumnElement[bool]:
    """A clause on Transfer: the investigators see all, a lead what was offered to their service. Whose case it is sees it on
    the case."""
    if actor.role is Role.INVESTIGATOR:
        return true()
    if actor.role is Role.WORKFLOW_LEAD:
        return and_(Transfer.to_id == actor.organisation_id, Transfer.offered_at.is_not(None))
    return false()


def can_ask(actor: Actor, case: Any) -> bool:
    """Only the case manager, their cover, and the workflow lead ask for a transfer, of a notice an investigator too; and only while
    a service has the case and it is not closed."""
    if actor.role is Role.INVESTIGATOR:
        return case.kind is CaseKind.NEN and case.service_id is not None and case.status is not Status.CLOSED
    return can_change(actor, case)


def can_look(actor: Actor, transfer: SeenTransfer) -> bool:
    """Whoever could load it through `visible` may see it."""
    return True


def can_offer(actor: Actor, transfer: SeenTransfer) -> bool:
    """The investigators offer a transfer that waits; this one has ended."""
    return actor.role is Role.INVESTIGATOR and transfer.state in WAITING


def can_answer(actor: Actor, transfer: SeenTransfer) -> bool:
    """A transfer is answered once, by a lead of the service that it is offered to; this one has been answered, or has ended."""
    return actor.role is Role.WORKFLOW_LEAD and transfer.state is TransferState.OFFERED
