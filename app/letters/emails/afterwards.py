"""What comes of a letter that left by e-mail: in whose name it is said, of what, and that an answer is hoped for (LET-7)."""

import logging
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import select

from app.cases.models import Case, Status
from app.cases.queries import CaseHead
from app.core import clock
from app.core.db import db
from app.letters.answers import hope_for_answer, hoped_by
from app.letters.emails.models import LetterMail
from app.letters.models import Letter
from app.people.models import RoleHeld


class Asker(NamedTuple):
    """Who sent it, in the role they hold there now."""

    person_id: int
    organisation_id: int
    role: str = ""


class NoCase(NamedTuple):
    """What a school's letter is about: a student who has no case of its own."""

    student_id: int
    id: int | None = None


def besides(mail: LetterMail, then: Callable[[], object]) -> None:
    """What comes of it; where that fails the letter left all the same, and what it was stands in the row of its mail, for its
    page and for the doctor."""
    db.session.flush()
    try:
        with db.session.begin_nested():
            then()
    except Exception as error:
        logging.getLogger(__name__).exception("a letter left, and not all that follows was noted")
        mail.last_error = type(error).__name__


def hope(letter: Letter, by: Any) -> None:
    """Where its case is still open, and with the service that wrote it."""
    head: Any = head_of(letter)
    if head.status is not Status.CLOSED and head.service_id == letter.organisation_id:
        hope_for_answer(head, letter, hoped_by(head, clock.today()), is_first=True, by=by)


def about_of(letter: Letter) -> Any:
    if letter.case_id:
        return db.session.get_one(Case, letter.case_id)
    return NoCase(letter.student_id or 0)


def head_of(letter: Letter) -> CaseHead:
    """As much of it as a task needs."""
    columns = (Case.id.label("case_id"), Case.service_id, Case.status, Case.region)
    return CaseHead(db.session.execute(select(*columns).where(Case.id == letter.case_id)).one())


def by_of(mail: LetterMail, letter: Letter) -> Asker:
    here = (RoleHeld.person_id == mail.asked_by_id, RoleHeld.organisation_id == letter.organisation_id)
    role = db.session.scalar(select(RoleHeld.role).where(*here).order_by(RoleHeld.ended_at.is_not(None), RoleHeld.id))
    return Asker(mail.asked_by_id, letter.organisation_id, role or "")
