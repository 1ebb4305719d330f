"""What may stand in a letterhead, without asking the database."""

from dataclasses import dataclass, fields
from typing import Any

from app.core.reach import fault_of_email, fault_of_phone
from app.letters.characters import lacking, named
from app.letters.letterheads.colours import fault_of_colour
from app.letters.models import Letterhead


@dataclass(frozen=True)
class LetterheadTexts:
    """The texts of a letterhead; the organisation's own name is added to them."""

    name_mi: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    colour: str = ""

    @property
    def texts(self) -> dict[str, str]:
        return {field.name: getattr(self, field.name) for field in fields(self)}


FIELDS = tuple(field.name for field in fields(LetterheadTexts))
LIMITS = {name: Letterhead.__table__.c[name].type.length for name in FIELDS}  # type: ignore[attr-defined]


def texts_of(row: Any) -> LetterheadTexts:
    """Of a letterhead, or of an organisation that has none yet."""
    return LetterheadTexts(**{name: getattr(row, name) or "" for name in FIELDS})


def fault_of(told: LetterheadTexts) -> dict[str, str]:
    """What is wrong with it: field → what to do. Address and phone may be missing; letters wait for them (LET-8)."""
    found = {field: fault for field, text in told.texts.items() if (fault := _fault_of_text(field, text))}
    reach = {
        "phone": fault_of_phone(told.phone),
        "email": fault_of_email(told.email),
        "colour": fault_of_colour(told.colour),
    }
    return found | {field: fault for field, fault in reach.items() if fault}


def _fault_of_text(field: str, text: str) -> str:
    """LET-3: what the fonts cannot print would stop every letter."""
    if len(text) > LIMITS[field]:
        return f"Make this shorter, {LIMITS[field]} characters at most"
    cannot = ", ".join(named(character) for character in lacking(text))
    return f"The letters’ font has no {cannot}: write it with other letters" if cannot else ""
