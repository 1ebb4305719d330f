"""In which language the letters of a batch will be, where that is not said by itself (LET-9)."""

from collections.abc import Mapping, Sequence

from app.letters.batches.listing import AnyLine
from app.letters.batches.models import BatchState, LetterBatch, LineState
from app.letters.batches.rules import is_reworded
from app.letters.languages import ENGLISH, name_of, tag_of
from app.letters.wordings.queries import changed_since, own_texts

IN_ENGLISH = "In English"


def languages_in(batch: LetterBatch, lines: Sequence[AnyLine]) -> dict[int, str]:
    """Of lines that are ready, to people whose language is not English, by their place. Asks only where there are any."""
    others = {line: tag_of(line.language) for line in lines if line.state is LineState.READY and line.language.strip()}
    others = {line: tag for line, tag in others.items() if tag != ENGLISH}
    if not others:
        return {}
    there = {(step, language) for _, step, _, language in own_texts(batch.organisation_id, batch.purpose).contents}
    return {
        line.place: f"In {name_of(tag)}"
        if (line.step, tag) in there
        else f"{IN_ENGLISH}: no text in {line.language} is in use"
        for line, tag in others.items()
    }


def reworded_in(batch: LetterBatch, lines: Sequence[AnyLine], languages: Mapping[int, str]) -> set[int]:
    """The places of lines that are ready, and whose text was changed since everybody was looked at; `languages`: as `languages_in`
    says it. One statement, while the batch is looked through."""
    if batch.state is not BatchState.REVIEW:
        return set()
    changed = changed_since(batch.organisation_id, batch.purpose, batch.asked_at)
    return {line.place for line in lines if line.state is LineState.READY and _is_reworded(line, languages, changed)}


def _is_reworded(line: AnyLine, languages: Mapping[int, str], changed: set[tuple[int, str]]) -> bool:
    is_english = languages.get(line.place, IN_ENGLISH).startswith(IN_ENGLISH)
    return is_reworded(line.step, ENGLISH if is_english else tag_of(line.language), line.language, changed)
