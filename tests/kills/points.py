"""Where a part can be made to die, and which part."""

from enum import StrEnum


class Point(StrEnum):
    """A named point in the life of a form or a mail."""

    KEY = "once-only key row written"
    OBJECT_PUT = "object put"
    COMMIT_BEGINS = "row commit begins"
    COMMITTED = "row committed"
    ENQUEUED = "worker woken"
    CLAIMED = "claim committed"
    MARK_DONE = "mark-done begins"


class Whom(StrEnum):
    """The process that reaches the point, or gunicorn's master above it."""

    ITSELF = "itself"
    MASTER = "master"
