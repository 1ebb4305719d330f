"""The texts of an organisation: which are in use, and all versions of one (LET-9)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import aliased

from app.core import clock
from app.core.db import AnyRow, AnySelect, db
from app.letters.fields import WordingRefused
from app.letters.ladders import Step, has_ours
from app.letters.languages import ENGLISH, names
from app.letters.purposes import Purpose
from app.letters.versions.queries import step_here
from app.letters.wording import Wording, ours
from app.letters.wordings.models import LetterText
from app.letters.wordings.policy import PURPOSES_OF
from app.letters.wordings.rules import OwnTexts, digest_of, packed
from app.people.models import Organisation, Person
from app.people.queries import Actor

IN_USE = (LetterText.used_at.is_not(None), LetterText.ended_at.is_(None))
NOTHING: Mapping[str, Any] = {"title": "", "heading": "", "blocks": []}
KINDS = {"formal": (True,), "other": (False,)}
BETWEEN, DIGITS = "-", 2
Maker, User, Ender = (aliased(Person) for _ in range(3))


@dataclass(frozen=True)
class TextHere:
    """One text of the actor's organisation, with all of its versions, newest first; and the text that is written with where
    there is none of its own in use."""

    step: Step
    language: str
    versions: Sequence[AnyRow]
    english: str
    """Its own in English that is in use, as JSON; empty where there is none."""
    at: str
    """Its letter in addresses: “3” is as the ladder of today has it, “3-formal” and “3-other” say which kind."""

    @property
    def purpose(self) -> Purpose:
        return self.step.purpose

    @property
    def in_use(self) -> AnyRow | None:
        return next((each for each in self.versions if each.used_at and not each.ended_at), None)

    @property
    def draft(self) -> AnyRow | None:
        """The newest version, where it was never in use."""
        newest = self.versions[0] if self.versions else None
        return newest if newest and not newest.used_at else None

    @cached_property
    def ours(self) -> Mapping[str, Any]:
        """What stands there of ours: nothing in another language, where a translation begins from the English text."""
        if self.language != ENGLISH and self.english:
            return dict(json.loads(self.english))
        try:
            return ours(self.purpose, self.step.number) if has_ours(self.step, clock.today()) else NOTHING
        except WordingRefused:
            return NOTHING

    @property
    def now(self) -> Mapping[str, Any]:
        """What letters are written with."""
        return content_of(self.in_use) if self.in_use else self.ours

    @property
    def newest(self) -> Mapping[str, Any]:
        """What an editor begins with."""
        return content_of(self.draft) if self.draft else self.now

    @property
    def mark(self) -> str:
        """Of the newest state, so that of two who write at once the second is told; and of whether it is a formal warning."""
        return digest_of(f"{self.step.is_formal} {packed(self.newest)}")

    def version(self, public_id: str) -> AnyRow | None:
        return next((each for each in self.versions if each.public_id == public_id), None)


@dataclass(frozen=True)
class VersionHere:
    text: TextHere
    row: AnyRow


def own_texts(organisation_id: int | None, purpose: Purpose) -> OwnTexts:
    """All that letters of one organisation for a purpose are written with; one statement."""
    which = (LetterText.step, LetterText.is_formal, LetterText.language)
    mine = (LetterText.organisation_id == organisation_id, LetterText.purpose == purpose, *IN_USE)
    rows = db.session.execute(select(*which, LetterText.content).where(*mine))
    return OwnTexts({(purpose, row.step, row.is_formal, row.language): row.content for row in rows})


def wording_of(organisation_id: int, step: Step, languages: str, day: date) -> Wording:
    """With which text a letter is written on a day: the organisation's own that is in use, else ours. Raises
    `WordingRefused`."""
    return own_texts(organisation_id, step.purpose).wording(step, languages, day)


def changed_since(organisation_id: int | None, purpose: Purpose, since: datetime) -> set[tuple[int, str]]:
    """Step and language of each text, of no formal warning, that was put to use or out of use since then; one statement."""
    mine = (LetterText.organisation_id == organisation_id, LetterText.purpose == purpose, ~LetterText.is_formal)
    later = or_(LetterText.used_at > since, LetterText.ended_at > since)
    rows = db.session.execute(select(LetterText.step, LetterText.language).where(*mine, later))
    return {(row.step, row.language) for row in rows}


def texts_for(actor: Actor) -> Sequence[AnyRow]:
    """Every version of every text of the actor's organisation, without what they say, newest first."""
    return db.session.execute(_versions(actor)).all()


def text_for(actor: Actor, purpose: str, step: int | str, language: str) -> TextHere | None:
    """One text of the actor's organisation; None where it writes no such letters, or the language is not on the list.
    `step`: as `TextHere.at` has it."""
    found = _step_at(actor, purpose, str(step))
    if found is None or language not in names():
        return None
    which = (
        LetterText.organisation_id == actor.organisation_id,
        LetterText.purpose == purpose,
        LetterText.step == found.number,
        LetterText.is_formal == found.is_formal,
        LetterText.language.in_((language, ENGLISH)),
    )
    rows = db.session.execute(_versions(actor, *which).add_columns(LetterText.content, LetterText.digest)).all()
    english = next((row.content for row in rows if row.language == ENGLISH and row.used_at and not row.ended_at), "")
    return TextHere(found, language, [row for row in rows if row.language == language], english, str(step))


def _step_at(actor: Actor, purpose: str, at: str) -> Step | None:
    number, between, kind = at.partition(BETWEEN)
    is_number = number.isdecimal() and len(number) <= DIGITS
    if not is_number or bool(between) != (kind in KINDS) or purpose not in PURPOSES_OF.get(actor.organisation_kind, ()):
        return None
    return step_here(actor.organisation_id, Purpose(purpose), int(number), KINDS.get(kind, (True, False)))


def version_for(actor: Actor, purpose: str, step: int | str, language: str, public_id: str) -> VersionHere | None:
    """One version of it."""
    text = text_for(actor, purpose, step, language)
    row = text.version(public_id) if text else None
    return VersionHere(text, row) if text and row else None


def text_to_change(actor: Actor, here: TextHere) -> TextHere:
    """As it stands now; nobody else at the organisation changes a text until the end of the transaction."""
    mine = select(Organisation.id).where(Organisation.id == actor.organisation_id)
    db.session.execute(mine.with_for_update(key_share=True))
    found = text_for(actor, here.purpose, here.at, here.language)
    return found or here


def content_of(row: AnyRow) -> Mapping[str, Any]:
    return dict(json.loads(row.content))


def _versions(actor: Actor, *which: Any) -> AnySelect:
    return (
        select(
            *(LetterText.id, LetterText.public_id, LetterText.purpose, LetterText.step, LetterText.language),
            *(
                LetterText.is_formal,
                LetterText.number,
                LetterText.why,
                LetterText.made_at,
                LetterText.used_at,
                LetterText.ended_at,
            ),
            Maker.name.label("made_by"),
            User.name.label("used_by"),
            Ender.name.label("ended_by"),
        )
        .join(Maker, Maker.id == LetterText.made_by_id)
        .outerjoin(User, User.id == LetterText.used_by_id)
        .outerjoin(Ender, Ender.id == LetterText.ended_by_id)
        .where(LetterText.organisation_id == actor.organisation_id, *which)
        .order_by(LetterText.number.desc())
    )
