"""Where a letter would go by e-mail, from whom, and what became of the last mail with it."""

from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.cases.models import Case
from app.core import clock
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.emails.models import LetterMail
from app.letters.emails.rules import ByEmail
from app.letters.holds import LetterHold
from app.letters.models import Letter, Letterhead
from app.letters.purposes import Purpose
from app.letters.school.dossiers import ONLY_STEPS
from app.people.models import Organisation
from app.students.caregivers.queries import until_others_changed
from app.students.models import Caregiver, FormerCaregiver
from app.students.queries import is_enrolled


def by_email(letter: Letter) -> ByEmail:
    """Could this letter leave by e-mail now, and what became of its mail?"""
    return ByEmail(letter, way_of(letter.id))


def way_of(letter_id: int) -> AnyRow:
    """Its caregiver, of a school's letter also as that school had them until others changed it; its case, its letterhead, what
    holds it, its file (none of a preview that is not set), and the last mail with it; one statement."""
    statement = (
        select(
            *(Caregiver, FormerCaregiver),
            LetterMail,
            LetterHold,
            StoredFile,
            *(Organisation.name, Case.service_id, Case.status.label("case_status")),
            *(Letterhead.phone, Letterhead.email.label("sender")),
            is_enrolled(Letter.organisation_id.expression, Letter.student_id).label("is_on_roll"),
        )
        .select_from(Letter)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Organisation, Organisation.id == Letter.organisation_id)
        .outerjoin(FormerCaregiver, and_(Letter.student_id.is_not(None), until_others_changed(Letter.organisation_id)))
        .outerjoin(Case, Case.id == Letter.case_id)
        .outerjoin(StoredFile, StoredFile.id == Letter.file_id)
        .outerjoin(Letterhead, Letterhead.organisation_id == Letter.organisation_id)
        .outerjoin(LetterMail, LetterMail.id == _last_mail())
        .outerjoin(LetterHold, LetterHold.id == _hold())
        .where(Letter.id == letter_id)
    )
    return db.session.execute(statement.execution_options(populate_existing=True)).one()


def is_leaving(letter_id: int) -> bool:
    """Is it on its way, and has the mail server not put it off? One statement."""
    mine = (LetterMail.letter_id == letter_id, LetterMail.next_try_at.is_not(None), LetterMail.last_error == "")
    return db.session.scalar(select(LetterMail.id).where(*mine)) is not None


def _last_mail() -> Any:
    each = aliased(LetterMail)
    last = select(func.max(each.id)).where(each.letter_id == Letter.id)
    return last.correlate(Letter).scalar_subquery()


def _hold() -> Any:
    """One that holds today, if any does (LET-4)."""
    each = aliased(LetterHold)
    hold = select(func.max(each.id)).where(
        or_(and_(each.case_id == Letter.case_id, each.purpose == Letter.purpose), _of_school(each)),
        or_(each.caregiver_id.is_(None), each.caregiver_id == Letter.caregiver_id),
        each.until_on >= clock.today(),
        each.ended_at.is_(None),
    )
    return hold.correlate(Letter).scalar_subquery()


def _of_school(hold: Any) -> Any:
    """A school's holds are for all of its letters, but for reasons that hold only those on days absent."""
    ours = and_(hold.student_id == Letter.student_id, hold.organisation_id == Letter.organisation_id)
    return and_(ours, or_(Letter.purpose == Purpose.SCHOOL, hold.reason.not_in(ONLY_STEPS)))


def open_mail_to_change(letter_id: int) -> LetterMail | None:
    """The mail with this letter that has not ended yet, locked until the end of the transaction."""
    mine = (LetterMail.letter_id == letter_id, LetterMail.sent_at.is_(None), LetterMail.fault == "")
    statement = select(LetterMail).where(*mine).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))
