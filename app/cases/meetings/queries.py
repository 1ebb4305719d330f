"""What happened on a case, as this person may read it: a page of it, one event with its list, and what is still to come."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, case, func, or_, select, tuple_

from app.cases import policy
from app.cases.counting import ENGAGEMENT, counting
from app.cases.entries import Entry, EntryKind, Meeting
from app.cases.meetings.models import MeetingAnswer
from app.cases.models import Case
from app.cases.queries import CaseHead, case_for
from app.cases.reading import can_read_safety
from app.cases.timeline import OfCase, entries_with_events, timeline_for
from app.core.db import AnyRow, AnySelect, db
from app.people.models import Person
from app.people.queries import Actor
from app.people.shapes import asked_by, like

LIKE_SAFETY = frozenset({"safety", "health"})
"""Of the list of a first meeting: read by whoever reads safety notes."""


@dataclass(frozen=True)
class SoFar:
    """What was done and attempted until now."""

    is_school_met: bool
    is_whanau_met: bool
    attempts: int
    """Since the clocks began. They stop nothing (CASE-8)."""

    @property
    def is_first(self) -> bool:
        """The list of a first meeting is offered until school and whānau have both been met (CASE-13)."""
        return not (self.is_school_met and self.is_whanau_met)


@dataclass(frozen=True)
class MeetingOfCase(OfCase):
    """One event that may be read, as it stands on the timeline, and its list."""

    entry: AnyRow
    answers: dict[str, str]


def meetings_for(actor: Actor, case_id: int, *, before: str = "") -> Sequence[AnyRow]:
    """A page of events, newest first, and one more."""
    return timeline_for(actor, case_id, before=before, only=EntryKind.EVENT)


def meeting_for(actor: Actor, number: str, public_id: str) -> MeetingOfCase | None:
    """One event of a case this person may see."""
    head = case_for(actor, number)
    asked = {"of_case": head.case_id, "public_id": public_id} if head else {}
    row = db.session.execute(_one(like(actor)), asked_by(actor, **asked)).first() if head else None
    if head is None or row is None:
        return None
    listed = select(MeetingAnswer.field, MeetingAnswer.text).join(Meeting, Meeting.id == MeetingAnswer.meeting_id)
    answers = db.session.execute(listed.where(Meeting.entry_id == row.id))
    untold: frozenset[str] = frozenset() if can_read_safety(actor, head) else LIKE_SAFETY
    return MeetingOfCase(head, row, {each.field: each.text for each in answers if each.field not in untold})


def so_far(actor: Actor, head: CaseHead) -> SoFar:
    """As far as this person may read it (SHARE-3); one statement."""
    asked = asked_by(actor, of_case=head.case_id, started_on=head.service_started_on)
    row = db.session.execute(_so_far(like(actor)), asked).one()
    return SoFar(bool(row.school), bool(row.whanau), row.attempts or 0)


def engaged_by(actor: Actor, head: CaseHead) -> list[AnyRow]:
    """The events on which it rests that student and whānau have been met (CASE-8): the first with each, or one with both.
    Those of them that this person may read; one statement, where they have been met."""
    if head.engaged_on is None:
        return []
    asked = {"of_case": head.case_id, "started_on": head.service_started_on, "engaged_on": head.engaged_on}
    met = db.session.execute(_engaging(like(actor)), asked_by(actor, **asked)).all()
    student = next((row for row in met if row.with_student), None)
    caregiver = next((row for row in met if row.with_caregiver), None)
    return [row for row in dict.fromkeys((student, caregiver)) if row and row.is_readable]


def spoken_since(actor: Actor, case_ids: Collection[int], since: date) -> Sequence[AnyRow]:
    """Meetings, calls and visits with a student or their whānau from that day on, the latest first, on cases that this person
    may see: those of them that they may read. One statement."""
    counts = tuple_(Meeting.kind, Meeting.mode).in_(sorted(counting(ENGAGEMENT)))
    done = (Meeting.is_done, counts, Meeting.happened_on >= since, or_(Meeting.with_student, Meeting.with_caregiver))
    by = func.coalesce(func.nullif(Meeting.done_by, ""), Person.name).label("by")
    statement = (
        select(Meeting.case_id, Entry.public_id, Meeting.kind, Meeting.happened_on, by)
        .add_columns(Meeting.with_student, Meeting.with_caregiver, Entry.audience)
        .join(Entry, Entry.id == Meeting.entry_id)
        .join(Person, Person.id == Entry.author_id)
        .where(Meeting.case_id.in_(case_ids), *done, policy.readable(actor))
    )
    return db.session.execute(statement.order_by(Meeting.happened_on.desc(), Meeting.id.desc())).all()


@cache
def _engaging(actor: Actor) -> AnySelect:
    """As `recount_clocks` counts them."""
    counts = tuple_(Meeting.kind, Meeting.mode).in_(sorted(counting(ENGAGEMENT)))
    done = (Meeting.is_done, counts, Meeting.happened_on.between(bindparam("started_on"), bindparam("engaged_on")))
    whom = (Meeting.with_student, Meeting.with_caregiver)
    ours = (Entry.retracted_at.is_(None), Entry.organisation_id == Case.service_id)
    return (
        select(Entry.public_id, Meeting.kind, Meeting.happened_on, *whom, policy.readable(actor).label("is_readable"))
        .select_from(Meeting)
        .join(Entry, Entry.id == Meeting.entry_id)
        .join(Case, Case.id == Meeting.case_id)
        .where(Meeting.case_id == bindparam("of_case"), *done, or_(*whom), *ours)
        .order_by(Meeting.happened_on, Meeting.id)
    )


@cache
def _one(actor: Actor) -> AnySelect:
    which = (Entry.case_id == bindparam("of_case"), Entry.public_id == bindparam("public_id"))
    return entries_with_events(actor).where(*which, Entry.kind == EntryKind.EVENT, policy.readable(actor))


def _any(which: Any) -> Any:
    return func.max(case((and_(Meeting.is_done, which), 1), else_=0))


_IS_ATTEMPT = and_(~Meeting.is_done, Meeting.happened_on >= bindparam("started_on"))


@cache
def _so_far(actor: Actor) -> AnySelect:
    columns = (
        _any(Meeting.with_school).label("school"),
        _any(Meeting.with_caregiver).label("whanau"),
        func.sum(case((_IS_ATTEMPT, 1), else_=0)).label("attempts"),
    )
    of_case = Meeting.case_id == bindparam("of_case")
    return select(*columns).join(Entry, Entry.id == Meeting.entry_id).where(of_case, policy.readable(actor))
