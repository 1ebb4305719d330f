"""A file that has arrived becomes an object in the store, or is refused in plain words."""

from app.core.files import kinds, names
from app.core.files.kinds import Unfit
from app.core.files.spool import LARGEST, Spool
from app.core.files.store import StoreFailed, the_store
from app.core.files.stored import Kept

LARGEST_WORDS = f"{LARGEST // 1024**2} MB"
NO_ROOM = "It could not be kept, because the portal’s disk is full. Nothing else was lost: try again later."
NO_STORE = "It could not be kept just now. Nothing else was lost: try again in a few minutes."


def keep(spool: Spool, sent_as: str) -> Kept:
    """Judge it, prepare it, put it into the store. Raises `Unfit`. Never within a transaction."""
    if spool.is_too_large:
        raise Unfit(f"It is larger than {LARGEST_WORDS}. Make it smaller, or send it in parts.")
    if spool.has_no_room:
        raise Unfit(NO_ROOM)
    if not spool.size:
        raise Unfit("It is empty. Check the file where you have it, and choose it again.")
    name = names.cleaned(sent_as)
    kind = kinds.judge(spool, name)
    try:
        key = the_store().put(spool)
    except StoreFailed as failure:
        raise Unfit(NO_STORE) from failure
    return Kept(key, names.ending_in(name, kind), kind.media, spool.size, spool.sha256, spool.sha256)
