"""The worker's rounds: what it does whenever it is woken, and what it tidies every ten minutes."""

import time
from collections.abc import Callable
from pathlib import Path

from flask import current_app

from app.attendance.marks.actions import leave_old
from app.attendance.marks.carrying import carry_imports
from app.attendance.marks.undoing import forget_old_confirmations_daily
from app.attendance.marks.watching import take_files
from app.attendance.star.actions import notice_hourly
from app.attendance.tallies.carrying import count_due
from app.cases.contacts.actions import ask_for_missing
from app.cases.files.tells import tell_of_infected
from app.cases.pauses.actions import end_at_sixteen
from app.cases.prompts.actions import tell_of_absences, tell_of_returns_hourly
from app.cases.reminders.actions import remind_of_due_hourly
from app.cases.statuses.actions import reopen_due
from app.cases.tasks.actions import tidy_tasks
from app.cases.unsent import actions as unsent
from app.cases.updates.actions import keep_answers, remind_hourly
from app.core import kept, once
from app.core.db import begin_write, db
from app.core.files.scanning import scan_due, try_failed_again
from app.core.files.sweeping import sweep_hourly
from app.core.planning import look_again_daily
from app.deliveries import deliver_due
from app.deliveries.letters import send_letters
from app.letters.carrying import make_due
from app.letters.rendering import forget_previews
from app.referrals.drafts.actions import announce_ends, delete_ended
from app.referrals.leaving.actions import put_back_what_was_left


def end_drafts() -> None:
    """REQ-3: what nobody touched is announced, and deleted some days later; how many were deleted is logged."""
    if announced := announce_ends():
        current_app.logger.info("drafts announced: %d", announced)
    begin_write()
    deleted = delete_ended()
    db.session.commit()
    if deleted:
        current_app.logger.info("drafts deleted: %d", deleted)


def scan() -> None:
    scan_due(tell_of_infected)


def make_letters() -> None:
    """In a thread of its own: they do not wait for mails and scans."""
    _each((make_due,))


def take_marks() -> None:
    """In a thread of its own too: a year of a large school takes a while."""
    _each((take_from_folder, carry_imports, count_due, tell_of_absences))


def take_from_folder() -> None:
    """Half-day marks that other programs put there; a folder that is not there is the doctor's to say."""
    named = current_app.extensions["settings"].marks_folder
    if named and Path(named).is_dir():
        take_files(Path(named), time.time())


DUE: tuple[Callable[[], object], ...] = (deliver_due, send_letters, scan)
"""Whenever something was written, and each minute."""
TIDYING: tuple[Callable[[], object], ...] = (
    kept.forget_old,
    once.forget_old,
    unsent.forget_old,
    end_drafts,
    keep_answers,
    reopen_due,
    end_at_sixteen,
    put_back_what_was_left,
    tidy_tasks,
    remind_hourly,
    remind_of_due_hourly,
    tell_of_returns_hourly,
    notice_hourly,
    ask_for_missing,
    try_failed_again,
    forget_previews,
    leave_old,
    forget_old_confirmations_daily,
    sweep_hourly,
    look_again_daily,
)
"""Every ten minutes; each may be carried out at any time and as often as one likes."""


def do_due() -> None:
    _each(DUE)


def tidy() -> None:
    _each(TIDYING)


def _each(rounds: tuple[Callable[[], object], ...]) -> None:
    """One that fails holds up no other; it is noted, and tried again at the next round."""
    for carry_out in rounds:
        try:
            carry_out()
        except Exception:
            current_app.logger.exception("a round failed")
        finally:
            db.session.rollback()
