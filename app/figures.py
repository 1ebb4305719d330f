"""The figures of the rules: each a setting, with the rule's own default."""

from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

MEGABYTE = 1024**2
DAY_MINUTES = 24 * 60


WINDOW_RIGHT = 115
"""Millimetres from the left of the paper: beyond it, and the window's clear 5, the service's own address is printed."""
WINDOW_END = 94
"""Millimetres from the top of the paper: with the clear 5 below it, the first fold of three."""


def figure(default: int, *, most: int, least: int = 1) -> Any:
    """A whole number from `least` to `most`."""
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True)
class Figures:
    """What a rule leaves to whoever runs the portal. Each is said on pages and in mails as it is set here."""

    undo_minutes: int = figure(5, most=DAY_MINUTES)
    """From sharing until others may read it and are told (SHARE-2)."""
    draft_announced_days: int = figure(83, most=729)
    """Without a change, until people are told that a draft will be deleted (REQ-3)."""
    draft_deleted_days: int = figure(90, most=730)
    """Without a change, until it is (REQ-3)."""
    draft_back_days: int = figure(1, most=30)
    """For so long a discarded draft can be brought back (REQ-3)."""
    few_days: int = figure(15, least=2, most=60)
    """Days absent: fewer need a reason of their own to ask so early (REQ-5)."""
    reopen_months: int = figure(3, most=24)
    """After a case closed, another request for the student opens it again for so long (REQ-7)."""
    former_reads_days: int = figure(10, most=60)
    """Working days for which a case manager reads on in a case that went to another service (REQ-7)."""
    digest_hour: int = figure(7, least=0, most=23)
    """Of a working day, New Zealand time: when the day's one mail leaves (SHARE-7)."""
    ask_again_days: int = figure(5, most=60)
    """Working days until a school may ask for an update again (SHARE-4)."""
    silent_days: int = figure(10, most=60)
    """Working days without anything shared, until the case manager is reminded (SHARE-4)."""
    long_silent_days: int = figure(20, most=120)
    """Working days without anything shared, until the leads are (SHARE-4)."""
    queued_days: int = figure(5, most=60)
    """Working days in the queue, until the leads are told once more (CASE-9)."""
    late_entry_days: int = figure(5, most=60)
    """Working days after something happened: what is entered later says so (CASE-12)."""
    review_months: int = figure(12, most=60)
    """After a role was given or last looked at, until an authoriser is asked to look at it again (A2)."""
    new_school_waits_days: int = figure(5, most=60)
    """Working days until a school that a student came to sees the case, unless the case manager says so before (CASE-10)."""
    recent_contact_days: int = figure(3, most=10)
    """School days after somebody spoke with the whānau: for so long no letter goes to them in a batch, and a single one says so (LET-4)."""
    safety_months: int = figure(6, most=24)
    """Until a safety note is to be looked at again (SHARE-8)."""
    transfer_answer_days: int = figure(3, most=20)
    """Working days until a service answers a transfer that is offered to it (CASE-18)."""
    merge_back_days: int = figure(30, most=365)
    """After two records of a student were merged, until that can be undone no more (CASE-18)."""
    many_cases_an_hour: int = figure(30, most=1000)
    """Opened by one person: so many stand in the list of unusual access (PRIV-1)."""
    plan_review_days: int = figure(20, most=100)
    """School days until a plan is to be reviewed, unless another day is chosen (CASE-16)."""
    most_files: int = figure(20, most=100)
    """In one form, on one note, with one request (SHARE-6)."""
    file_megabytes: int = figure(25, most=100)
    """Of one file (SHARE-6)."""
    form_megabytes: int = figure(100, most=1000)
    """Of all files that come at once (SHARE-6)."""
    kept_minutes: int = figure(30, most=DAY_MINUTES)
    """For so long a form is kept whose sign-in had ended (SHARE-9)."""
    roll_old_days: int = figure(7, most=60)
    """Older rolls are called old wherever they decide something (CAL-5)."""
    window_left_mm: int = figure(20, least=10, most=55)
    """From the left edge of a letter to the window of its envelope (LET-3)."""
    window_top_mm: int = figure(45, least=44, most=74)
    """From the upper edge to it; above it are the names and the mark (LET-3)."""
    window_width_mm: int = figure(85, least=60, most=105)
    """Of the window (LET-3)."""
    window_height_mm: int = figure(30, least=20, most=50)
    """Of the window (LET-3)."""

    @property
    def undo_for(self) -> timedelta:
        return timedelta(minutes=self.undo_minutes)

    @property
    def draft_announced_after(self) -> timedelta:
        return timedelta(days=self.draft_announced_days)

    @property
    def draft_deleted_after(self) -> timedelta:
        return timedelta(days=self.draft_deleted_days)

    @property
    def draft_notice(self) -> timedelta:
        """From the announcement to the end, however late the announcement is."""
        return self.draft_deleted_after - self.draft_announced_after

    @property
    def draft_back_within(self) -> timedelta:
        return timedelta(days=self.draft_back_days)

    @property
    def largest_file(self) -> int:
        return self.file_megabytes * MEGABYTE

    @property
    def largest_form(self) -> int:
        """The bytes of its files; its text has a limit of its own."""
        return self.form_megabytes * MEGABYTE

    @property
    def kept_for(self) -> timedelta:
        return timedelta(minutes=self.kept_minutes)


def fault_of_figures(figures: Figures) -> str:
    """What is senseless about them, with the remedy; nothing where they are well."""
    for each in fields(figures):
        least, most = each.metadata["least"], each.metadata["most"]
        if not least <= getattr(figures, each.name) <= most:
            return f"{each.name.upper()} must be a whole number from {least} to {most:,}."
    if figures.draft_announced_days >= figures.draft_deleted_days:
        return "DRAFT_ANNOUNCED_DAYS must be less than DRAFT_DELETED_DAYS: people are told before a draft is deleted."
    if figures.file_megabytes > figures.form_megabytes:
        return "FILE_MEGABYTES must not be more than FORM_MEGABYTES: a file of that size would never be taken."
    return _fault_of_window(figures)


def _fault_of_window(figures: Figures) -> str:
    """Why something else of a letter would show in the window of its envelope, or nothing."""
    if figures.window_left_mm + figures.window_width_mm > WINDOW_RIGHT:
        return (
            f"WINDOW_LEFT_MM and WINDOW_WIDTH_MM together must not be more than {WINDOW_RIGHT}: right of the window the "
            "letter prints the service’s own address."
        )
    if figures.window_top_mm + figures.window_height_mm > WINDOW_END:
        return (
            f"WINDOW_TOP_MM and WINDOW_HEIGHT_MM together must not be more than {WINDOW_END}: the window ends above the "
            "first fold."
        )
    return ""


def counted(number: int, thing: str) -> str:
    """As people say it: "1 minute" or "5 minutes"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
