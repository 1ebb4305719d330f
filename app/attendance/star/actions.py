"""A school records what it did about students who passed a step; and the worker finds out who has passed one (ATT-5)."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import insert, update

from app.attendance.star import tells  # noqa: F401  (registers whom these events tell)
from app.attendance.star.codes import NO_ACTION
from app.attendance.star.lines import Line
from app.attendance.star.listing import new_lines, with_new_lines
from app.attendance.star.models import StarLine, StarResponse
from app.attendance.star.queries import ResponsesOfSchool
from app.attendance.star.rules import Told, fault_of
from app.attendance.star.tells import PASSED, Itself
from app.core import clock, events
from app.core.db import db
from app.core.errors import Refused, refuse_faulty
from app.core.events import Happened
from app.core.jobs import is_due_again
from app.core.noticing import look_then_tell
from app.core.security import public_id
from app.core.text import nfc
from app.people.models import Organisation
from app.people.queries import Actor

ANSWERED, TAKEN_BACK = "star.answered", "star.taken_back"
NOBODY = "None of these students is past a step any more. Load the list again."
EVERY = timedelta(hours=1)
PART = "lines of STAR watch"


def answer_steps(lines: Sequence[Line], told: Told, *, by: Actor) -> Sequence[StarResponse]:
    """The same thing was done about each of these, at the step that each of them has passed now."""
    refuse_faulty(*fault_of(told, clock.today()).values())
    past = [line for line in lines if line.step]
    if not past:
        raise Refused(NOBODY)
    what = _what(told, by)
    rows = [{**what, "public_id": public_id(), **_whom(line)} for line in past]
    made = db.session.scalars(insert(StarResponse).returning(StarResponse), rows).all()
    events.record_all(*(Happened(ANSWERED, each) for each in made), by=by)
    return made


def take_back(found: ResponsesOfSchool, *, by: Actor) -> int:
    """It was not so, and the lines stand again. Of how many that had not been taken back before."""
    mine = (StarResponse.id.in_([each.id for each in found.responses]), StarResponse.ended_at.is_(None))
    ended = update(StarResponse).where(*mine).values(ended_at=clock.now(), ended_by_id=by.person_id)
    now = {"populate_existing": True, "synchronize_session": False}
    back = db.session.scalars(ended.returning(StarResponse).execution_options(**now)).all()
    events.record_all(*(Happened(TAKEN_BACK, each) for each in back), by=by)
    return len(back)


def notice_hourly() -> None:
    """At most once an hour, whoever asks."""
    if is_due_again(PART, EVERY):
        notice_new_lines()


def notice_new_lines() -> int:
    """Each school is told once a day at most of the lines that are new, and never of none. Of how many schools."""
    return look_then_tell(with_new_lines(), Organisation, _notice)


def _notice(school: Organisation) -> None:
    rows = db.session.execute(new_lines(school.id)).mappings().all()
    if rows:
        found = {"school_id": school.id, "found_on": clock.today()}
        db.session.execute(insert(StarLine), [{**row, **found} for row in rows])
        events.record(PASSED, by=Itself(school.id), on=school)


def _what(told: Told, by: Actor) -> dict[str, object]:
    """To have looked and done nothing is of today."""
    is_undated = told.kind == NO_ACTION and not (told.done_on or told.about_when)
    when = {"done_on": clock.today() if is_undated else told.done_on, "about_when": nfc(told.about_when)}
    said = {"kind": told.kind, "by_whom": nfc(told.by_whom or by.name), "note": nfc(told.note)}
    return {**when, **said, "school_id": by.organisation_id, "at": clock.now(), "by_id": by.person_id}


def _whom(line: Line) -> dict[str, int]:
    return {"student_id": line.student_id, "term": line.term, "step": line.step}
