"""The lines of a batch, as far as their cases are this person's, and how many stand how."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, select

from app.cases.many import workable
from app.cases.models import Case
from app.core.db import AnyRow, AnySelect, db
from app.letters.batches.models import BatchLine, LetterBatch, LineState
from app.letters.batches.queries import PAGE, TO_POST, TO_UNDO, Found, batch_for
from app.letters.models import Letter
from app.people.queries import Actor
from app.students.models import Caregiver, Student

BECAME = ("made", "sent", "void", "to_undo", "to_post")


@dataclass(frozen=True)
class LineFound(Found):
    """One of its lines, with whom it is to."""

    line: Any = None


@dataclass(frozen=True)
class Counts:
    """Of the lines that this person sees."""

    ready: int = 0
    not_ready: int = 0
    skipped: int = 0
    left_out: int = 0
    asked: int = 0
    """With a letter: made, or on its way."""
    made: int = 0
    sent: int = 0
    void: int = 0
    to_undo: int = 0
    """Not sent, on cases that are not closed."""
    to_post: int = 0
    """Those of them that no mail is on its way with."""

    @property
    def to_come(self) -> int:
        return self.ready + self.asked - self.made

    @property
    def not_sent(self) -> int:
        """Made, not sent, and not voided."""
        return self.made - self.sent - self.void

    @property
    def closed(self) -> int:
        """Not sent, on closed cases: these stay as they are."""
        return self.not_sent - self.to_undo

    @property
    def in_mail(self) -> int:
        """On their way by e-mail: these are not noted as posted."""
        return self.to_undo - self.to_post


def counts_of(actor: Actor, batch: LetterBatch) -> Counts:
    """How far it is; one statement."""
    is_made, is_void = Letter.made_at.is_not(None), Letter.voided_at.is_not(None)
    is_sent = and_(Letter.sent_on.is_not(None), ~is_void)
    sums = (func.sum(case((clause, 1), else_=0)) for clause in (is_made, is_sent, is_void, TO_UNDO, TO_POST))
    rows = db.session.execute(_lines(actor, batch, BatchLine.state, func.count(), *sums).group_by(BatchLine.state))
    found: dict[str, int] = {}
    for state, count, *became in rows:
        found[state] = count
        if state is LineState.ASKED:
            found |= dict(zip(BECAME, map(int, became), strict=True))
    return Counts(**found)


def lines_of(actor: Actor, batch: LetterBatch, state: LineState, *, after: int = 0) -> Sequence[AnyRow]:
    """A page of its lines in posting order, and one more."""
    found = _lines(actor, batch, *_SHOWN).where(BatchLine.state == state, BatchLine.place > after)
    return db.session.execute(found.order_by(BatchLine.place).limit(PAGE + 1)).all()


def line_for(actor: Actor, public_id: str, place: int) -> LineFound | None:
    """One line of a batch this person may see."""
    found = batch_for(actor, public_id)
    if found is None:
        return None
    row = db.session.execute(_lines(actor, found.batch, *_SHOWN).where(BatchLine.place == place)).first()
    return LineFound(**vars(found), line=row) if row else None


def sent_in(actor: Actor, batch: LetterBatch) -> Sequence[AnyRow]:
    """What of it was sent, and so stays when it is undone."""
    sent = (Letter.sent_on.is_not(None), Letter.voided_at.is_(None))
    return db.session.execute(_lines(actor, batch, *_SHOWN).where(*sent).order_by(BatchLine.place)).all()


def letters_in(actor: Actor, batch: LetterBatch) -> Sequence[AnyRow]:
    """The letters of a batch that were made, in posting order, numbered as they lie in the print file."""
    numbered = (
        select(BatchLine.place, func.row_number().over(order_by=BatchLine.place).label("number"))
        .join(Letter, Letter.id == BatchLine.letter_id)
        .where(BatchLine.batch_id == batch.id, Letter.made_at.is_not(None))
        .subquery()
    )
    columns = (*_SHOWN, numbered.c.number, Letter.facts)
    found = _lines(actor, batch, *columns).join(numbered, numbered.c.place == BatchLine.place)
    return db.session.execute(found.order_by(BatchLine.place)).all()


_SHOWN = (
    BatchLine.case_id,
    *(BatchLine.place, BatchLine.state, BatchLine.step, BatchLine.skipped_why, Case.number.label("case_number")),
    func.coalesce(func.nullif(Student.preferred_name, ""), Student.legal_name).label("student_name"),
    Caregiver.name.label("caregiver_name"),
    *(Caregiver.relationship, Caregiver.letters_by),
    Caregiver.public_id.label("caregiver"),
    *(Letter.public_id.label("letter"), Letter.made_at, Letter.page_count, Letter.sent_on, Letter.voided_at),
)


def _lines(actor: Actor, batch: LetterBatch, *columns: Any) -> AnySelect:
    """Only of cases that this person may work."""
    return (
        select(*columns)
        .select_from(BatchLine)
        .join(Case, Case.id == BatchLine.case_id)
        .join(Student, Student.id == Case.student_id)
        .join(Caregiver, Caregiver.id == BatchLine.caregiver_id)
        .outerjoin(Letter, Letter.id == BatchLine.letter_id)
        .where(BatchLine.batch_id == batch.id, workable(actor))
    )
