"""What ends a draft or gives it to somebody else: handed over, discarded, brought back, announced, deleted (REQ-3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select

from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict, Refused, Unseen
from app.core.events import Outbox
from app.core.figures import the_figures
from app.core.files.stored import StoredFile
from app.core.noticing import look_then_tell
from app.people.models import Kind, Person
from app.people.queries import Actor, people_with
from app.people.rules import ROLES_OF
from app.referrals.drafts import tells  # noqa: F401  (registers whom these events tell)
from app.referrals.drafts.rules import END_ANNOUNCED, HANDED_OVER, is_untouched
from app.referrals.models import Answer, KeptText, Referral, ReferralFile, State
from app.referrals.queries import DRAFT, Request, draft_there
from app.referrals.saving import SENT_MEANWHILE, discarded_meanwhile, locked
from app.students.queries import hold_student

ANOTHER = "Another draft for this student was begun meanwhile, so this one cannot come back beside it."
MOST_AT_ONCE = 100
DAY = timedelta(days=1)


ITSELF = "waharoa"


@dataclass(frozen=True)
class Itself:
    """Waharoa does it by itself, at this school."""

    organisation_id: int
    person_id: Any = None
    role: str = ITSELF


def hand_over(request: Request, *, to: int, by: Actor, instead_of: str) -> bool:
    """Give the draft to a colleague (`to`, a person's id) to finish. Given again to the same person nothing happens, and
    the answer is False. `instead_of`: the public id of who had it when this was asked for; raises `Conflict` where that
    is no longer so, and `Refused` where the colleague has no role at the school."""
    referral = _held(request.referral)
    if referral.discarded_at:
        raise Conflict(discarded_meanwhile())
    if referral.owner_id == to:
        return False
    owner = db.session.get_one(Person, referral.owner_id)
    if owner.public_id != instead_of:
        raise Conflict(f"{owner.name} was given this draft meanwhile.")
    if to not in {person.id for person in people_with(referral.school_id, *ROLES_OF[Kind.SCHOOL])}:
        raise Refused("Only somebody with a role at your school can finish its drafts.")
    referral.owner_id = to
    _touch(referral, by)
    events.record(HANDED_OVER, by=by, on=referral)
    return True


def discard(request: Request, *, by: Actor) -> bool:
    """Throw the draft away, for a while within reach. False where it was discarded already."""
    referral = _held(request.referral)
    if referral.discarded_at:
        return False
    referral.discarded_at, referral.discarded_by_id = clock.now(), by.person_id
    db.session.flush()
    events.record("draft.discarded", by=by, on=referral)
    return True


def leave(request: Request, *, by: Actor) -> bool:
    """A draft that somebody began and has not touched goes at once, and cannot be brought back: it holds nothing of theirs.
    False where there is something in it by now."""
    referral = locked(request)
    if not is_untouched(request):
        return False
    events.record("draft.deleted", by=by, on=referral)
    delete_drafts([referral.id])
    return True


def bring_back(request: Request, *, by: Actor) -> bool:
    """A draft discarded lately is a draft again. False where it is one already; raises `Refused` where another one
    for the student was begun meanwhile."""
    referral = _held(request.referral)
    if referral.discarded_at is None:
        return False
    if referral.discarded_at <= clock.now() - the_figures().draft_back_within:
        raise Unseen
    hold_student(referral.student_id)
    if draft_there(by, referral.student_id):
        raise Refused(ANOTHER)
    referral.discarded_at = referral.discarded_by_id = None
    _touch(referral, by)
    events.record("draft.brought_back", by=by, on=referral)
    return True


def announce_ends() -> int:
    """Tell those who may finish a draft, once, that it will be deleted; how many drafts that were. A change takes the
    announcement back, and it is made again when its time has come."""
    untouched = Referral.changed_at < clock.end_of(clock.today() - the_figures().draft_announced_after)
    untold = or_(Referral.announced_at.is_(None), Referral.announced_at < Referral.changed_at)
    due = select(Referral).where(DRAFT, untouched, untold).order_by(Referral.id)
    return look_then_tell(due, Referral, _announce_end)


def _announce_end(referral: Referral) -> None:
    referral.announced_at = clock.now()
    db.session.flush()
    events.record(END_ANNOUNCED, by=Itself(referral.school_id), on=referral)


def delete_ended() -> int:
    """Delete for good what nobody touched for so long, at the earliest some days after that was announced, and what was
    discarded and can no longer be brought back; how many drafts that were."""
    today, now, figures = clock.today(), clock.now(), the_figures()
    untouched = Referral.changed_at < clock.end_of(today - figures.draft_deleted_after)
    announced = Referral.announced_at >= Referral.changed_at
    long_enough = Referral.announced_at < clock.end_of(today - figures.draft_notice)
    ended = _due(DRAFT, untouched, announced, long_enough)
    discarded = _due(Referral.state == State.DRAFT, Referral.discarded_at <= now - figures.draft_back_within)
    for referral in (*ended, *discarded):
        events.record("draft.deleted", by=Itself(referral.school_id), on=referral)
    delete_drafts([referral.id for referral in (*ended, *discarded)])
    return len(ended) + len(discarded)


def _held(referral: Referral) -> Referral:
    """The draft as it is now; nobody else changes it until the end of the transaction. Raises `Unseen` where it was
    deleted, `Conflict` where it was sent."""
    statement = select(Referral).where(Referral.id == referral.id).with_for_update()
    held = db.session.scalar(statement.execution_options(populate_existing=True))
    if held is None:
        raise Unseen
    if held.state is not State.DRAFT:
        raise Conflict(SENT_MEANWHILE)
    return held


def _touch(referral: Referral, by: Actor) -> None:
    """Somebody cares for it: its time begins anew."""
    referral.changed_at, referral.changed_by_id = clock.now(), by.person_id
    db.session.flush()


def _due(*which: ColumnElement[bool]) -> Sequence[Referral]:
    """Some of these drafts; those in which somebody is writing at this moment wait for the next round."""
    statement = select(Referral).where(*which).order_by(Referral.id).limit(MOST_AT_ONCE)
    return db.session.scalars(statement.with_for_update(skip_locked=True)).all()


def delete_drafts(referral_ids: Sequence[int]) -> None:
    """The drafts, their answers, texts kept beside them, the rows of their files (the objects are swept), and what people were still to
    be told of them: a later draft may have the number."""
    files = select(ReferralFile.file_id).where(ReferralFile.referral_id.in_(referral_ids))
    file_ids = db.session.scalars(files).all()
    told = (Outbox.thing == Referral.__tablename__, Outbox.thing_id.in_(referral_ids))
    for statement in (
        delete(ReferralFile).where(ReferralFile.file_id.in_(file_ids)),
        delete(StoredFile).where(StoredFile.id.in_(file_ids)),
        delete(Answer).where(Answer.referral_id.in_(referral_ids)),
        delete(KeptText).where(KeptText.referral_id.in_(referral_ids)),
        delete(Outbox).where(*told),
        delete(Referral).where(Referral.id.in_(referral_ids)),
    ):
        db.session.execute(statement.execution_options(synchronize_session=False))
