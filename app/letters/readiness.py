"""Is the next letter to a caregiver ready to be written, and what is in its way (L3, LET-4)?"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from app.letters import by_email, points, saying
from app.letters.dossiers import Dossier
from app.letters.facts import Facts
from app.letters.gathering import gathered
from app.letters.grounds import of_grounds, of_spoken
from app.letters.ladders import Position, position
from app.letters.points import Point


@dataclass(frozen=True)
class Readiness:
    """All points, the facts as far as they are known, and the step that would be written."""

    points: tuple[Point, ...]
    facts: Facts
    position: Position
    languages: str
    """In which it would be written (`Letter.languages`)."""

    @property
    def is_ready(self) -> bool:
        return self.position.is_open and not any(point.stops and not point.is_met for point in self.points)


def stands_at(dossier: Dossier, today: date) -> Position:
    """Where a caregiver stands on the ladder of the case."""
    region, excepted = dossier.case.region, dossier.excepted
    return position(dossier.steps, dossier.in_force, region=region, today=today, excepted=excepted)


def readiness(dossier: Dossier, today: date, wanted: str = "") -> Readiness:
    """LET-4, for the next letter of the ladder to this caregiver, in the languages that somebody chose (`Letter.languages`)."""
    stands = stands_at(dossier, today)
    languages = saying.languages_for(dossier, stands.step, wanted)
    known = gathered(dossier, today)
    found = (
        points.of_ladder(stands),
        points.of_status(dossier),
        *points.of_caregiver(dossier),
        points.of_address(dossier, known),
        *_of_email(dossier, stands),
        saying.of_language(dossier, languages),
        *of_grounds(dossier, today),
        *of_spoken(dossier),
        *points.of_desk(dossier),
        *points.of_holds(dossier),
        *points.of_missing(known),
        *points.of_characters(known),
        *saying.of_wording(dossier.texts, stands, languages, today),
    )
    return Readiness(found, known, stands, languages)


def _of_email(dossier: Dossier, stands: Position) -> Iterator[Point]:
    """LET-7: for whoever chose letters by e-mail."""
    if stands.step is None:
        return
    bounced = by_email.has_bounced(dossier.in_force)
    is_formal, sender = stands.step.is_formal, dossier.desk.email
    yield from by_email.of_email(dossier.caregiver, is_formal=is_formal, sender=sender, bounced=bounced)
