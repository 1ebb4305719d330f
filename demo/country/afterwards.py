"""What becomes of comments: a few are edited, retracted, undone, shared at once, or get other readers."""

from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from random import Random

from app.cases.entries import Audience
from app.people.models import Kind
from demo.country.chances import Urn
from demo.country.plans import Edited, OfComment, Readdressed, Retracted, SharedNow, Undone, Wrote
from demo.country.words import EDITED

A_SECOND = 1_000_000
Made = Callable[[Random, Wrote, int], OfComment | None]


def afterwards(drawn: Random, comments: Sequence[Wrote]) -> Iterator[OfComment]:
    """At most one thing of each comment."""
    for number, comment in enumerate(comments):
        made = KINDS.draw(drawn)
        if made and (step := made(drawn, comment, number)):
            yield step


def _edited(drawn: Random, comment: Wrote, number: int) -> OfComment:
    return Edited(comment.at + _after(drawn, 600, 9_000), comment.by, number, EDITED.format(text=comment.text))


def _retracted(drawn: Random, comment: Wrote, number: int) -> OfComment:
    return Retracted(comment.at + _after(drawn, 900, 9_000), comment.by, number)


def _undone(drawn: Random, comment: Wrote, number: int) -> OfComment | None:
    """Within the minutes that there are for it."""
    if comment.audience is not Audience.SHARED:
        return None
    return Undone(comment.at + _after(drawn, 10, 200), comment.by, number)


def _shared_now(drawn: Random, comment: Wrote, number: int) -> OfComment | None:
    if comment.audience is not Audience.SHARED:
        return None
    return SharedNow(comment.at + _after(drawn, 5, 120), comment.by, number)


def _readdressed(drawn: Random, comment: Wrote, number: int) -> OfComment | None:
    """What the service wrote: shared after all, or shared no more."""
    if comment.by.organisation.kind is not Kind.SERVICE:
        return None
    becomes = Audience.SERVICE if comment.audience is Audience.SHARED else Audience.SHARED
    return Readdressed(comment.at + _after(drawn, 1_800, 9_000), comment.by, number, becomes)


def _after(drawn: Random, least: int, most: int) -> timedelta:
    """Seconds; always on the same day."""
    return timedelta(microseconds=drawn.randrange(least * A_SECOND, most * A_SECOND))


KINDS: Urn[Made | None] = Urn(
    ((None, 86), (_edited, 5), (_retracted, 2), (_undone, 1), (_shared_now, 3), (_readdressed, 3))
)
