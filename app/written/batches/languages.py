"""In which language the letters of a batch will be, where that is not said by itself (LET-9)."""

from collections.abc import Sequence

from app.letters.batches.listing import AnyLine
from app.letters.batches.models import LetterBatch, LineState
from app.letters.languages import ENGLISH, name_of, tag_of
from app.letters.wordings.queries import own_texts


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
        else f"In English: no text in {line.language} is in use"
        for line, tag in others.items()
    }
