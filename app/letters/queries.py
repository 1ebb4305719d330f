"""The letters of a case, one letter with its pages and file, and what holds letters back."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from app.cases.models import CaseKind, Status
from app.cases.queries import CaseHead, case_for
from app.core import clock
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.models import Letter, LetterHold, LetterPage, Purpose
from app.people.models import Person
from app.people.queries import Actor

PURPOSES = {CaseKind.CA: Purpose.CA, CaseKind.NEN: Purpose.NEN}


@dataclass(frozen=True)
class OfCase:
    """Something of letters together with the header of its case, for rules that ask about both."""

    head: CaseHead

    @property
    def case_id(self) -> int:
        return self.head.id

    @property
    def status(self) -> Status:
        return Status(self.head.status)

    @property
    def is_own(self) -> bool:
        return bool(self.head.is_own)


@dataclass(frozen=True)
class LetterOfCase(OfCase):
    letter: Letter


@dataclass(frozen=True)
class HoldOfCase(OfCase):
    hold: LetterHold


def letters_of(head: CaseHead) -> Sequence[AnyRow]:
    """Every letter of a case's ladder that was made, oldest first."""
    statement = (
        select(
            Letter.id,
            Letter.public_id,
            Letter.caregiver_id,
            Letter.purpose,
            Letter.step,
            Letter.made_at,
            Letter.sent_on,
            Letter.method,
            Letter.voided_at,
            Letter.void_why,
            Person.name.label("made_by"),
        )
        .join(Person, Person.id == Letter.made_by_id)
        .where(Letter.case_id == head.case_id, Letter.purpose == PURPOSES[head.kind], Letter.made_at.is_not(None))
    )
    return db.session.execute(statement.order_by(Letter.made_at, Letter.id)).all()


def holds_of(head: CaseHead) -> Sequence[LetterHold]:
    """What holds letters of this case back today (LET-4)."""
    statement = select(LetterHold).where(
        LetterHold.case_id == head.case_id,
        LetterHold.purpose == PURPOSES[head.kind],
        LetterHold.until_on >= clock.today(),
        LetterHold.ended_at.is_(None),
    )
    return db.session.scalars(statement.order_by(LetterHold.id)).all()


def hold_for(actor: Actor, number: str, public_id: str) -> HoldOfCase | None:
    """One hold of a case this person may see."""
    head = case_for(actor, number)
    if head is None:
        return None
    statement = select(LetterHold).where(LetterHold.case_id == head.case_id, LetterHold.public_id == public_id)
    found = db.session.scalar(statement)
    return HoldOfCase(head, found) if found else None


def letter_for(actor: Actor, number: str, public_id: str) -> LetterOfCase | None:
    """One letter, or preview, of a case this person may see. Whether they may see its letters is asked next."""
    head = case_for(actor, number)
    if head is None:
        return None
    letter = db.session.scalar(select(Letter).where(Letter.case_id == head.case_id, Letter.public_id == public_id))
    return LetterOfCase(head, letter) if letter else None


def letter_to_change(letter_id: int) -> Letter:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(Letter).where(Letter.id == letter_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def is_waiting(letter_id: int) -> bool:
    """Is it neither rendered nor failed yet? For a page that waits a moment; one statement."""
    return db.session.scalar(select(Letter.next_try_at).where(Letter.id == letter_id)) is not None


def pages_of(letter_id: int) -> Sequence[AnyRow]:
    """The pages of a preview, without their pictures."""
    statement = select(LetterPage.number, LetterPage.width, LetterPage.height)
    return db.session.execute(statement.where(LetterPage.letter_id == letter_id).order_by(LetterPage.number)).all()


def page_of(letter_id: int, number: int) -> bytes | None:
    """One page of a preview as a PNG."""
    statement = select(LetterPage.png).where(LetterPage.letter_id == letter_id, LetterPage.number == number)
    return db.session.scalar(statement)


def file_of(letter: Letter) -> StoredFile:
    return db.session.scalars(select(StoredFile).where(StoredFile.id == letter.file_id)).one()


def people_of(letter: Letter) -> dict[int, str]:
    """Who asked for it, made it, sent it, voided it: id → name."""
    whom = [letter.asked_by_id, letter.made_by_id, letter.sent_by_id, letter.voided_by_id]
    rows = db.session.execute(select(Person.id, Person.name).where(Person.id.in_([each for each in whom if each])))
    return {row.id: row.name for row in rows}
