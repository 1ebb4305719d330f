"""Batches, how many of their lines are this person's, and how far they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, exists, func, or_, select

from app.cases.models import Case, Status
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.batches.models import BatchLine, BatchState, LetterBatch, LineState
from app.letters.batches.policy import WRITERS, is_of_others, visible
from app.letters.batches.rules import PURPOSES_OF_STUDENTS
from app.letters.emails.models import LetterMail
from app.letters.models import Letter
from app.people.models import Catchment, Kind, Organisation, Person, RoleHeld, School
from app.people.queries import Actor

PAGE = 25
NOT_SENT = and_(Letter.made_at.is_not(None), Letter.voided_at.is_(None), Letter.sent_on.is_(None))
IN_MAIL = exists().where(LetterMail.letter_id == Letter.id, LetterMail.sent_at.is_(None), LetterMail.fault == "")
TO_UNDO = and_(NOT_SENT, or_(Case.id.is_(None), Case.status != Status.CLOSED))
"""With its case, where there is one. On a closed one how a letter went is not recorded any more (`letters.policy`)."""
TO_POST = and_(TO_UNDO, ~IN_MAIL)
"""What waits for the mail server is not in an envelope."""

NOT_MADE = "Only a batch whose letters are made can be posted."
NOT_BEGUN = "Only a batch that was made can be undone."
POSTED = "These letters were noted as posted already."
NONE_TO_POST = (
    "There is no letter in this batch that is made, neither sent nor on its way by e-mail, and not on a closed case."
)
NONE_TO_UNDO = "There is no letter in this batch that is made, not sent, and not on a closed case."
STILL_AT_IT = "The letters are still being made, put together, or noted as posted. Wait until that is done."
THROUGH = (BatchState.MADE, BatchState.CANCELLED)


@dataclass(frozen=True)
class Found:
    """A batch, who asked for it, and how many of its lines, and of its letters, are on cases of others."""

    batch: LetterBatch
    asked_by: str
    posted_by: str | None
    undone_by: str | None
    others: int
    letters_of_others: int
    case_id: int | None = None
    """For the view log: a batch is of no one case."""


def batches_for(actor: Actor, *, before: str = "") -> Sequence[AnyRow]:
    """A page of batches, newest first, and one more; of each how many letters are this person's."""
    mine = select(func.count()).select_from(BatchLine).where(~is_of_others(actor))
    lines = mine.where(BatchLine.batch_id == LetterBatch.id, BatchLine.state.in_([LineState.READY, LineState.ASKED]))
    statement = (
        select(
            LetterBatch, Person.name.label("asked_by"), lines.correlate(LetterBatch).scalar_subquery().label("letters")
        )
        .join(Person, Person.id == LetterBatch.asked_by_id)
        .where(visible(actor))
        .order_by(LetterBatch.id.desc())
        .limit(PAGE + 1)
    )
    last = select(LetterBatch.id).where(LetterBatch.public_id == before, visible(actor)).scalar_subquery()
    return db.session.execute(statement.where(LetterBatch.id < last) if before else statement).all()


def batch_for(actor: Actor, public_id: str) -> Found | None:
    """One batch this person may see."""
    theirs = select(func.count()).where(BatchLine.batch_id == LetterBatch.id, is_of_others(actor))
    others = theirs.correlate(LetterBatch)
    letters = others.where(BatchLine.letter_id.is_not(None))
    who = {name: select(Person.name).where(Person.id == column).scalar_subquery() for name, column in _people()}
    counts = (others.scalar_subquery(), letters.scalar_subquery())
    statement = select(LetterBatch, *(name.label(label) for label, name in who.items()), *counts)
    row = db.session.execute(statement.where(LetterBatch.public_id == public_id, visible(actor))).first()
    return Found(*row) if row else None


def _people() -> tuple[tuple[str, Any], ...]:
    return (
        ("asked_by", LetterBatch.asked_by_id),
        ("posted_by", LetterBatch.posted_by_id),
        ("undone_by", LetterBatch.undone_by_id),
    )


def batch_to_change(batch_id: int) -> LetterBatch:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(LetterBatch).where(LetterBatch.id == batch_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def regions_of(batch: LetterBatch) -> Sequence[str]:
    """Whose working days count for its letters: of their cases, or of the school."""
    of_cases = select(Case.region).join(BatchLine, BatchLine.case_id == Case.id).where(BatchLine.batch_id == batch.id)
    found = select(Catchment.region).join(School, School.catchment_id == Catchment.id)
    of_school = found.where(School.organisation_id == batch.organisation_id)
    return db.session.scalars(of_school if batch.purpose in PURPOSES_OF_STUDENTS else of_cases.distinct()).all()


def to_post(batch: LetterBatch, by: Actor) -> Select[int]:
    """The places of the letters that this person can say were posted."""
    lines = select(BatchLine.place).join(Letter, Letter.id == BatchLine.letter_id)
    theirs = lines.outerjoin(Case, Case.id == BatchLine.case_id).where(BatchLine.batch_id == batch.id)
    return theirs.where(TO_POST, ~is_of_others(by)).correlate(None)


def file_of(batch: LetterBatch) -> StoredFile | None:
    return db.session.get(StoredFile, batch.print_file_id) if batch.print_file_id else None


def actor_of(batch: LetterBatch, person_id: int | None) -> Actor | None:
    """Somebody who had something done with a batch, in the role in which it was asked for where they hold that, else in
    another one in which letters are written; none who holds neither any more."""
    held = and_(RoleHeld.person_id == person_id, RoleHeld.organisation_id == batch.organisation_id)
    statement = (
        select(Person, RoleHeld, Organisation.name, Organisation.kind)
        .join(RoleHeld, RoleHeld.person_id == Person.id)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .where(held, RoleHeld.role.in_(WRITERS), RoleHeld.ended_at.is_(None), Person.ended_at.is_(None))
        .order_by(case((RoleHeld.role == batch.asked_as, 0), else_=1))
    )
    row = db.session.execute(statement.limit(1)).first()
    if row is None:
        return None
    who, held_as, name, kind = row
    here = (batch.organisation_id, name, Kind(kind))
    return Actor(who.id, who.public_id, who.name, who.email, held_as.role, held_as.id, *here)


def is_at_work(batch: LetterBatch) -> bool:
    """Has the worker something to do for it, or for its file?"""
    return batch.state is BatchState.MAKING or batch.next_try_at is not None


def why_not_posted(batch: LetterBatch, left: int) -> str:
    """Why no letter of it can be noted as posted now, or nothing; `left`: how many could be."""
    if batch.state not in THROUGH:
        return NOT_MADE
    if is_at_work(batch):
        return STILL_AT_IT
    if batch.posted_on:
        return POSTED
    return "" if left else NONE_TO_POST


def why_not_undone(batch: LetterBatch, left: int) -> str:
    """Why no letter of it can be voided with the others now, or nothing; `left`: the same."""
    if batch.state not in THROUGH or not batch.begun_at:
        return NOT_BEGUN
    if is_at_work(batch):
        return STILL_AT_IT
    return "" if left else NONE_TO_UNDO


def due(now: Any) -> Any:
    """Those that the worker is to look after, oldest first."""
    return select(LetterBatch).where(LetterBatch.next_try_at <= now).order_by(LetterBatch.next_try_at, LetterBatch.id)
