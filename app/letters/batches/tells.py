"""Whom a batch tells: whoever has one of its cases, or stands in on it, once for all of them (`cases/lists/notifications.csv`)."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import select

from app.cases.tells import told_of_each
from app.core import events
from app.core.db import db
from app.core.events import Told
from app.core.told import Place, Row, finds, things_of
from app.letters.batches.models import BatchLine, LetterBatch
from app.letters.batches.policy import visible
from app.letters.models import Letter
from app.people.queries import Actor

MADE, POSTED, UNDONE = "batch.made", "batch.letters_posted", "batch.letters_voided"


@finds(MADE, POSTED, UNDONE)
def places_of_batches(reader: Actor, those: Sequence[Row]) -> dict[int, Place]:
    """Its page, for whoever may see it by now."""
    found = things_of(those, LetterBatch, LetterBatch.public_id, seen=visible(reader))
    return {row.id: Place(f"/workspace/letters/batches/{row.public_id}/") for row in found}


@events.tells(MADE)
@events.tells(POSTED)
@events.tells(UNDONE)
def batch_changed(batch: LetterBatch, by: events.By, about: Any) -> Iterable[Told]:
    """Each person once, in each role."""
    cases = select(BatchLine.case_id).join(Letter, Letter.id == BatchLine.letter_id)
    made = cases.where(BatchLine.batch_id == batch.id, BatchLine.case_id.is_not(None), Letter.made_at.is_not(None))
    found = told_of_each(sorted(set(db.session.scalars(made))), "letter_made_or_sent", by=by)
    once = {(told.person_id, told.role): told for some in found.values() for told in some}
    return list(once.values())
