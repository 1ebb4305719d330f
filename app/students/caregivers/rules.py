"""How somebody is reached, what is known of it, and whether a whānau can be reached at all (CASE-14), without asking the
database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from app.core.versions import version_of
from app.students.models import Tried
from app.students.rules import DETAILS

LABELS = {"address": "Address", "phone": "Phone", "email": "E-mail"}


@dataclass(frozen=True)
class Reach:
    """The caregivers who are named, the student's home, and whether they could be reached as far as was written down."""

    caregivers: Sequence[Any]
    home: str
    was_reachable: bool


@dataclass(frozen=True)
class Detail:
    """An address, a phone or an e-mail: what it is, how far it is known to reach them, since when it is recorded, and what
    stood there before, newest first, with the day until when."""

    name: str
    text: str
    state: Tried
    source: str
    checked_on: date | None
    added_at: datetime
    earlier: Sequence[tuple[str, datetime]]
    mark: str

    @property
    def label(self) -> str:
        return LABELS[self.name]


def is_reachable(known: Reach) -> bool:
    """Any detail of somebody who may be contacted is current or not tried."""
    may = (each for each in known.caregivers if each.may_be_contacted is not False)
    return any(_is_tried_with_success(each, known.home) for each in may)


def details_of(caregiver: Any, former: Sequence[Any]) -> list[Detail]:
    """Of a caregiver, and of what was recorded of them before, oldest first."""
    return [_detail(name, caregiver, former) for name in DETAILS]


def mark_of(caregiver: Any, detail: str) -> str:
    """For the form of a button: which address or number it is about."""
    return version_of({"detail": getattr(caregiver, detail)})


def _is_tried_with_success(caregiver: Any, home: str) -> bool:
    """Where they live with the student, the student's home is their address."""
    at_home = home if caregiver.lives_with_student else ""
    known = {"address": caregiver.address or at_home, "phone": caregiver.phone, "email": caregiver.email}
    return any(text and getattr(caregiver, f"{name}_state") is not Tried.NOT_CURRENT for name, text in known.items())


def _detail(name: str, caregiver: Any, former: Sequence[Any]) -> Detail:
    text, said = getattr(caregiver, name), [(getattr(row, name), row.until) for row in former]
    added_at = next((until for was, until in reversed(said) if was != text), caregiver.added_at)
    state, source, on = (getattr(caregiver, f"{name}_{of_it}") for of_it in ("state", "source", "checked_on"))
    return Detail(name, text, state, source, on, added_at, _earlier(text, said), mark_of(caregiver, name))


def _earlier(text: str, said: Sequence[tuple[str, datetime]]) -> list[tuple[str, datetime]]:
    """Newest first: each other text with the day until when it stood there last."""
    found: dict[str, datetime] = {was: until for was, until in said if was and was != text}
    return sorted(found.items(), key=lambda each: each[1], reverse=True)
