"""By when an answer to a letter is hoped for, and what is to be done where none comes, or the letter itself comes back: tasks of
its case (LET-6, P2)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, select

from app.calendars.working_days import due_date
from app.cases.queries import CaseHead
from app.cases.tasks.actions import add_task, arrange_task, drop_task, end_first
from app.cases.tasks.many import follow_ups
from app.cases.tasks.models import Task
from app.cases.tasks.rules import Arranged, arranged_of, version_of
from app.core import clock
from app.core.db import db
from app.core.events import Happened
from app.core.text import nfc
from app.letters.facts import thawed
from app.letters.models import Letter
from app.people.queries import Actor

HOPED_FOR, TO_FIND, TO_DO = 10, 5, 5
"""Working days: for an answer, to find out where somebody lives, and for what a writer asks for."""
NOT_HOPED, CAME_BACK, VOID = (
    "No answer is hoped for by a day any more.",
    "The letter came back.",
    "The letter was voided.",
)


def hoped_by(head: CaseHead, sent_on: date) -> date:
    """The day that is proposed."""
    return due_date(max(sent_on, clock.today()), HOPED_FOR, head.region)


def awaited(letter: Letter) -> Task | None:
    """The task that is open because an answer to this letter is hoped for."""
    of_letter = (Task.case_id == letter.case_id, _of(letter), Task.ended_at.is_(None))
    return db.session.scalar(select(Task).where(*of_letter).order_by(Task.id).limit(1))


def hope_for_answer(head: CaseHead, letter: Letter, by_day: date | None, *, is_first: bool, by: Actor) -> None:
    """By that day; none: by no day any more. `is_first`: nothing was said of it before."""
    task = None if is_first else awaited(letter)
    if task is None:
        if by_day:
            add_task(head, _no_answer(letter), by_day, by=by)
    elif by_day is None:
        drop_task(head, task.id, NOT_HOPED, by=by)
    else:
        was = arranged_of(task)
        arranged = Arranged(by_day, was.due_at, None, was.person_id) if by_day != was.due_on else was
        arrange_task(head, task, arranged, version=version_of(task), by=by)


def hope_for_answers(letters: Sequence[tuple[CaseHead, Letter]], by_day: date, *, by: Actor) -> list[Happened]:
    """To each of these, posted on one day, by that day; one statement. To be recorded with the posting."""
    asked = [(head, _no_answer(letter), by_day) for head, letter in letters]
    return follow_ups(asked, by=by, at=clock.now())


def end_hope(head: CaseHead, letter: Letter, why: str = "", *, by: Actor) -> list[Happened]:
    """An answer came; or it is not waited for any more, and why. To be recorded with what came."""
    return end_first(head, _of(letter), why, by=by)


def look_for_address(head: CaseHead, letter: Letter, *, by: Actor) -> list[Happened]:
    """Nobody lives where the letter went, as far as is known. To be recorded with that."""
    what = f"Find out where {_to(letter)} lives now: letter {letter.step} came back"
    return follow_ups([(head, what, due_date(clock.today(), TO_FIND, head.region))], by=by, at=clock.now())


def _of(letter: Letter) -> ColumnElement[bool]:
    """A clause on Task."""
    return and_(Task.what == _no_answer(letter), Task.made_at >= letter.made_at)


def _no_answer(letter: Letter) -> str:
    return nfc(f"No answer to letter {letter.step} to {_to(letter)} by then: ring or call in")


def _to(letter: Letter) -> str:
    return thawed(letter.facts).values.get("caregiver_name", "the caregiver")
