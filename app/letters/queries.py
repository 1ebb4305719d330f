"""The letters of a case, one letter with its pages and file, and what holds letters back."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, null, select, union_all
from sqlalchemy.orm import aliased

from app.cases.models import CaseKind
from app.cases.queries import CaseHead, case_for
from app.cases.timeline import OfCase
from app.core import clock
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.holds import LetterHold
from app.letters.models import Letter, LetterPage
from app.letters.purposes import Purpose
from app.letters.rulings import LetterException, LetterRestart
from app.people.models import Organisation, Person
from app.people.queries import Actor
from app.people.shapes import count_of_leads
from app.students.models import Caregiver

LOOKS, BETWEEN_LOOKS = 20, 0.1  # seconds
Asked, Made, Sent, SawBack, Voided, AskedToSign, Signed = (aliased(Person) for _ in range(7))
PURPOSES = {CaseKind.CA: Purpose.CA, CaseKind.NEN: Purpose.NEN}


@dataclass(frozen=True)
class LetterOfCase(OfCase):
    """A letter, or a preview, with its file and who asked for it, made it, sent it, said what came back, voided it (`record`)."""

    letter: Letter
    record: AnyRow


@dataclass(frozen=True)
class PageOfLetter(LetterOfCase):
    png: bytes


@dataclass(frozen=True)
class HoldOfCase(OfCase):
    hold: LetterHold


RECORD = (
    select(
        Letter,
        StoredFile,
        *(Asked.name.label("asked_by"), Asked.phone.label("asked_phone"), Asked.email.label("asked_email")),
        Made.name.label("made_by"),
        Sent.name.label("sent_by"),
        SawBack.name.label("back_by"),
        Voided.name.label("voided_by"),
        AskedToSign.name.label("sign_asked_by"),
        Signed.name.label("signed_by"),
        count_of_leads(Letter.organisation_id).label("leads"),
        *(Caregiver.letters_by, Caregiver.relationship),
    )
    .join(Caregiver, Caregiver.id == Letter.caregiver_id)
    .join(Asked, Asked.id == Letter.asked_by_id)
    .outerjoin(Made, Made.id == Letter.made_by_id)
    .outerjoin(Sent, Sent.id == Letter.sent_by_id)
    .outerjoin(SawBack, SawBack.id == Letter.back_by_id)
    .outerjoin(Voided, Voided.id == Letter.voided_by_id)
    .outerjoin(AskedToSign, AskedToSign.id == Letter.sign_asked_by_id)
    .outerjoin(Signed, Signed.id == Letter.signed_by_id)
    .outerjoin(StoredFile, StoredFile.id == Letter.file_id)
)
WHAT_BECAME = (
    *(Letter.sent_on, Letter.method, Letter.served_by),
    *(Letter.back, Letter.back_on, Letter.back_note),
    *(Letter.voided_at, Letter.void_why),
    *(Letter.changed_at, Letter.changed_what),
)
"""Of a letter that was made."""
LETTERS = (
    select(
        *(Letter.id, Letter.public_id, Letter.case_id, Letter.caregiver_id),
        *(Letter.purpose, Letter.step, Letter.round, Letter.made_at),
        *WHAT_BECAME,
        *(Letter.sign_asked_at, Letter.not_signed_why, AskedToSign.name.label("asked_by")),
        *(Caregiver.name.label("caregiver_name"), Caregiver.relationship, Caregiver.ended_at),
        *(Made.name.label("made_by"), Organisation.name.label("school_name")),
    )
    .join(Caregiver, Caregiver.id == Letter.caregiver_id)
    .join(Organisation, Organisation.id == Letter.organisation_id)
    .outerjoin(Made, Made.id == Letter.made_by_id)
    .outerjoin(AskedToSign, AskedToSign.id == Letter.sign_asked_by_id)
    .order_by(Letter.made_at, Letter.id)
)
"""In a list, each with who wrote it and whom it is to."""


def letters_of(head: CaseHead) -> Sequence[AnyRow]:
    """Every letter of a case's ladder that was made, oldest first, with whom it went to."""
    return db.session.execute(LETTERS.where(made_of(head))).all()


def made_of(head: CaseHead) -> ColumnElement[bool]:
    """A clause on Letter."""
    of_case = (Letter.case_id == head.case_id, Letter.purpose == PURPOSES[head.kind])
    return and_(*of_case, Letter.made_at.is_not(None))


def holds_of(head: CaseHead) -> Sequence[AnyRow]:
    """What holds letters of this case back today (LET-4), and who said so."""
    statement = (
        select(
            *(LetterHold.id, LetterHold.public_id, LetterHold.caregiver_id),
            *(LetterHold.reason, LetterHold.why, LetterHold.until_on, LetterHold.at),
            Person.name.label("by_name"),
        )
        .join(Person, Person.id == LetterHold.by_id)
        .where(
            LetterHold.case_id == head.case_id,
            LetterHold.purpose == PURPOSES[head.kind],
            LetterHold.until_on >= clock.today(),
            LetterHold.ended_at.is_(None),
        )
    )
    return db.session.execute(statement.order_by(LetterHold.id)).all()


def rulings_of(head: CaseHead) -> Sequence[AnyRow]:
    """What leads have ruled on the letters of a case, oldest first: ladders that began again (their `step` is none), and
    exceptions that still hold."""
    what = ("public_id", "caregiver_id", "round", "why", "at", "by_id")
    ruled = [
        select(*(getattr(table, name) for name in what), step.label("step")).where(
            table.case_id == head.case_id, table.purpose == PURPOSES[head.kind], *which
        )
        for table, step, which in (
            (LetterRestart, null(), ()),
            (LetterException, LetterException.step, (LetterException.ended_at.is_(None),)),
        )
    ]
    both = union_all(*ruled).subquery()
    statement = select(both, Person.name.label("by_name")).join(Person, Person.id == both.c.by_id)
    return db.session.execute(statement.order_by(both.c.at, both.c.public_id)).all()


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
    row = db.session.execute(RECORD.where(Letter.case_id == head.case_id, Letter.public_id == public_id)).first()
    return LetterOfCase(head, row.Letter, row) if row else None


def letter_to_change(letter_id: int) -> Letter:
    """The entity as it stands now, locked until the end of the transaction."""
    statement = select(Letter).where(Letter.id == letter_id).with_for_update()
    return db.session.scalars(statement.execution_options(populate_existing=True)).one()


def is_waiting(letter_id: int) -> bool:
    """Is it neither rendered nor failed yet? One statement."""
    return db.session.scalar(select(Letter.next_try_at).where(Letter.id == letter_id)) is not None


def wait_for(letter_id: int) -> None:
    """Until it is rendered or has failed, for two seconds at most. In between there is no transaction, so that nobody
    waits for this page."""
    for _ in range(LOOKS):
        if not is_waiting(letter_id):
            return
        db.session.rollback()
        time.sleep(BETWEEN_LOOKS)


def pages_of(letter_id: int) -> Sequence[AnyRow]:
    """The pages of a preview, without their pictures."""
    statement = select(LetterPage.number, LetterPage.width, LetterPage.height)
    return db.session.execute(statement.where(LetterPage.letter_id == letter_id).order_by(LetterPage.number)).all()


def page_for(actor: Actor, number: str, public_id: str, page: int) -> PageOfLetter | None:
    """One page of a preview as a PNG, of a case this person may see."""
    found = letter_for(actor, number, public_id)
    if found is None:
        return None
    statement = select(LetterPage.png).where(LetterPage.letter_id == found.letter.id, LetterPage.number == page)
    png = db.session.scalar(statement)
    return PageOfLetter(found.head, found.letter, found.record, png) if png else None
