"""Who works at schools and services, and for the Ministry. Everybody works in one role; some may give roles besides."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import count, cycle, islice
from typing import Any

from app.core.text import nfc, words
from app.people.models import Role
from demo.country.chances import Names, chance
from demo.country.places import Organisation, Places
from demo.country.scale import Scale
from demo.country.students import called

AUTHORISER = Role.DELEGATED_AUTHORISER
AT_EACH_SCHOOL = ((Role.ATTENDANCE_LEAD, AUTHORISER), (Role.PRIMARY_CONTACT,))
MORE_AT_SCHOOLS = ((Role.OFFICE_SUPPORT,), (Role.PRIMARY_CONTACT,), (Role.ATTENDANCE_LEAD,))
MINISTRY = (Role.REGIONAL_ADVISER, Role.REGIONAL_ADVISER, Role.NATIONAL_ANALYST, Role.PROSECUTIONS_OFFICER)
Roles = tuple[Role, ...]


@dataclass(frozen=True)
class Member:
    """One of the staff; `roles` begins with the one they work in."""

    id: int
    public_id: str
    name: str
    organisation: Organisation
    roles: Roles

    @cached_property
    def role(self) -> Role:
        return self.roles[0]

    @cached_property
    def who(self) -> dict[str, Any]:
        """As what they do, and what they are told, names them."""
        return {"person_id": self.id, "role": self.role.value, "organisation_id": self.organisation_id}

    @cached_property
    def organisation_id(self) -> int:
        return self.organisation.id

    @property
    def email(self) -> str:
        return f"{'.'.join(words(self.name))}.{self.id}@{self.organisation.host}"

    @property
    def phone(self) -> str:
        """Nobody has it."""
        return f"027 555 01{self.id % 100:02}"


class Staff:
    """Everybody, in the order of their ids; and who has which role where."""

    def __init__(self, members: list[Member]) -> None:
        self.members = members
        self._by_place: dict[tuple[int, Role], list[Member]] = defaultdict(list)
        for member in members:
            self._by_place[member.organisation_id, member.role].append(member)

    def with_role(self, organisation_id: int, *roles: Role) -> list[Member]:
        """Of one organisation; those of the first role first."""
        return [member for role in roles for member in self._by_place[organisation_id, role]]


def staff(seed: int, scale: Scale, places: Places) -> Staff:
    """The same people for the same seed."""
    posts = list(_posts(scale, places))
    posts += _more(places, scale.staff - len(posts))
    return Staff([_member(seed, number, *post) for number, post in enumerate(posts, 1)])


def _posts(scale: Scale, places: Places) -> Iterator[tuple[Organisation, Roles]]:
    loads: dict[int, float] = defaultdict(float)
    for catchment in places.catchments:
        if catchment.service:
            loads[catchment.service.id] += catchment.load
    for service in places.services:
        yield service, (Role.WORKFLOW_LEAD, AUTHORISER)
        yield from islice(((service, (Role.WORKFLOW_LEAD,)) for _ in count()), int(loads[service.id] / 0.02))
        managers = max(2, round(loads[service.id] * scale.managers))
        yield from ((service, (Role.CASE_MANAGER,)) for _ in range(managers))
    for role in (*(Role.INVESTIGATOR,) * scale.investigators, *MINISTRY):
        yield places.ministry, (role,)
    for school in places.schools:
        yield from ((school.organisation, roles) for roles in AT_EACH_SCHOOL)


def _more(places: Places, left: int) -> list[tuple[Organisation, Roles]]:
    """The larger a school, the sooner it has more people."""
    ordered = sorted(places.schools, key=lambda school: (-school.load, school.id))
    turns = ((school.organisation, roles) for roles in cycle(MORE_AT_SCHOOLS) for school in ordered)
    return list(islice(turns, max(0, left)))


def _member(seed: int, number: int, organisation: Organisation, roles: Roles) -> Member:
    person = called(chance(seed, "staff", number))
    name = nfc(f"{person.given} {person.family}")
    return Member(number, Names(seed).public_id("person", number), name, organisation, roles)
