"""What a transfer is called while it goes its way, and what is said of it (CASE-18)."""

from datetime import date

from app.cases.transfers.models import TransferState

ASKED, OFFERED = "case.transfer_asked", "case.transfer_offered"
ACCEPTED, REFUSED, WITHDRAWN = "case.transfer_accepted", "case.transfer_refused", "case.transfer_withdrawn"
WAITING = (TransferState.ASKED, TransferState.OFFERED)
STATE_WORDS = {
    TransferState.ASKED: "Asked for",
    TransferState.OFFERED: "Offered",
    TransferState.ACCEPTED: "Accepted",
    TransferState.REFUSED: "Refused",
    TransferState.WITHDRAWN: "Withdrawn",
}
LONGEST = 2_000
BY_REQUEST = "The student’s school asked for support, and its service is another one."
BY_ITSELF = "The student came to a school in the catchment of another service."


def is_overdue(state: TransferState, due_on: date | None, today: date) -> bool:
    """The service it is offered to has let the days pass."""
    return state is TransferState.OFFERED and due_on is not None and due_on < today
