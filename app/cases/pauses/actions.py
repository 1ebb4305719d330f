"""A pause is asked for, approved, refused, or taken back; at sixteen it is over (CASE-7)."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import Select, exists, select, update

from app.calendars.working_days import weekday_and_date
from app.cases.actions import add_entry, change_status
from app.cases.entries import Audience, EntryKind
from app.cases.models import Case, Status
from app.cases.pauses import tells  # noqa: F401  (registers whom these events tell)
from app.cases.pauses.models import Pause, PauseState
from app.cases.pauses.queries import WAITS, Held, PauseOfCase, held
from app.cases.pauses.rules import (
    APPROVED,
    ASKED,
    OTHER,
    REFUSED,
    WITHDRAWN,
    can_pause,
    fault_of_review,
    fault_of_why,
    is_under_sixteen,
)
from app.cases.queries import CaseHead, case_to_change
from app.cases.rules import status_words
from app.cases.standing import when_it_leaves
from app.cases.statuses.actions import go_on, keep_facts
from app.cases.statuses.demands import ALONE, ASKED_BY
from app.cases.statuses.reasons import SIXTEEN
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Conflict, Refused, refuse_faulty
from app.core.noticing import look_then_tell
from app.core.security import public_id
from app.core.text import nfc
from app.people.shapes import has_one_lead
from app.students.models import Student

OFF = "Your service does not put cases on hold for other reasons. A workflow lead can change that in the settings."
ELSEWHERE = "This case went to another service meanwhile. Nothing was changed."
ANOTHER = "A pause of this case is asked for already. It can be taken back, and asked for anew."
TWICE = "This case was on hold for another reason already, and that may be once. Open it, step back, or close it."
ENDED = "This pause has been answered, or was taken back, meanwhile. Nothing was changed."
NOT_YOURS = "Somebody else who leads the service answers what you asked for."
THE_ONLY_ONE = "The service had no other workflow lead."
AT_SIXTEEN = "The sixteenth birthday has come: no pause goes across it."


def ask_for_pause(head: CaseHead, review_on: date, why: str, *, by: events.By) -> Pause:
    """Raises `Conflict` where another one waits, `Refused` where the case cannot be on hold for another reason now."""
    found = held(head.case_id)
    if found.case.service_id != head.service_id:
        raise Conflict(ELSEWHERE)
    _refuse_unless_possible(found)
    refuse_faulty(fault_of_why(why), fault_of_review(review_on, clock.today(), head.region, head.born_on))
    values = {"why": nfc(why), "review_on": review_on, "asked_at": clock.now(), "asked_by_id": by.person_id}
    of_case = {"public_id": public_id(), "case_id": head.case_id, "service_id": head.service_id}
    asked = inserting(Pause).values(state=PauseState.ASKED, **of_case, **values).on_conflict_do_nothing()
    pause: Pause | None = db.session.scalar(asked.returning(Pause))
    if pause is None:
        raise Conflict(ANOTHER, "There is one already")
    events.record(ASKED, by=by, on=pause, about=found.case)
    return pause


def approve_pause(seen: PauseOfCase, *, by: events.By) -> Case:
    """The case is on hold until the day of the review; both sides read the day, the service why. Where the one who asked is the
    only lead, that is kept (CASE-20)."""
    found, pause, today = held(seen.case_id), seen.pause, clock.today()
    case, until = found.case, pause.review_on
    if pause.state is not PauseState.ASKED or case.service_id != pause.service_id:
        raise Conflict(ENDED)
    _refuse_unless_possible(found)
    refuse_faulty(fault_of_review(until, today, case.region, seen.head.born_on))
    under_16 = is_under_sixteen(seen.head.born_on, today)
    is_alone = _answer(seen, PauseState.APPROVED, by=by, is_under_sixteen=under_16)
    sets = {"pause_reason": OTHER, "pause_until": until}
    said = f"It is looked at again by {weekday_and_date(until)}."
    change_id = change_status(case, Status.PAUSED, by=by, why=pause.why, with_it=said, sets=sets)
    asker = f"{seen.asked_by}, {clock.nz(pause.asked_at):%-d %B %Y}"
    keep_facts(change_id, {ASKED_BY: asker, ALONE: THE_ONLY_ONE if is_alone else ""})
    if pause.asked_by_id != seen.head.manager_id:
        events.record(APPROVED, by=by, on=pause, about=case)
    return case


def refuse_pause(seen: PauseOfCase, answer: str, *, by: events.By) -> None:
    """The case goes on; whoever asked reads why."""
    refuse_faulty(fault_of_why(answer))
    case = case_to_change(seen.case_id)
    _answer(seen, PauseState.REFUSED, by=by, answer=nfc(answer))
    said = f"A pause until {weekday_and_date(seen.pause.review_on)} was asked for and refused: {nfc(answer)}"
    add_entry(case.id, EntryKind.STATUS, body=said, audience=Audience.SERVICE, by=by)
    events.record(REFUSED, by=by, on=seen.pause, about=case)


def withdraw_pause(seen: PauseOfCase, *, by: events.By) -> None:
    """Not wanted any more."""
    case = case_to_change(seen.case_id)
    _end(seen.pause, PauseState.WITHDRAWN, by=by)
    events.record(WITHDRAWN, by=by, on=seen.pause, about=case)


@when_it_leaves(Pause.case_id, WAITS)
def end_with_cases(cases: Sequence[Case], by: events.By) -> None:
    """What waits ends by itself when a case closes, or goes to another service."""
    waits = update(Pause).where(Pause.case_id.in_([case.id for case in cases]), WAITS)
    db.session.execute(waits.values(state=PauseState.WITHDRAWN, decided_at=clock.now()))


def end_at_sixteen() -> int:
    """No pause goes across the sixteenth birthday: whoever has not opened the case before finds it open on that day. Of how many
    cases."""
    return look_then_tell(_at_sixteen(), Case, _go_on)


def _at_sixteen() -> Select[Case]:
    before = (Pause.case_id == Case.id, Pause.state == PauseState.APPROVED, Pause.decided_at >= Case.status_at)
    on_hold = (Case.status == Status.PAUSED, Case.pause_reason == OTHER)
    born = Student.born_on <= clock.add_months(clock.today(), -12 * SIXTEEN)
    statement = select(Case).join(Student, Student.id == Case.student_id)
    return statement.where(*on_hold, born, exists().where(*before, Pause.is_under_sixteen)).order_by(Case.id)


def _go_on(case: Case) -> None:
    go_on(case, AT_SIXTEEN)


def _refuse_unless_possible(found: Held) -> None:
    if not found.is_on:
        raise Refused(OFF)
    if not can_pause(found.case.status):
        raise Refused(f"A case that is “{status_words(found.case.status).label}” cannot be put on hold.")
    if found.was_on_hold:
        raise Refused(TWICE)


def _answer(seen: PauseOfCase, state: PauseState, *, by: events.By, **sets: object) -> bool:
    """By a lead; not by the one who asked for it, unless there is no other (CASE-20): was it so?"""
    is_alone = seen.pause.asked_by_id == by.person_id
    if is_alone and not has_one_lead(by.organisation_id):
        raise Refused(NOT_YOURS)
    _end(seen.pause, state, by=by, is_alone=is_alone and state is PauseState.APPROVED, **sets)
    return is_alone


def _end(pause: Pause, state: PauseState, *, by: events.By, **sets: object) -> None:
    """The case is held. Raises `Conflict` where it does not wait any more."""
    waits = update(Pause).where(Pause.id == pause.id, Pause.state == PauseState.ASKED)
    ended = waits.values(state=state, decided_at=clock.now(), decided_by_id=by.person_id, **sets).returning(Pause.id)
    if db.session.scalar(ended) is None:
        raise Conflict(ENDED)
