"""The note that this person is writing on a case."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache

from sqlalchemy import ColumnElement, bindparam, false, or_, select, true

from app.cases import policy
from app.cases.entries import Unsent, UnsentFile
from app.cases.files.policy import own
from app.cases.files.queries import LISTED
from app.cases.models import Case
from app.cases.queries import CaseHead, case_for
from app.cases.unsent.rules import FILES, FORMS, HANDOVER, HANDOVER_TO, UNDONE, unpacked
from app.core.db import AnyRow, AnySelect, db
from app.core.files.stored import StoredFile
from app.people.models import Person, Role
from app.people.queries import Actor
from app.people.shapes import asked_by, like

ON_OTHER_PAGES = (HANDOVER, HANDOVER_TO)
_IN_A_FORM = or_(*(Unsent.page.startswith(which) for which in FORMS))


@dataclass(frozen=True)
class UnsentNote:
    """The texts of all windows, oldest first, and their versions; when the last was kept, and what was uploaded."""

    body: str = ""
    at: datetime | None = None
    files: Sequence[AnyRow] = ()
    versions: tuple[str, ...] = ()


def unsent_for(actor: Actor, case_id: int, *, entry_id: int | None = None) -> UnsentNote:
    """What this person is writing on a case, or as another text of one of its entries, to nobody else; one statement."""
    statement = _unsent(like(actor), is_text=entry_id is not None)
    rows = db.session.execute(statement, asked_by(actor, of_case=case_id, of_entry=entry_id)).all()
    texts = [row for row in rows if row.page != FILES and row.body.strip()]
    return UnsentNote(
        "\n\n".join(row.body for row in texts),
        texts[-1].kept_at if texts else None,
        [row for row in rows if row.public_id],
        tuple(row.version for row in texts),
    )


@cache
def _unsent(actor: Actor, *, is_text: bool) -> AnySelect:
    of_entry = Unsent.entry_id == bindparam("of_entry") if is_text else Unsent.entry_id.is_(None)
    return (
        select(Unsent.page, Unsent.body, Unsent.version, Unsent.at.label("kept_at"), *LISTED)
        .outerjoin(UnsentFile, UnsentFile.unsent_id == Unsent.id)
        .outerjoin(StoredFile, StoredFile.id == UnsentFile.file_id)
        .outerjoin(Person, Person.id == StoredFile.by_id)
        .where(Unsent.case_id == bindparam("of_case"), own(actor), of_entry, Unsent.page.not_in(ON_OTHER_PAGES))
        .where(~_IN_A_FORM)
        .order_by(Unsent.at, Unsent.id, StoredFile.id)
    )


def unsent_handovers(actor: Actor, case_ids: Sequence[int]) -> dict[tuple[int, str], str]:
    """What this person has written for whoever takes these cases over: by the case and which of the two it is."""
    theirs = (Unsent.case_id.in_(case_ids), own(actor), Unsent.page.in_(ON_OTHER_PAGES))
    rows = db.session.execute(select(Unsent.case_id, Unsent.page, Unsent.body).where(*theirs))
    return {(row.case_id, row.page): row.body for row in rows}


@dataclass(frozen=True)
class UnsentForm:
    """What was typed into a longer form and not sent, field by field; when it was kept last, and its version."""

    typed: Sequence[tuple[str, str]]
    at: datetime
    version: str

    @property
    def undone(self) -> str:
        """The public id of the event whose words these are; empty for what was typed and never sent."""
        return dict(self.typed).get(UNDONE, "")


def unsent_form_for(actor: Actor, case_id: int, which: str) -> UnsentForm | None:
    """What this person typed into one of the `FORMS` of a case, in the window in which they typed last; what they typed in
    another one comes after that was sent. One statement."""
    mine = (Unsent.case_id == case_id, own(actor), Unsent.entry_id.is_(None), Unsent.page.startswith(which))
    newest = select(Unsent.body, Unsent.at, Unsent.version).where(*mine).order_by(Unsent.at.desc(), Unsent.id.desc())
    row = db.session.execute(newest.limit(1)).first()
    return UnsentForm(unpacked(row.body), row.at, row.version) if row else None


@dataclass(frozen=True)
class Left:
    """What somebody typed on a case and can send no more: on which one, field by field, and when it was kept last."""

    case_id: int
    number: str
    typed: Sequence[tuple[str, str]]
    at: datetime

    @property
    def undone(self) -> str:
        """As of an `UnsentForm`."""
        return dict(self.typed).get(UNDONE, "")


def typed_into(actor: Actor, case_id: int, *forms: str) -> list[Left]:
    """What this person typed into these of the `FORMS` of a case, window by window; one statement."""
    return _left(own(actor), Unsent.case_id == case_id, or_(*(Unsent.page.startswith(which) for which in forms)))


def out_of_reach(actor: Actor, number: str = "") -> list[Left]:
    """What this person typed on cases, or on this one, that they may not open now; and for a handover, where they hand nothing
    over now. One statement."""
    is_handover = Unsent.page == HANDOVER if actor.role is not Role.WORKFLOW_LEAD else false()
    of_case = Case.number == number if number else true()
    return _left(own(actor), or_(~policy.visible(actor), is_handover), of_case)


def _left(*which: ColumnElement[bool]) -> list[Left]:
    text = (Unsent.page.not_in((FILES, HANDOVER_TO)), Unsent.body != "")
    statement = select(Unsent.case_id, Case.number, Unsent.page, Unsent.body, Unsent.at).join(Case)
    rows = db.session.execute(statement.where(*text, *which).order_by(Unsent.at, Unsent.id))
    return [Left(row.case_id, row.number, _fields(row), row.at) for row in rows if row.body.strip()]


def _fields(row: AnyRow) -> list[tuple[str, str]]:
    return unpacked(row.body) if row.page.startswith(FORMS) else [("body", row.body)]


@dataclass(frozen=True)
class NoteFile:
    """What may be a file of the note that this person is writing, and the case."""

    head: CaseHead
    public_id: str


def note_file_for(actor: Actor, number: str, file: str) -> NoteFile | None:
    """A file to be taken off a note by whoever is writing it. It may be gone by now: that is for the note's page to say,
    which keeps what is typed."""
    head = case_for(actor, number)
    return NoteFile(head, file) if head else None
