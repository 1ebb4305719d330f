"""What became of letters of a batch stands on the timeline of each case, and in the log; of a school's there is no case."""

from collections.abc import Iterable, Sequence
from typing import Any

from app.cases.actions import add_entries
from app.cases.entries import Audience, EntryKind
from app.cases.many import heads_of
from app.core import events
from app.core.db import AnyRow
from app.core.events import Happened
from app.letters.actions import name_with
from app.letters.answers import hope_for_answers
from app.letters.batches.models import LetterBatch
from app.letters.models import Letter
from app.letters.versions.actions import begin_each
from app.people.queries import Actor

MADE, SENT, VOIDED = "letter.made_in_batch", "letter.sent_in_batch", "letter.voided_in_batch"


def made_together(made: Sequence[tuple[Any, Letter]], *, by: Actor) -> None:
    """Each with what it rests on. Of all of them people are told once (`batches.tells`)."""
    begin_each([letter for _, letter in made], by=by)
    words = (f"{name_with(letter.step, dossier.caregiver.relationship)} was made." for dossier, letter in made)
    _say(zip((letter for _, letter in made), words, strict=True), " ", by)
    heads = {dossier.case.id: dossier.case for dossier, letter in made if letter.case_id}
    events.record_all(*(Happened(MADE, letter, heads.get(letter.case_id)) for _, letter in made), by=by)


def changed_together(
    rows: Sequence[AnyRow], words: Sequence[str], event: str, batch: LetterBatch, *, by: Actor
) -> None:
    """Each row with its letter, and what the timeline says of it. To what was sent an answer is hoped for, as to a single one."""
    _say(((row.Letter, said) for row, said in zip(rows, words, strict=True)), "\n", by)
    heads = heads_of(by, [row.Letter.case_id for row in rows if row.Letter.case_id])
    of_cases = [(heads[row.Letter.case_id], row.Letter) for row in rows if row.Letter.case_id]
    hoped = hope_for_answers(of_cases, batch.answer_by, by=by) if event == SENT and batch.answer_by else []
    happened = (Happened(event, row.Letter, heads.get(row.Letter.case_id)) for row in rows)
    events.record_all(*happened, *hoped, by=by)


def _say(those: Iterable[tuple[Letter, str]], between: str, by: Actor) -> None:
    said: dict[int, str] = {}
    for letter, words in those:
        if letter.case_id:
            said[letter.case_id] = f"{said[letter.case_id]}{between}{words}" if letter.case_id in said else words
    add_entries(said, EntryKind.LETTER, audience=Audience.SERVICE, by=by)
