"""Who is heard on a case, and what they write."""

from dataclasses import dataclass
from datetime import datetime
from random import Random

from app.cases.entries import Audience
from app.core import clock
from app.core.text import nfc
from app.people.models import Role
from demo.country.chances import Urn
from demo.country.places import School
from demo.country.plans import Wrote
from demo.country.pupils import has_moved
from demo.country.staff import Member
from demo.country.students import Pupil
from demo.country.words import MORE_COMMENTS
from demo.invented_words import COMMENTS

SCHOOL, MANAGER, LEAD = "school", "case_manager", "workflow_lead"
AUDIENCES = {
    SCHOOL: Urn([(Audience.SHARED, 1)]),
    MANAGER: Urn([(Audience.SHARED, 0.6), (Audience.SERVICE, 0.33), (Audience.RESTRICTED, 0.07)]),
    LEAD: Urn([(Audience.SHARED, 0.2), (Audience.SERVICE, 0.6), (Audience.RESTRICTED, 0.2)]),
}
WAITING, WORKED = (SCHOOL, SCHOOL, SCHOOL, LEAD), (MANAGER, MANAGER, MANAGER, SCHOOL, SCHOOL, LEAD)
"""Who writes while nobody has the case, and afterwards; how often."""
SAYS: dict[str, tuple[tuple[str, str], ...]] = {
    voice: (
        *((comment.text, comment.audience) for comment in COMMENTS if comment.voice == voice),
        *((text, "") for text in MORE_COMMENTS[voice]),
    )
    for voice in (SCHOOL, MANAGER, LEAD)
}
"""Each text, and for whom it is where it is not for any audience."""


@dataclass(frozen=True)
class Cast:
    """Whom a case concerns; without a service there are no managers, and the lead is an investigator, who writes nothing."""

    sender: Member
    contact: Member
    lead: Member
    managers: list[Member]

    @property
    def at_school(self) -> list[Member]:
        """Who writes there; primary contacts see their own cases only."""
        sender = self.contact if self.sender.role is Role.PRIMARY_CONTACT else self.sender
        return [self.contact, self.contact, sender]


class Voices:
    """Of one case."""

    def __init__(self, drawn: Random, student: Pupil, school: School, cast: Cast) -> None:
        self._drawn, self._student, self._school, self._cast = drawn, student, school, cast
        self._name = student.invented.given_name

    def comment(self, at: datetime, manager: Member | None) -> Wrote:
        """Somebody's; a school that the student has left writes nothing any more."""
        drawn = self._drawn
        voice = self._voice(at, manager)
        text, audience = drawn.choice(SAYS[voice])
        readers = Audience(audience) if audience else AUDIENCES[voice].draw(drawn)
        return Wrote(at, self._by(voice, manager), nfc(text.format(name=self._name)), readers)

    def _voice(self, at: datetime, manager: Member | None) -> str:
        if not self._cast.managers:
            return SCHOOL
        if manager is None:
            return self._drawn.choice(WAITING)
        voice = self._drawn.choice(WORKED)
        return MANAGER if voice == SCHOOL and has_moved(self._student, self._school, clock.nz(at).date()) else voice

    def _by(self, voice: str, manager: Member | None) -> Member:
        if voice == SCHOOL:
            return self._drawn.choice(self._cast.at_school)
        return manager if voice == MANAGER and manager else self._cast.lead
