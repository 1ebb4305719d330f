"""What stands in My work, where, and why: without asking the database. A case gives a line for its clock, one for each task,
and at most one for whatever else it waits for: the first that holds."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime

from app.calendars.working_days import due_date, weekday_and_date, working_days_between
from app.cases.absences.rules import worse_said
from app.cases.models import Status
from app.cases.pauses.rules import OTHER
from app.cases.queries import CaseHead
from app.cases.statuses.reasons import SIXTEEN
from app.cases.statuses.rules import birthday, sixteen_is_near
from app.cases.work.days import ago, for_how_long
from app.cases.work.lines import Line as Line  # noqa: PLC0414  (who asks for lines knows them from here)
from app.cases.work.lines import ToDo as ToDo  # noqa: PLC0414
from app.cases.work.lines import Why as Why  # noqa: PLC0414
from app.cases.work.waiting import all_waiting
from app.core import clock

WORKED = (Status.OPEN, Status.TRANSITION)
REVIEWED = {Status.QUEUE, *WORKED}
"""Whose plan is in use; what is on hold has its own day."""


def lines_of(found: Iterable[tuple[CaseHead, Sequence[ToDo]]], *, me: int, silent_days: int, today: date) -> list[Line]:
    """Everything there is to do, in order."""
    lines = [line for case, tasks in found for line in _of(case, tasks, me, silent_days, today)]
    return sorted(lines, key=lambda line: line.order)


def _of(case: CaseHead, tasks: Sequence[ToDo], me: int, silent_days: int, today: date) -> Iterator[Line]:
    if case.status is Status.QUEUE and not case.is_own:
        yield from _unassigned(case, today)
    elif _is_theirs(case):
        yield from _left(case)
        yield from _clocks(case, today)
        yield from _transition(case, today)
    yield from _on_hold(case, today)
    yield from _plan(case, today)
    yield from _safety(case, today)
    yield from (line for task in tasks if (line := _task(case, task, me, today)))
    if soft := next(_soft(case, silent_days, today), None):
        yield soft


def _is_theirs(case: CaseHead) -> bool:
    """What falls to whoever has a case falls to its leads where nobody has it any more; in the queue it waits to be given out."""
    return bool(case.is_own or (not case.manager_name and case.status is not Status.QUEUE))


def _left(case: CaseHead) -> Iterator[Line]:
    """For a lead: it is worked, and nobody has it."""
    if not case.manager_name and case.status in WORKED:
        reason = f"{case.words.label}, and nobody has it"
        yield Line(case, Why.NOBODY, "Give it to a case manager", reason, clock.nz(case.status_at).date(), "assignment")


def _clocks(case: CaseHead, today: date) -> Iterator[Line]:
    """The school, and student and whānau, are to be met (CASE-8): overdue once the first limit has passed."""
    if case.status not in {Status.QUEUE, Status.OPEN}:
        return
    for what, meeting in (("Meet the school", case.meeting), ("Meet student and whānau", case.engagement)):
        why = None if meeting.met_on else _due(meeting.due_on, case.region, today)
        if why is not None:
            yield Line(case, why, what, meeting.line, meeting.due_on, "meetings", meeting)


def _transition(case: CaseHead, today: date) -> Iterator[Line]:
    """Its end was expected by now (CASE-4)."""
    ends = case.expected_end_on
    if case.status is Status.TRANSITION and ends and ends <= today:
        why = Why.TODAY if ends == today else Why.OVERDUE
        words = f"The transition was to end {weekday_and_date(ends)}"
        yield Line(case, why, "Close, extend, or go back to open", words, ends, "status")


def _plan(case: CaseHead, today: date) -> Iterator[Line]:
    """It is to be reviewed (CASE-16), by whoever has the case; where nobody has it, a lead sees to it."""
    day, is_theirs = case.plan_review_on, case.is_own or not case.manager_name
    if not day or not is_theirs or case.status not in REVIEWED:
        return
    if (why := _due(day, case.region, today)) is not None:
        late = f", {ago(day, case.region, today)}" if why is Why.OVERDUE else ""
        yield Line(case, why, "Review the plan", f"Its review is due {weekday_and_date(day)}{late}", day, "plan")


def _on_hold(case: CaseHead, today: date) -> Iterator[Line]:
    """A lead approved it, and the day of the review has come (CASE-7)."""
    until = case.pause_until
    if case.status is Status.PAUSED and case.pause_reason == OTHER and until and until <= today:
        why = Why.TODAY if until == today else Why.OVERDUE
        words = f"On hold; it was to be looked at again {weekday_and_date(until)}"
        yield Line(case, why, "Look at the pause, and open the case again", words, until, "status")


def _safety(case: CaseHead, today: date) -> Iterator[Line]:
    """A note that is believed no longer unless somebody looks at it again (SHARE-8)."""
    if _is_theirs(case) and (since := case.safety_review_on):
        words = f"A safety note was to be looked at again {weekday_and_date(since)}"
        yield Line(case, Why.OVERDUE, "Say whether it is still true", words, since, "safety")


def _unassigned(case: CaseHead, today: date) -> Iterator[Line]:
    """For a lead: in the queue for a working day, or urgent."""
    since = clock.nz(case.status_at).date()
    waits = working_days_between(since, today, case.region)
    if waits < 1 and not case.is_urgent:
        return
    why = Why.OVERDUE if case.is_late else Why.NOBODY
    reason = f"In the queue {for_how_long(since, case.region, today)}; nobody has it"
    yield Line(case, why, "Give it to a case manager", reason, case.due_on, "assignment")


def _task(case: CaseHead, task: ToDo, me: int, today: date) -> Line | None:
    """From the working day before it is due, or the day somebody wants to be reminded on. Of somebody else's what is due."""
    due = task.due_on
    is_theirs = _is_theirs(case)
    is_mine = task.person_id == me or (task.person_id is None and (is_theirs or case.status is Status.QUEUE))
    why, page = _due(due, case.region, today), f"tasks/{task.public_id}"
    if not is_mine and not is_theirs:
        return None
    if not is_mine and why in {Why.OVERDUE, Why.TODAY}:
        reason = f"{task.person_name or case.manager_name} is to do it; due {task.due}"
        return Line(case, Why.OTHERS, task.what, reason, due, page)
    if is_mine and why is not None:
        late = f", {ago(due, case.region, today)}" if why is Why.OVERDUE else ""
        return Line(case, why, task.what, f"Due {task.due}{late}", due, page)
    if is_mine and task.remind_on and task.remind_on <= today:
        return Line(case, Why.TODAY, task.what, f"A reminder: due {task.due}", due, page)
    return None


def _soft(case: CaseHead, silent_days: int, today: date) -> Iterator[Line]:
    """What else the case waits for, the most pressing first."""
    if case.transfer_asked_at:
        said = "A transfer to another service was asked for, or refused,"
        yield _since_line(case, Why.TRANSFER, "Look at the transfer", said, case.transfer_asked_at, page="transfer")
    yield from _for_a_lead(case)
    if _is_theirs(case) and case.new_school_from:
        reason = f"The student came to another school, which sees what is shared from {weekday_and_date(case.new_school_from)}"
        yield Line(case, Why.ARRIVED, "Look through what is shared", reason, case.new_school_from)
    yield from _worse(case)
    if case.update_wanted_at and (_is_theirs(case) or case.status is Status.QUEUE):
        yield _since_line(case, Why.ASKED, "Share how it goes", "The school asked how it goes", case.update_wanted_at)
    if case.given_at:
        yield _since_line(case, Why.NEW, "Look at the case", "It was given to you", case.given_at)
    if case.added_at:
        yield _since_line(case, Why.ADDED, "Read what was added", "The school added something", case.added_at)
    yield from _silence(case, silent_days, today)
    if case.long_silent_at:
        reason = f"Nothing was shared with the school for long; {case.manager_name or 'nobody'} has the case"
        yield Line(case, Why.SILENT, "Look at the case", reason, clock.nz(case.long_silent_at).date())
    yield from _sixteen(case, today)


def _for_a_lead(case: CaseHead) -> Iterator[Line]:
    for waits in all_waiting():
        if since := getattr(case, waits.name):
            yield _since_line(case, waits.why, waits.what, waits.said, since, page=waits.page)


def _worse(case: CaseHead) -> Iterator[Line]:
    """The transition may have come too early (CASE-4)."""
    if _is_theirs(case) and (said := worse_said(case.worse_told_on, case.worse_marked_at)):
        reason = f"More days absent than before the transition, {said[1]}"
        yield Line(case, Why.WORSE, "Look at the days absent", reason, said[0], "attendance")


def _silence(case: CaseHead, silent_days: int, today: date) -> Iterator[Line]:
    if case.status is not Status.OPEN or not _is_theirs(case):
        return
    since = clock.nz(max(case.shared_at or case.status_at, case.status_at)).date()
    if (days := working_days_between(since, today, case.region)) >= silent_days:
        reason = f"Nothing was shared with the school for {days} working days"
        yield Line(case, Why.SILENT, "Share how it goes", reason, since)


def _sixteen(case: CaseHead, today: date) -> Iterator[Line]:
    """CASE-5: what comes at sixteen is planned; who has changed or reviewed the plan since is not asked any more."""
    since = sixteen_is_near(case.born_on, today)
    if since is None or not _is_theirs(case) or case.status not in WORKED:
        return
    if case.planned_at is None or clock.nz(case.planned_at).date() < since:
        day = birthday(case.born_on, SIXTEEN)
        reason = f"Turns sixteen {weekday_and_date(day)}; the plan says nothing new since fifteen and a half"
        yield Line(case, Why.PLANNING, "Plan what comes at sixteen", reason, day)


def _since_line(case: CaseHead, why: Why, what: str, said: str, at: datetime, *, page: str = "") -> Line:
    day = clock.nz(at).date()
    return Line(case, why, what, f"{said} {ago(day, case.region, clock.today())}", day, page)


def _due(due: date, region: str, today: date) -> Why | None:
    if due < today:
        return Why.OVERDUE
    if due == today:
        return Why.TODAY
    return Why.TOMORROW if due <= due_date(today, 1, region) else None
