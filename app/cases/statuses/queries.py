"""What is recorded already of what a change of status demands, and the changes that there were."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import or_, select

from app.attendance.known import absences_of, absences_until
from app.attendance.rules import Absences, in_days
from app.cases.counting import SCHOOL_CONTACT, counting
from app.cases.entries import Entry, Meeting
from app.cases.meetings.rules import MODES, kinds
from app.cases.models import StatusChange
from app.cases.queries import CaseHead
from app.cases.rules import known_until
from app.cases.statuses.models import StatusFact
from app.cases.statuses.questions import LONGEST
from app.cases.statuses.reasons import Reason
from app.cases.statuses.rules import talked_since
from app.core import clock
from app.core.db import AnyRow, db
from app.people.models import Person

ATTEMPTS = "Attempts on "
"""How the contact with a school begins where nobody could be reached."""


@dataclass
class PastChange:
    """One change, and what it rested on."""

    row: AnyRow
    facts: list[tuple[str, str]] = field(default_factory=list)


def talked_with_school(case_id: int, region: str, since: date = date.min) -> str:
    """The contact with the school in the last working days that count, and since that day, in words; else the attempts on two
    days or more; empty where there is neither (CASE-4)."""
    today = clock.today()
    lately = (
        Meeting.case_id == case_id,
        Meeting.with_school,
        Meeting.happened_on.between(max(since, talked_since(today, region)), today),
        Entry.retracted_at.is_(None),
    )
    columns = (Meeting.kind, Meeting.mode, Meeting.is_done, Meeting.happened_on)
    statement = select(*columns).join(Entry, Entry.id == Meeting.entry_id).where(*lately)
    found = db.session.execute(statement.order_by(Meeting.happened_on.desc(), Meeting.id.desc())).all()
    for row in found:
        if row.is_done and (row.kind, row.mode) in counting(SCHOOL_CONTACT):
            how = f", {MODES[row.mode].lower()}" if row.mode else ""
            return f"{kinds()[row.kind].label}{how}, on {row.happened_on:%-d %B %Y}"
    days = sorted({row.happened_on for row in found if not row.is_done})
    return f"{ATTEMPTS}{' and '.join(f'{day:%-d %B %Y}' for day in days)}" if len(days) > 1 else ""


def known_of(head: CaseHead, reason: Reason) -> dict[str, str]:
    """What is recorded of the evidence that this reason asks for, by the name of the question (CASE-5)."""
    asked = {question.name for question in reason.evidence}
    if "attendance" in asked:
        school_id, until = head.school_id, known_until(head)
        told = absences_until(head.student_id, school_id, until) if until else absences_of(head.student_id, school_id)
        return {"attendance": _in_words(told)} if told else {}
    if "school_lead" in asked:
        return {"school_lead": head.contact_name or ""}
    return {"attempts": _attempts(head.id)} if "attempts" in asked else {}


def _in_words(told: Absences) -> str:
    days = f"{told.from_on:%-d %B} to {told.to_on:%-d %B %Y}"
    return f"{told.days_in_words} absent of {in_days(told.half_days.open)}, {days}, as known on {told.as_of:%-d %B %Y}."


def _attempts(case_id: int) -> str:
    """To reach the student or a caregiver, the first one first."""
    columns = (Meeting.kind, Meeting.mode, Meeting.happened_on)
    tried = (Meeting.case_id == case_id, ~Meeting.is_done, or_(Meeting.with_student, Meeting.with_caregiver))
    statement = select(*columns).join(Entry, Entry.id == Meeting.entry_id).where(*tried, Entry.retracted_at.is_(None))
    found = db.session.execute(statement.order_by(Meeting.happened_on, Meeting.id)).all()
    how = [f"{kinds()[row.kind].label}{f', {MODES[row.mode].lower()}' if row.mode else ''}" for row in found]
    return "; ".join(f"{what}, {row.happened_on:%-d %B %Y}" for what, row in zip(how, found, strict=True))[:LONGEST]


def changes_of(case_id: int) -> Sequence[PastChange]:
    """Every change of status, the newest first: who, when, why, and on what it rested."""
    columns = (StatusChange.id, StatusChange.became, StatusChange.at, StatusChange.why, Person.name)
    statement = (
        select(*columns, StatusFact.field, StatusFact.text)
        .join(Person, Person.id == StatusChange.by_id)
        .outerjoin(StatusFact, StatusFact.change_id == StatusChange.id)
        .where(StatusChange.case_id == case_id)
        .order_by(StatusChange.id.desc(), StatusFact.field)
    )
    found: dict[int, PastChange] = {}
    for row in db.session.execute(statement):
        change = found.setdefault(row.id, PastChange(row))
        if row.field:
            change.facts.append((row.field, row.text))
    return list(found.values())
