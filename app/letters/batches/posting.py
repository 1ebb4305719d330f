"""Letters of a batch are noted as posted, or voided, some in each transaction; each has its own record (LET-6)."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import ColumnElement, and_, select

from app.cases.actions import add_entries
from app.cases.entries import Audience, EntryKind
from app.cases.many import heads_of, workable
from app.cases.models import Case
from app.core import clock, events
from app.core.db import AnySelect, db
from app.core.events import Happened
from app.letters.actions import name_with
from app.letters.answers import hope_for_answers
from app.letters.batches.asking import AT_ONCE, hold_cases
from app.letters.batches.models import BatchLine, LetterBatch
from app.letters.batches.queries import TO_POST, TO_UNDO
from app.letters.emails.actions import stop_mail
from app.letters.models import Letter, Method
from app.letters.rules import Sending
from app.people.queries import Actor
from app.students.models import Caregiver

SENT, VOIDED = "letter.sent_in_batch", "letter.voided_in_batch"
Those = ColumnElement[bool]
Change = Callable[[Letter, Actor], str]
"""Of one letter; answers with what the timeline says of it."""


def post_some(batch: LetterBatch, *, by: Actor) -> int:
    """The next that are made, not voided and neither sent nor in the mail: on the day that somebody said of all of them. To each an
    answer is hoped for, as to a single one."""
    if batch.posted_on is None:
        return 0
    sending = Sending(Method.POST, batch.posted_on)

    def sent(letter: Letter, by: Actor) -> str:
        letter.method, letter.sent_on, letter.served_by = sending.method, sending.sent_on, ""
        letter.sent_recorded_at, letter.sent_by_id = clock.now(), by.person_id
        return f": {sending.words}."

    return _change_some(batch, TO_POST, sent, SENT, by)


def void_some(batch: LetterBatch, *, by: Actor) -> int:
    """The next that are made, not voided and not sent: they count no more, and no mail leaves with them."""

    def voided(letter: Letter, by: Actor) -> str:
        letter.voided_at, letter.voided_by_id, letter.void_why = clock.now(), by.person_id, batch.undone_why
        stop_mail(letter)
        return f" was voided: {batch.undone_why}"

    return _change_some(batch, TO_UNDO, voided, VOIDED, by)


def _change_some(batch: LetterBatch, those: Those, change: Change, event: str, by: Actor) -> int:
    """How many were looked at; what is of others' cases, or of closed ones, stays as it is."""
    those = and_(BatchLine.batch_id == batch.id, those, workable(by))
    some = db.session.execute(_letters(those, BatchLine.place, BatchLine.case_id).limit(AT_ONCE)).all()
    hold_cases(row.case_id for row in some)
    columns = (BatchLine.case_id, Letter, Caregiver.relationship)
    held = _letters(those & BatchLine.place.in_([row.place for row in some]), *columns).with_for_update(of=Letter)
    rows = db.session.execute(held).all()
    heads = heads_of(by, [row.case_id for row in rows])
    said: dict[int, str] = {}
    for row in rows:
        words = f"{name_with(row.Letter.step, row.relationship)}{change(row.Letter, by)}"
        said[row.case_id] = f"{said[row.case_id]}\n{words}" if row.case_id in said else words
    add_entries(said, EntryKind.LETTER, audience=Audience.SERVICE, by=by)
    of_cases = [(heads[row.case_id], row.Letter) for row in rows]
    hoped = hope_for_answers(of_cases, batch.posted_on, by=by) if event == SENT and batch.posted_on else []
    events.record_all(*(Happened(event, letter, head) for head, letter in of_cases), *hoped, by=by)
    return len(some)


def _letters(those: Those, *columns: Any) -> AnySelect:
    return (
        select(*columns)
        .select_from(BatchLine)
        .join(Letter, Letter.id == BatchLine.letter_id)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Case, Case.id == BatchLine.case_id)
        .where(those)
        .order_by(BatchLine.place)
    )
