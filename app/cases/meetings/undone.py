"""What an event said that was undone: its words go back into the form (SHARE-2)."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, select

from app.cases.entries import Entry, Meeting
from app.cases.meetings.models import MeetingAnswer
from app.cases.tasks.models import Task
from app.cases.unsent.queries import Left
from app.core.db import AnyRow, db
from app.people.queries import Actor


@dataclass(frozen=True)
class Undone:
    """The event with its text (`body`) and by when its next step was to be done (`next_on`), and its list (CASE-13)."""

    event: AnyRow
    answers: dict[str, str]

    @property
    def typed(self) -> list[tuple[str, str]]:
        """As the form had it, field by field, without what was left empty."""
        event = self.event
        day = [(f"other_day-{box}", str(getattr(event.happened_on, box))) for box in ("day", "month", "year")]
        whom = [("whom", who) for who in ("school", "student", "caregiver") if getattr(event, f"with_{who}")]
        said = [(name, getattr(event, name) or "") for name in ("with_others", "body", "next_step")]
        return [field for field in (("kind", event.kind), *day, *whom, *said, *self.answers.items()) if field[1]]


def undone_event(actor: Actor, case_id: int, public_id: str) -> Undone | None:
    """For its writer alone."""
    step = and_(Task.case_id == Meeting.case_id, Task.made_at == Entry.recorded_at, Task.what == Meeting.next_step)
    statement = select(*Meeting.__table__.columns, Entry.body, Task.due_on.label("next_on"))
    statement = statement.join(Entry, Entry.id == Meeting.entry_id).outerjoin(Task, step)
    mine = (Entry.author_id == actor.person_id, Entry.organisation_id == actor.organisation_id)
    this = (Meeting.case_id == case_id, Entry.public_id == public_id, Entry.retracted_at.is_not(None))
    row = db.session.execute(statement.where(*this, *mine)).first()
    if row is None:
        return None
    listed = select(MeetingAnswer.field, MeetingAnswer.text).where(MeetingAnswer.meeting_id == row.id)
    return Undone(row, {each.field: each.text for each in db.session.execute(listed)})


def typed_in(actor: Actor, left: Left) -> Sequence[tuple[str, str]]:
    """What was typed, field by field; of an event that was undone what it said."""
    if not left.undone:
        return left.typed
    undone = undone_event(actor, left.case_id, left.undone)
    return undone.typed if undone else []
