"""Where a likely match stands that somebody was told of."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from app.cases.places import places_on_cases
from app.core.told import Place, Row, finds
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.matches.queries import told_of

DECIDED_AT = "/ministry/matches/"


@finds("match.found")
def places_of_matches(reader: Actor, those: Sequence[Row]) -> Mapping[int, Place]:
    """A lead is led to the case. An investigator opens no case: where it is theirs to decide, they are led to what waits."""
    found = places_on_cases(reader, those)
    if reader.role is not Role.INVESTIGATOR:
        return found
    decides = told_of(reader, [row.id for row in those])
    return {key: replace(place, path=DECIDED_AT) if key in decides else place for key, place in found.items()}
