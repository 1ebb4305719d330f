"""Catchments with their uneven loads, the services that cover them, and their schools."""

from dataclasses import dataclass

from app.people.models import Kind
from demo.country.chances import chance
from demo.country.scale import Scale
from demo.country.words import FIRST, REGIONS, SECOND, SMALL_REGIONS

TOWNS = 10
"""At most, in one catchment."""
EACH = 4
"""Schools of a town, until there are so many towns."""
SERVICE_NAMES = ("{} Attendance Service", "{} Attendance Trust", "{} Attendance Partnership")
IN_SCHOOL, IN_SCHOOL_EVERY = "In-school provision at {} College", 11
PRIMARY, SECONDARY, AREA = range(1, 9), range(9, 14), range(1, 14)
SCHOOL_NAMES = (
    *(("School", PRIMARY), ("College", SECONDARY), ("Primary School", PRIMARY), ("High School", SECONDARY)),
    *(("Area School", AREA), ("Hill School", PRIMARY), ("North School", PRIMARY), ("South School", PRIMARY)),
    *(("Grammar", SECONDARY), ("East School", PRIMARY), ("West School", PRIMARY), ("Riverside School", PRIMARY)),
)
LEVELS_LOAD = {PRIMARY: 1.0, SECONDARY: 3.0, AREA: 2.0}
"""How much more often a school of these year levels asks for support, for each student of its roll."""


@dataclass(frozen=True)
class Organisation:
    """A row of its table."""

    id: int
    kind: Kind
    number: str
    name: str

    @property
    def phone(self) -> str:
        """Nobody has it."""
        return f"04 555 01{self.id % 100:02}"

    @property
    def host(self) -> str:
        """Of its people's e-mail addresses."""
        return f"{self.kind}-{self.number.lower()}.example"


@dataclass(frozen=True)
class Catchment:
    """`load` is its part of the country's cases; without a service they wait in triage."""

    id: int
    name: str
    region: str
    load: float
    service: Organisation | None


@dataclass(frozen=True)
class School:
    """`load` is its part of the country's cases."""

    organisation: Organisation
    catchment: Catchment
    levels: range
    load: float

    @property
    def id(self) -> int:
        return self.organisation.id


@dataclass(frozen=True)
class Places:
    """All of them, each in the order of its ids."""

    services: list[Organisation]
    catchments: list[Catchment]
    schools: list[School]
    ministry: Organisation

    @property
    def organisations(self) -> list[Organisation]:
        return [*self.services, *(school.organisation for school in self.schools), self.ministry]


def places(seed: int, scale: Scale) -> Places:
    """The whole map."""
    loads = _loads(scale.catchments)
    unserved = set(range(scale.catchments * 5 // 7, scale.catchments * 5 // 7 + scale.unserved))
    served = [number for number in range(scale.catchments) if number not in unserved]
    services = [_service(number, town(served[number])) for number in range(scale.services)]
    of_service = {number: services[_covers(place, scale.services)] for place, number in enumerate(served)}
    catchments = [
        Catchment(number + 1, town(number), _region(number, scale.catchments), load, of_service.get(number))
        for number, load in enumerate(loads)
    ]
    schools = _schools(seed, scale, catchments)
    ministry = Organisation(
        len(services) + len(schools) + 1, Kind.MINISTRY, "M01", "Ministry team of the invented country"
    )
    return Places(services, catchments, schools, ministry)


def town(number: int) -> str:
    """No two of the first 840 are called the same."""
    return f"{FIRST[number % len(FIRST)]} {SECOND[(number // len(FIRST) + number) % len(SECOND)]}"


def _loads(catchments: int) -> list[float]:
    """From the largest down, together 1; of some there is next to nothing."""
    raw = [(number + 6) ** -0.8 * (0.02 if number % 12 == 11 else 1) for number in range(catchments)]
    return [each / sum(raw) for each in raw]


def _region(number: int, catchments: int) -> str:
    """The last ones are of the small regions, one each."""
    from_end = catchments - 1 - number
    return (
        SMALL_REGIONS[from_end]
        if from_end < min(len(SMALL_REGIONS), catchments // 2)
        else REGIONS[number % len(REGIONS)]
    )


def _covers(place: int, services: int) -> int:
    """Each service covers one catchment; of those left the largest service takes two, and others one."""
    left = place - services
    return place if left < 0 else (0, 0, *range(5, 5 + services, 9))[left] % services


def _service(number: int, name: str) -> Organisation:
    is_in_school = number % IN_SCHOOL_EVERY == IN_SCHOOL_EVERY - 1
    words = IN_SCHOOL if is_in_school else SERVICE_NAMES[number % len(SERVICE_NAMES)]
    return Organisation(number + 1, Kind.SERVICE, f"S{number + 101}", words.format(name))


def _schools(seed: int, scale: Scale, catchments: list[Catchment]) -> list[School]:
    schools: list[School] = []
    for catchment, count in zip(catchments, _shares(catchments, scale.schools), strict=True):
        drawn = chance(seed, "schools", catchment.id)
        towns = max(1, min(TOWNS, count // EACH))
        sizes = []
        for number in range(count):
            _, levels = SCHOOL_NAMES[number // towns % len(SCHOOL_NAMES)]
            sizes.append(drawn.lognormvariate(0, 0.8) * len(levels) * LEVELS_LOAD[levels])
        for number, size in enumerate(sizes):
            kind, levels = SCHOOL_NAMES[number // towns % len(SCHOOL_NAMES)]
            name = f"{town(catchment.id - 1 + number % towns * scale.catchments)} {kind}"
            serial = len(schools) + 1
            organisation = Organisation(scale.services + serial, Kind.SCHOOL, str(90_000 + serial), name)
            schools.append(School(organisation, catchment, levels, catchment.load * size / sum(sizes)))
    return schools


def _shares(catchments: list[Catchment], schools: int) -> list[int]:
    """More schools where there is more to do, though not in proportion; one at least, so many together."""
    wishes = [catchment.load**0.6 for catchment in catchments]
    shares = [max(1, int(schools * wish / sum(wishes))) for wish in wishes]
    for number in range(schools - sum(shares)):
        shares[number % len(shares)] += 1
    return shares
