"""The same questions to two portals of different size, such that both show as many rows: what a page costs is compared, not
how full it is."""

from collections.abc import Sequence
from itertools import cycle
from urllib.parse import parse_qs, urlencode, urlsplit

from app.cases.listing import NOT_CLOSED
from bench.browser import Answer, Browser, Question
from bench.questions import Asker

Pair = tuple[Question, Question]
Two = tuple[Browser, Browser]


def paired(page: str, askers: Sequence[Asker], browsers: Two, count: int) -> list[Pair]:
    """At most so many; a question of the small one that the large one cannot answer with as many rows is left out."""
    small, large = (asker.questions(page, count) for asker in askers)
    if page == "comment":
        return list(zip(small, large, strict=True))
    by_rows: dict[int, list[Question]] = {}
    for question in large:
        by_rows.setdefault(_rows(browsers[1].ask(question)), []).append(question)
    turns = {rows: cycle(questions) for rows, questions in by_rows.items()}
    pairs = []
    for question in small:
        rows = _rows(browsers[0].ask(question))
        other = next(turns[rows]) if rows in turns else _last(page, askers[1], question, rows)
        if other:
            pairs.append((question, other))
    if not pairs:
        raise RuntimeError(f"{page}: no two show as many rows; let SMALL be larger")
    return pairs


def _rows(answer: Answer) -> int:
    """Of a list, or entries of a case."""
    return answer.text.count('<th scope="row">') + answer.text.count('class="wh-entry"')


def _last(page: str, asker: Asker, question: Question, rows: int) -> Question | None:
    """The same list where it ends after so many rows."""
    ticks = parse_qs(urlsplit(question.path).query).get("status", [])
    statuses = ["queue"] if page == "queue" else ticks or NOT_CLOSED
    listed = [case.number for case in asker.cases if case.status in statuses]
    if page not in {"queue", "list"} or len(listed) <= rows:
        return None
    after = [*(("status", tick) for tick in ticks), ("after", listed[-rows - 1])]
    return Question(f"{urlsplit(question.path).path}?{urlencode(after)}")
