"""The lines of a batch, as far as their cases, or their students, are this person's, and how many stand how."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, case, func, null, select

from app.cases.models import Case
from app.core.db import AnyRow, AnySelect, db
from app.letters.batches.models import BatchLine, LetterBatch, LineState
from app.letters.batches.policy import is_of_others
from app.letters.batches.queries import IN_MAIL, PAGE, TO_POST, TO_UNDO, Found, batch_for
from app.letters.batches.rules import PURPOSES_OF_STUDENTS
from app.letters.facts import thawed
from app.letters.models import Back, Letter
from app.people.queries import Actor
from app.students.caregivers.queries import until_others_changed
from app.students.models import Caregiver, FormerCaregiver, Student
from app.students.queries import is_enrolled

BECAME = ("made", "sent", "void", "to_undo", "to_post", "answered", "returned")


@dataclass(frozen=True)
class LineFound(Found):
    """One of its lines, with whom it is to."""

    line: Any = None


@dataclass(frozen=True)
class WhoHasLeft:
    """A line of a student who is not on the school's roll any more: called as the school last wrote it (CASE-10)."""

    row: AnyRow

    def __getattr__(self, name: str) -> Any:
        return getattr(self.row, name)

    @property
    def student_name(self) -> str:
        return str(thawed(self.row.as_written).values.get("student_name", ""))


AnyLine = AnyRow | WhoHasLeft


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
    answered: int = 0
    returned: int = 0

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
    came = (and_(is_sent, Letter.back == back) for back in (Back.ANSWERED, Back.RETURNED))
    sums = (func.sum(case((each, 1), else_=0)) for each in (is_made, is_sent, is_void, TO_UNDO, TO_POST, *came))
    rows = db.session.execute(_lines(actor, batch, BatchLine.state, func.count(), *sums).group_by(BatchLine.state))
    found: dict[str, int] = {}
    for state, count, *became in rows:
        found[state] = count
        if state is LineState.ASKED:
            found |= dict(zip(BECAME, map(int, became), strict=True))
    return Counts(**found)


def lines_of(actor: Actor, batch: LetterBatch, state: LineState, *, after: int = 0) -> Sequence[AnyLine]:
    """A page of its lines in posting order, and one more."""
    found = _shown(actor, batch).where(BatchLine.state == state, BatchLine.place > after)
    return _called(found.order_by(BatchLine.place).limit(PAGE + 1))


def line_for(actor: Actor, public_id: str, place: int) -> LineFound | None:
    """One line of a batch this person may see."""
    found = batch_for(actor, public_id)
    if found is None:
        return None
    rows = _called(_shown(actor, found.batch).where(BatchLine.place == place))
    return LineFound(**vars(found), line=rows[0]) if rows else None


def sent_in(actor: Actor, batch: LetterBatch) -> Sequence[AnyLine]:
    """What of it was sent, and so stays when it is undone."""
    sent = (Letter.sent_on.is_not(None), Letter.voided_at.is_(None))
    return _called(_shown(actor, batch).where(*sent).order_by(BatchLine.place))


def letters_in(actor: Actor, batch: LetterBatch) -> Sequence[AnyLine]:
    """The letters of a batch that were made, in posting order, numbered as they lie in the print file."""
    numbered = (
        select(BatchLine.place, func.row_number().over(order_by=BatchLine.place).label("number"))
        .join(Letter, Letter.id == BatchLine.letter_id)
        .where(BatchLine.batch_id == batch.id, Letter.made_at.is_not(None))
        .subquery()
    )
    found = _shown(actor, batch, numbered.c.number, Letter.facts)
    return _called(found.join(numbered, numbered.c.place == BatchLine.place).order_by(BatchLine.place))


def _called(statement: AnySelect) -> list[AnyLine]:
    rows = db.session.execute(statement).all()
    return [WhoHasLeft(row) if row.as_written else row for row in rows]


def _shown(actor: Actor, batch: LetterBatch, *more: Any) -> AnySelect:
    """What a page says of a line; of a caregiver a school's page says what that school itself wrote (CASE-10)."""
    of_school = batch.purpose in PURPOSES_OF_STUDENTS
    caregiver: Any = (
        *(Caregiver.name.label("caregiver_name"), Caregiver.relationship, Caregiver.letters_by),
        Caregiver.language,
    )
    as_written: Any = null()
    if of_school:
        caregiver = _IN_OWN_WORDS
        as_written = case((~is_enrolled(actor.organisation_id, Student.id), Letter.facts))
    statement = _lines(actor, batch, *_SHOWN, *caregiver, as_written.label("as_written"), *more)
    return statement.outerjoin(FormerCaregiver, until_others_changed(actor.organisation_id)) if of_school else statement


_IN_OWN_WORDS = (
    func.coalesce(FormerCaregiver.name, Caregiver.name).label("caregiver_name"),
    func.coalesce(FormerCaregiver.relationship, Caregiver.relationship).label("relationship"),
    func.coalesce(FormerCaregiver.letters_by, Caregiver.letters_by).label("letters_by"),
    func.coalesce(FormerCaregiver.language, Caregiver.language).label("language"),
)
_SHOWN = (
    BatchLine.case_id,
    *(BatchLine.place, BatchLine.state, BatchLine.step, BatchLine.skipped_why, Case.number.label("case_number")),
    func.coalesce(func.nullif(Student.preferred_name, ""), Student.legal_name).label("student_name"),
    Student.public_id.label("student"),
    Caregiver.public_id.label("caregiver"),
    *(Letter.public_id.label("letter"), Letter.made_at, Letter.page_count, Letter.sent_on, Letter.voided_at),
    *(Letter.back, Letter.is_formal, IN_MAIL.label("is_in_mail")),
)


def _lines(actor: Actor, batch: LetterBatch, *columns: Any) -> AnySelect:
    """Only of cases that this person may work, or of students of their school."""
    return (
        select(*columns)
        .select_from(BatchLine)
        .join(Caregiver, Caregiver.id == BatchLine.caregiver_id)
        .join(Student, Student.id == Caregiver.student_id)
        .outerjoin(Case, Case.id == BatchLine.case_id)
        .outerjoin(Letter, Letter.id == BatchLine.letter_id)
        .where(BatchLine.batch_id == batch.id, ~is_of_others(actor))
    )
