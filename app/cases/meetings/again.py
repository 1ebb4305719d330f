"""Whether the same thing is about to be recorded a second time: by somebody who came back to the page, or by a colleague who
was there too (CASE-12)."""

from sqlalchemy import bindparam, or_, select

from app.cases.entries import Entry, Meeting
from app.cases.meetings.rules import Said, label_of, with_whom
from app.cases.queries import CaseHead
from app.core.db import AnyRow, db
from app.core.text import nfc
from app.people.models import Person
from app.people.queries import Actor
from app.people.shapes import HERE, asked_by

SAME = ("kind", "is_done", "happened_on", "with_school", "with_student", "with_caregiver", "with_others")
ASKED = "{who} recorded this already: {what} with {whom}. Tick the box if this was another one"
_SAME = (
    select(Person.id, Person.name)
    .select_from(Meeting)
    .join(Entry, Entry.id == Meeting.entry_id)
    .join(Person, Person.id == Entry.author_id)
    .where(Meeting.case_id == bindparam("of_case"), *(getattr(Meeting, name) == bindparam(name) for name in SAME))
    .where(Entry.organisation_id == HERE, Entry.retracted_at.is_(None))
    .order_by(Entry.id.desc())
    .limit(1)
)


def recorded_before(case: CaseHead, said: Said, *, by: Actor) -> AnyRow | None:
    """The last event of this service on the case with the same kind, day and people that still stands. Two that name two times
    of the day are two."""
    same = {name: getattr(said, name) for name in SAME} | {"with_others": nfc(said.with_others)}
    is_then = (
        _SAME.where(or_(Meeting.began_at.is_(None), Meeting.began_at == said.began_at)) if said.began_at else _SAME
    )
    return db.session.execute(is_then, asked_by(by, of_case=case.case_id, **same)).first()


def in_question(row: AnyRow, said: Said, *, by: Actor) -> str:
    """Asked beside the box that says it was another one."""
    who = "You" if row.id == by.person_id else row.name
    return ASKED.format(who=who, what=label_of(said.kind).lower(), whom=with_whom(said))
