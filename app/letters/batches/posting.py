"""Letters of a batch are noted as posted, or voided, some in each transaction; each has its own record (LET-6)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.cases.models import Case
from app.core import clock
from app.core.db import AnySelect, db
from app.letters.actions import name_with
from app.letters.batches.asking import AT_ONCE
from app.letters.batches.models import BatchLine, LetterBatch, Whom
from app.letters.batches.policy import is_of_others
from app.letters.batches.queries import TO_UNDO
from app.letters.batches.recording import SENT, VOIDED, changed_together
from app.letters.batches.ways import way_of
from app.letters.emails.actions import stop_mail
from app.letters.models import Letter, Method
from app.letters.rules import Sending
from app.people.queries import Actor
from app.students.models import Caregiver

Those = ColumnElement[bool]
Change = Callable[[Letter, Actor], str]
"""Of one letter; answers with what the timeline says of it."""


def post_some(batch: LetterBatch, *, by: Actor) -> int:
    """The next of those that somebody said were posted, on the day that they said, unless voided or sent since; a mail that was
    asked for since is called off. To each an answer is hoped for, as to a single one."""
    if batch.posted_on is None:
        return 0
    sending = Sending(Method.POST, batch.posted_on)

    def sent(letter: Letter, by: Actor) -> str:
        letter.method, letter.sent_on, letter.served_by = sending.method, sending.sent_on, ""
        letter.sent_recorded_at, letter.sent_by_id = clock.now(), by.person_id
        stop_mail(letter)
        return f": {sending.words}."

    return _change_some(batch, and_(TO_UNDO, BatchLine.is_said_posted), sent, SENT, by)


def void_some(batch: LetterBatch, *, by: Actor) -> int:
    """The next that are made, not voided and not sent: they count no more, and no mail leaves with them."""

    def voided(letter: Letter, by: Actor) -> str:
        letter.voided_at, letter.voided_by_id, letter.void_why = clock.now(), by.person_id, batch.undone_why
        stop_mail(letter)
        return f" was voided: {batch.undone_why}"

    return _change_some(batch, TO_UNDO, voided, VOIDED, by)


def _change_some(batch: LetterBatch, those: Those, change: Change, event: str, by: Actor) -> int:
    """How many were looked at; what is of others' cases, or of closed ones, stays as it is."""
    those = and_(BatchLine.batch_id == batch.id, those, ~is_of_others(by))
    whom = (BatchLine.place, BatchLine.case_id, BatchLine.caregiver_id, BatchLine.round)
    some = db.session.execute(_letters(those, *whom).limit(AT_ONCE)).all()
    way_of(batch.purpose).hold({Whom(row.case_id or 0, row.caregiver_id, row.round) for row in some})
    held = _letters(those & BatchLine.place.in_([row.place for row in some]), Letter, Caregiver.relationship)
    rows = db.session.execute(held.with_for_update(of=Letter)).all()
    words = [f"{name_with(row.Letter.step, row.relationship)}{change(row.Letter, by)}" for row in rows]
    changed_together(rows, words, event, batch, by=by)
    return len(some)


def _letters(those: Those, *columns: Any) -> AnySelect:
    return (
        select(*columns)
        .select_from(BatchLine)
        .join(Letter, Letter.id == BatchLine.letter_id)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .outerjoin(Case, Case.id == BatchLine.case_id)
        .where(those)
        .order_by(BatchLine.place)
    )
