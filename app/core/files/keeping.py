"""A file that has arrived becomes an object in the store, or is refused in plain words. Never within a transaction."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from app.core.files import kinds, names, pictures, unfit, vectors
from app.core.files.kinds import DRAWING, KINDS, Kind
from app.core.files.pictures import Allowance
from app.core.files.spool import Spool
from app.core.files.store import StoreFailed, the_store
from app.core.files.stored import Change, Kept
from app.core.files.unfit import Unfit

Preparation = Callable[[Spool, Kind, Allowance], AbstractContextManager[tuple[Spool, Kind, Change]]]
"""What is kept of a file, as what, and what was done to it."""
PRINTED = (KINDS["jpg"], KINDS["png"])


def keep(spool: Spool, sent_as: str, allowance: Allowance) -> Kept:
    """Judge it, prepare it, put it into the store; `allowance` is that of its form. Raises `Unfit`."""
    return _keep(spool, sent_as, _prepared, allowance)


def keep_for_print(spool: Spool, sent_as: str, allowance: Allowance) -> Kept:
    """The same for a picture that letters print: it is made anew, small, a drawing safe. Raises `Unfit` for all but JPEG, PNG
    and SVG."""
    is_drawing = spool.keeps and vectors.is_drawing(_beginning(spool))
    return _keep(spool, sent_as, _drawable if is_drawing else _printable, allowance, DRAWING if is_drawing else None)


def measure(spool: Spool, _sent_as: str, _allowance: Allowance) -> None:
    """Nothing of it is kept, read or judged: its digest is all that is asked. Raises `Unfit` for what did not arrive whole."""
    refuse_what_did_not_arrive(spool)


def _keep(spool: Spool, sent_as: str, prepared: Preparation, allowance: Allowance, known: Kind | None = None) -> Kept:
    refuse_what_did_not_arrive(spool)
    try:
        name = names.cleaned(sent_as)
        kind = known or kinds.judge(spool, name)
        with prepared(spool, kind, allowance) as (file, kept_as, change):
            key = the_store().put(file)
            name = kinds.name_for(name, kept_as)
            return Kept(key, name, kept_as.media, file.size, spool.sha256, file.sha256, change)
    except StoreFailed as failure:
        raise Unfit(unfit.NO_ROOM if failure.has_no_room else unfit.NO_STORE) from failure
    except OSError as failure:
        raise Unfit(unfit.NO_ROOM) from failure


def refuse_what_did_not_arrive(spool: Spool) -> None:
    """Raises `Unfit`."""
    reasons = {
        unfit.too_many(): not spool.keeps,
        unfit.too_large(): spool.is_too_large,
        unfit.NO_ROOM: spool.has_no_room,
        unfit.EMPTY: not spool.size,
    }
    for reason, is_so in reasons.items():
        if is_so:
            raise Unfit(reason)


@contextmanager
def _prepared(spool: Spool, kind: Kind, allowance: Allowance) -> Iterator[tuple[Spool, Kind, Change]]:
    """What is kept of it, as what, and what was done to it (SHARE-6)."""
    made: Spool | None = None
    kept_as, change = kind, Change.NONE
    if kind.media == "image/jpeg":
        made, change = pictures.without_place(spool), Change.PLACE_REMOVED
    elif kind.media in {"image/heic", "image/webp"}:
        made, kept_as, change = pictures.upright_jpeg(spool, allowance), KINDS["jpg"], Change.UPRIGHT_JPEG
    try:
        yield made or spool, kept_as, change if made else Change.NONE
    finally:
        if made:
            made.close()


@contextmanager
def _printable(spool: Spool, kind: Kind, allowance: Allowance) -> Iterator[tuple[Spool, Kind, Change]]:
    """A PNG may become a JPEG, so what was made is judged once more."""
    if kind not in PRINTED:
        raise Unfit(unfit.NOT_FOR_PRINT)
    made = pictures.for_print(spool, allowance)
    try:
        yield made, kinds.judge(made, ""), Change.NONE
    finally:
        made.close()


@contextmanager
def _drawable(spool: Spool, kind: Kind, _allowance: Allowance) -> Iterator[tuple[Spool, Kind, Change]]:
    spool.seek(0)
    safe = vectors.made_safe(spool.read(vectors.LARGEST + 1))
    with Spool() as made:
        made.write(safe)
        if made.has_no_room:
            raise Unfit(unfit.NO_ROOM)
        yield made, kind, Change.NONE


def _beginning(spool: Spool) -> bytes:
    spool.seek(0)
    return spool.read(kinds.HEAD_BYTES * 4)
