"""A case's status is changed by hand: what is demanded is there or was answered, and is kept with the change (CASE-2 to CASE-7)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, and_, exists, func, insert, or_, select
from sqlalchemy.orm import aliased

from app.cases import actions as cases
from app.cases.entries import Audience, Entry, EntryKind
from app.cases.files.tells import Itself
from app.cases.models import PAUSED_UNTIL_SIX, Case, Status, StatusChange
from app.cases.queries import CaseHead, case_to_change
from app.cases.rules import status_words
from app.cases.statuses.demands import EXPECTED_END, REASON, TALKED, WHY, questions_of
from app.cases.statuses.models import StatusFact
from app.cases.statuses.queries import talked_with_school
from app.cases.statuses.questions import Question, refuse_lacking
from app.cases.statuses.reasons import OTHER_NUMBER, Reason, reasons_for
from app.cases.statuses.rules import SCHOOL_AGE, Change, age_on, birthday, possible
from app.cases.statuses.tells import LISTED, REOPENED
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.noticing import look_then_tell
from app.people.models import Role
from app.students.models import Enrolment
from app.students.queries import hold_student, is_not_over

Answers = Mapping[str, str]
Before = aliased(Enrolment)
MEANWHILE = "This case is “{status}” meanwhile. Nothing was changed: look at it again, then decide."
ELSEWHERE = "This case went to another service meanwhile. Nothing was changed."
ANOTHER = "This student has another case that is not closed. That one goes on; this one stays closed."


@dataclass(frozen=True)
class Asked:
    """A change as somebody asks for it: from which status (`stands`), with what they answered, and for which reason a case is to
    close."""

    change: Change
    stands: Status | None
    answers: Answers
    reason: Reason | None = None

    @property
    def why(self) -> str:
        return self.answers[WHY].strip()

    @property
    def expected_end_on(self) -> date:
        return date.fromisoformat(self.answers[EXPECTED_END.name])


@dataclass(frozen=True)
class Agreed:
    """A change that somebody agreed to beforehand, when it comes by itself."""

    person_id: int
    organisation_id: int
    role: str = "waharoa"


def demands_of(head: CaseHead, change: Change, reason: Reason | None = None) -> tuple[Sequence[Question], str]:
    """What is asked of whoever changes this case, and the contact with the school that is recorded."""
    talks = change in {Change.TRANSITION, Change.CLOSING}
    talked = talked_with_school(head.case_id, head.region) if talks else ""
    is_back = head.status is Status.TRANSITION
    return questions_of(change, reason=reason, talked=talked, is_back=is_back), talked


def all_questions(head: CaseHead, change: Change, reason: Reason | None = None) -> Sequence[Question]:
    """Whatever may be asked of it, whether or not it is recorded."""
    return questions_of(change, reason=reason, is_back=head.status is Status.TRANSITION)


def change_by_hand(head: CaseHead, asked: Asked, *, by: events.By) -> None:
    """Carry it out. Raises `Conflict` where the case stands otherwise meanwhile, `Refused` where it cannot be or something is
    missing."""
    case = held(head, asked.stands)
    _check(head, asked, by)
    questions, talked = demands_of(head, asked.change, asked.reason)
    refuse_lacking(questions, asked.answers, clock.today())
    if asked.change is Change.EXTENSION:
        _expect(case, asked, by)
        return
    facts = {
        question.name: asked.answers.get(question.name, "").strip() for question in questions if question.name != WHY
    }
    reason = asked.reason.code if asked.reason else ""
    keep_facts(_change(case, head, asked, by), {**facts, REASON: reason, TALKED: talked})


def held(head: CaseHead, stands: Status | None) -> Case:
    """As it is now, and nobody else changes it meanwhile. Where it is closed, nobody begins another case for the student either;
    a request for one that is not closed waits for the case itself."""
    if stands is Status.CLOSED:
        hold_student(head.student_id)
    case = case_to_change(head.case_id)
    if case.service_id != head.service_id:
        raise Conflict(ELSEWHERE)
    if case.status is not stands:
        raise Conflict(MEANWHILE.format(status=status_words(case.status).label))
    return case


def keep_facts(change_id: int, facts: Answers) -> None:
    rows = [{"change_id": change_id, "field": name, "text": text} for name, text in facts.items() if text]
    if rows:
        db.session.execute(insert(StatusFact), rows)


def _check(head: CaseHead, asked: Asked, by: events.By) -> None:
    today = clock.today()
    may = possible(head.status, head.born_on, today, has_request=False)
    offered = reasons_for(Role(by.role), head.kind, head.status, age_on(today, head.born_on))
    if asked.change not in may or (asked.change is Change.CLOSING and asked.reason not in offered):
        raise Refused(f"A case that is “{head.words.label}” cannot be changed in this way.")


def _change(case: Case, head: CaseHead, asked: Asked, by: events.By) -> int:
    match asked.change:
        case Change.CLOSING if asked.reason:
            number = asked.answers.get(OTHER_NUMBER, "")
            said = f"{asked.reason.label}: {number}" if number else asked.reason.label
            return cases.close_case(case, asked.reason.code, by=by, why=asked.why, with_it=said)
        case Change.PAUSE:
            return _pause(case, birthday(head.born_on, SCHOOL_AGE), asked.why, by)
        case Change.OPEN:
            return _open(case, asked.why, by)
    return cases.change_status(
        case, Status.TRANSITION, by=by, why=asked.why, sets={"expected_end_on": asked.expected_end_on}
    )


def _pause(case: Case, until: date, why: str, by: events.By) -> int:
    said = f"Until {until:%-d %B %Y}, or until the student is enrolled."
    waits = {"pause_reason": PAUSED_UNTIL_SIX, "pause_until": until}
    return cases.change_status(case, Status.PAUSED, by=by, why=why, with_it=said, sets=waits)


def _open(case: Case, why: str, by: events.By) -> int:
    """Where nobody has it, it waits in the queue (CASE-9); what was closed begins new clocks (CASE-8)."""
    waits = case.status in {Status.PAUSED, Status.CLOSED} and case.manager_id is None
    if case.status is Status.CLOSED:
        others = select(Case.id).where(Case.student_id == case.student_id, Case.status != Status.CLOSED)
        if db.session.scalar(others.limit(1)):
            raise Refused(ANOTHER)
        cases.move_to(case, case.service_id, case.region, by=by)
        cases.clear_urgency(case)
    return cases.change_status(case, Status.QUEUE if waits else Status.OPEN, by=by, why=why)


def _expect(case: Case, asked: Asked, by: events.By) -> None:
    """No change of status: both sides read the day, the service alone why."""
    case.expected_end_on = day = asked.expected_end_on
    cases.tell_both(case, f"Transition goes on, expected until {day:%-d %B %Y}", by=by)
    cases.add_entry(case.id, EntryKind.STATUS, body=asked.why, audience=Audience.SERVICE, by=by)
    events.record("case.end_expected", by=by, on=case, about=case)


def reopen_due() -> int:
    """CASE-7: what is on hold goes on by itself on the sixth birthday, or once the student is enrolled. Of how many cases."""
    return look_then_tell(_due(), Case, _reopen)


def _due() -> Select[Case]:
    """Also where its first day is told afterwards: at another school, or at the same one that the student had left."""
    enrolled = (Enrolment.student_id == Case.student_id, Enrolment.from_on <= clock.today(), is_not_over())
    left = (Before.student_id == Enrolment.student_id, Before.school_id == Enrolment.school_id)
    is_back = exists().where(*left, Before.id < Enrolment.id, Before.to_on.is_not(None))
    is_new = or_(Enrolment.school_id != Case.school_id, is_back)
    told_since = and_(func.coalesce(Enrolment.known_at, Enrolment.as_of) > Case.status_at, is_new)
    since = exists().where(*enrolled, or_(Enrolment.from_on > Case.status_at, told_since))
    on_hold = (Case.status == Status.PAUSED, Case.pause_reason == PAUSED_UNTIL_SIX)
    return select(Case).where(*on_hold, or_(Case.pause_until <= clock.today(), since)).order_by(Case.id)


def _reopen(case: Case) -> None:
    has_come = case.pause_until is not None and case.pause_until <= clock.today()
    go_on(case, "The sixth birthday has come." if has_come else "The student is enrolled.")


def go_on(case: Case, why: str) -> None:
    """By itself, as whoever put it on hold agreed, or took it over so; they are told of it like everybody."""
    agreed = Agreed(db.session.scalars(_who_agreed(case)).one(), case.service_id or 0)
    becomes = Status.OPEN if case.manager_id else Status.QUEUE
    cases.change_status(case, becomes, by=agreed, why=why, with_it=f"By itself: {why}", told_as=(LISTED,))
    events.record(REOPENED, by=Itself(case.service_id or 0), on=case, about=case)


def _who_agreed(case: Case) -> Select[int]:
    """Of its service: the first who said anything of it since it is on hold; else who put it there."""
    here = (Entry.case_id == case.id, Entry.kind == EntryKind.STATUS, Entry.organisation_id == case.service_id)
    first = select(Entry.author_id).where(*here, Entry.recorded_at >= case.status_at).order_by(Entry.id).limit(1)
    last = select(StatusChange.by_id).where(StatusChange.case_id == case.id).order_by(StatusChange.id.desc()).limit(1)
    return select(func.coalesce(first.scalar_subquery(), last.scalar_subquery()))
