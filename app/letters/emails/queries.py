"""Where a letter would go by e-mail, from whom, and what became of the last mail with it."""

from sqlalchemy import and_, func, or_, select

from app.core import clock
from app.core.db import AnyRow, db
from app.core.files.stored import StoredFile
from app.letters.emails.models import LetterMail
from app.letters.emails.rules import ByEmail
from app.letters.holds import LetterHold
from app.letters.models import Letter, Letterhead
from app.people.models import Organisation
from app.students.models import Caregiver


def by_email(letter: Letter) -> ByEmail:
    """Could this letter leave by e-mail now, and what became of its mail?"""
    return ByEmail(letter, way_of(letter.id))


def way_of(letter_id: int) -> AnyRow:
    """Its caregiver, its letterhead, what holds it, its file, and the last mail with it; one statement."""
    of_it = (LetterHold.case_id == Letter.case_id, LetterHold.purpose == Letter.purpose)
    of_school = (LetterHold.student_id == Letter.student_id, LetterHold.purpose == Letter.purpose)
    holds = (
        select(func.max(LetterHold.id))
        .where(
            or_(and_(*of_it), and_(*of_school)),
            or_(LetterHold.caregiver_id.is_(None), LetterHold.caregiver_id == Letter.caregiver_id),
            LetterHold.until_on >= clock.today(),
            LetterHold.ended_at.is_(None),
        )
        .scalar_subquery()
    )
    last = select(func.max(LetterMail.id)).where(LetterMail.letter_id == Letter.id).scalar_subquery()
    statement = (
        select(
            Caregiver,
            LetterMail,
            LetterHold,
            StoredFile,
            Organisation.name,
            Letterhead.phone,
            Letterhead.email.label("sender"),
        )
        .select_from(Letter)
        .join(Caregiver, Caregiver.id == Letter.caregiver_id)
        .join(Organisation, Organisation.id == Letter.organisation_id)
        .join(StoredFile, StoredFile.id == Letter.file_id)
        .outerjoin(Letterhead, Letterhead.organisation_id == Letter.organisation_id)
        .outerjoin(LetterMail, LetterMail.id == last)
        .outerjoin(LetterHold, LetterHold.id == holds)
        .where(Letter.id == letter_id)
    )
    return db.session.execute(statement.execution_options(populate_existing=True)).one()


def open_mail_to_change(letter_id: int) -> LetterMail | None:
    """The mail with this letter that has not ended yet, locked until the end of the transaction."""
    mine = (LetterMail.letter_id == letter_id, LetterMail.sent_at.is_(None), LetterMail.fault == "")
    statement = select(LetterMail).where(*mine).with_for_update()
    return db.session.scalar(statement.execution_options(populate_existing=True))
