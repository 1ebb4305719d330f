"""The texts of an organisation that are in use (LET-9)."""

from datetime import date

from sqlalchemy import select

from app.core.db import db
from app.letters.purposes import Purpose
from app.letters.wording import Wording
from app.letters.wordings.models import LetterText
from app.letters.wordings.rules import OwnTexts

IN_USE = (LetterText.used_at.is_not(None), LetterText.ended_at.is_(None))


def own_texts(organisation_id: int | None, purpose: Purpose) -> OwnTexts:
    """All that letters of one organisation for a purpose are written with; one statement."""
    statement = select(LetterText.step, LetterText.language, LetterText.content).where(
        LetterText.organisation_id == organisation_id, LetterText.purpose == purpose, *IN_USE
    )
    return OwnTexts({(purpose, row.step, row.language): row.content for row in db.session.execute(statement)})


def wording_of(organisation_id: int, purpose: Purpose, step: int, languages: str, day: date) -> Wording:
    """With which text a letter is written on a day: the organisation's own that is in use, else ours. Raises
    `WordingRefused`."""
    return own_texts(organisation_id, purpose).wording(purpose, step, languages, day)
