"""What follows from giving and ending a role, without asking the database."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from app.core import clock
from app.people.models import Kind, Role, RoleHeld
from app.people.rules import ROLES_OF

GIVEN, ENDED, HANDED_ON = "role.given", "role.ended", "role.handed_on"
REVIEWED = "role.reviewed"
SEES_NO_CASES = frozenset({Role.DELEGATED_AUTHORISER, Role.OPERATOR, Role.NATIONAL_ANALYST})


def roles_at(kind: Kind) -> tuple[Role, ...]:
    """Those that can be given at an organisation of this kind."""
    return (*ROLES_OF[kind], Role.DELEGATED_AUTHORISER)


def sees_cases(role: Role) -> bool:
    """Whoever gives roles cannot take this one alone, where there is a second who gives them."""
    return role not in SEES_NO_CASES


def due_before(today: date, months: int) -> datetime:
    """Whatever was last looked at before this instant is to be looked at again: on the same day of the month, so many
    months later, from midnight on."""
    return clock.end_of(clock.add_months(today, -months))


@dataclass(frozen=True)
class HandedOn:
    """A role that ended, and who got what its holder still owned."""

    __tablename__: ClassVar[str] = RoleHeld.__tablename__
    id: int
    organisation_id: int
    heirs: frozenset[int]
