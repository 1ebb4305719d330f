"""Where a part can be made to die, and which part."""

from enum import StrEnum


class Point(StrEnum):
    """A named point in the life of a form, a mail or a letter."""

    KEY = "once-only key row written"
    OBJECT_PUT = "object put"
    COMMIT_BEGINS = "row commit begins"
    COMMITTED = "row committed"
    ENQUEUED = "worker woken"
    CLAIMED = "claim committed"
    MARK_DONE = "mark-done begins"
    LETTER_CLAIMED = "letter's claim committed"
    LETTER_FILED = "row of a letter's file written"
    LETTER_KEPT = "letter's rows committed"
    EMAIL_CLAIMED = "claim of a letter by e-mail committed"
    EMAIL_TAKEN = "mark of a letter that was taken begins"
    BATCH_ASKED = "letters of a batch frozen"
    BATCH_MADE = "letters of a batch made"
    BATCH_BOUND = "print file of a batch put"
    MARKS_READ = "weeks of an import written"
    MARKS_KEPT = "weeks of an import kept"
    MARKS_BACK = "weeks of an import put back"


class Whom(StrEnum):
    """The process that reaches the point, or gunicorn's master above it."""

    ITSELF = "itself"
    MASTER = "master"
