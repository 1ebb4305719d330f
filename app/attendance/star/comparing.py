"""What became of lines of STAR watch since a page showed them, in words: nobody answers a step that they did not see (ATT-5)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.attendance.star.lines import NOTHING, Line
from app.calendars.school_terms import term_words


def shown_from(texts: Iterable[str]) -> dict[str, str]:
    """What a page showed: of each student the `Line.version`, of texts of both with a space between."""
    return {public_id: version for public_id, _, version in (text.partition(" ") for text in texts)}


def changes_since(shown: Mapping[str, str], lines: Sequence[Line]) -> list[str]:
    """A sentence for each line that is not what was shown."""
    changed = [(line, shown.get(line.public_id, "")) for line in lines if shown.get(line.public_id) != line.version]
    return [f"{line.name}: {'; '.join(_changes(line, version))}." for line, version in changed]


def _changes(line: Line, version: str) -> Iterator[str]:
    term, step, newest = version.split(".") if version.count(".") == 2 else ("", "", "")
    if term != str(line.term):
        yield f"past {line.step} days of {term_words(line.term)} now, which this page did not show"
    elif step != str(line.step):
        yield f"past {line.step} days now, no longer {step}"
    if term and newest != line.version.rpartition(".")[2]:
        yield _done_since(line, newest)


def _done_since(line: Line, newest: str) -> str:
    ids = [NOTHING, *(each.public_id for each in line.done)]
    if newest not in ids:
        return "what was recorded last was taken back meanwhile"
    return "recorded meanwhile: " + ", and ".join(each.in_words for each in line.done[ids.index(newest) :])
