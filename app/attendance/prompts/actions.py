"""What marks ask is found anew whenever they are counted; a school answers (ATT-3)."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from app.attendance.calendars.queries import calendar_of
from app.attendance.prompts.counting import AWAY, Found, found_in, school_days
from app.attendance.prompts.models import MarkPrompt, PromptAnswer
from app.attendance.prompts.queries import PromptOfStudent, known_of, newest_answer_to, prompt_to_answer
from app.attendance.prompts.rules import AnswerFacts, cut_to, fault_of
from app.attendance.tallies.actions import counts_with
from app.attendance.tallies.queries import as_marked, marks_until, region_of, stays_at, weeks_of_each
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.security import public_id
from app.core.text import nfc
from app.people.queries import Actor

LOOK_BACK = timedelta(weeks=40)
"""From the last marks: over the summer, and so far that a year’s marks can be put right."""
A_LOOK_AHEAD = timedelta(weeks=2)
ANSWERED = "prompt.answered"
OTHER = "Somebody else answered this meanwhile. Load the page again and look at what they wrote."
NOTHING_ASKED = "The marks say something else by now: nothing is asked about these days any more."


@counts_with
def find_anew(school_id: int, students: Sequence[int]) -> None:
    """What the marks of these students ask takes the place of what they asked before."""
    until = marks_until(school_id, clock.today() - LOOK_BACK)
    found = _found(school_id, students, until) if until else {}
    known: dict[int, list[MarkPrompt]] = {student_id: [] for student_id in students}
    for prompt in known_of(school_id, students, clock.today() - 2 * LOOK_BACK):
        known[prompt.student_id].append(prompt)
    for student_id, theirs in known.items():
        _put(school_id, student_id, theirs, found.get(student_id, ()))
    db.session.flush()


def _found(school_id: int, students: Sequence[int], until: date) -> dict[int, list[Found]]:
    begins, ends = until - LOOK_BACK, until + A_LOOK_AHEAD
    calendar = as_marked(calendar_of(school_id, region_of(school_id)), school_id, range(begins.year, ends.year + 1))
    days, stays = school_days(calendar, begins, ends), stays_at(school_id, students, begins)
    weeks = weeks_of_each(students, school_id, begins, until)
    today = clock.today()
    return {each: found_in(theirs, stays.get(each, []), days, today) for each, theirs in weeks.items()}


def _put(school_id: int, student_id: int, known: Sequence[MarkPrompt], found: Iterable[Found]) -> None:
    """Days that overlap those of before are the same: they have grown, or begin or end on another day."""
    rest = list(known)
    for each in found:
        same = next((prompt for prompt in rest if _is_same(prompt, each)), None)
        if same is None:
            db.session.add(MarkPrompt(student_id=student_id, school_id=school_id, **_new(each), **_days_of(each)))
            continue
        rest.remove(same)
        same.ended_at = None
        for name, value in _days_of(each).items():
            setattr(same, name, value)
    for prompt in rest:
        prompt.ended_at = prompt.ended_at or clock.now()


def _is_same(prompt: MarkPrompt, found: Found) -> bool:
    return prompt.kind is found.kind and prompt.from_on <= found.to_on and prompt.to_on >= found.from_on


def _new(found: Found) -> dict[str, Any]:
    """Of days absent people are told; the other kinds wait in the list."""
    at = clock.now()
    return {"public_id": public_id(), "kind": found.kind, "found_at": at, "told_at": None if found.kind in AWAY else at}


def _days_of(found: Found) -> dict[str, date | int]:
    return {name: getattr(found, name) for name in ("from_on", "to_on", "days", "unmarked", "asks_on")}


def answer_prompt(found: PromptOfStudent, told: AnswerFacts, *, version: str, by: Actor) -> PromptAnswer:
    """It is kept as it is given. Raises `Conflict` where somebody answered after the page with this `version` was shown;
    `Refused` where nothing is asked, or the answer lacks something."""
    refuse_faulty(*fault_of(told, found.kind, clock.today()).values())
    prompt = prompt_to_answer(found.id)
    if version != str(newest_answer_to(prompt.id) or ""):
        raise Conflict(OTHER)
    if prompt.ended_at:
        raise Refused(NOTHING_ASKED)
    kept = cut_to(told, prompt.kind)
    days = {"from_on": prompt.from_on, "to_on": prompt.to_on, "return_on": kept.return_on, "done_on": kept.done_on}
    whose = {"student_id": prompt.student_id, "school_id": prompt.school_id, "kind": prompt.kind}
    said = {"answer": kept.code, "note": nfc(kept.note), "at": clock.now(), "by_id": by.person_id}
    answer = PromptAnswer(**whose, **days, **said)
    db.session.add(answer)
    db.session.flush()
    events.record(ANSWERED, by=by, on=answer)
    return answer
