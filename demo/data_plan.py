"""Which cases there are: how many in which status, where, with whom, and how long ago they began."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from app.cases.models import Status
from demo.data_rolls import OnRoll
from demo.invented import request_for

FREE = ("Whānau Te Rangi-Smith", "Mei Ng", "Jin Wu")
"""Those whom a visitor may ask support for: they have neither a case nor a draft."""
ANA, DAVID, LUPE, ANAHERA = "Ana Tuhoro", "David Chen", "Lupe Vainikolo", "Anahera Pōhatu"
Managers = tuple[str, ...]
TE_AWA: Managers = (ANA, DAVID)
MAUNGA: Managers = (LUPE,)
IN_SCHOOL: Managers = (ANAHERA,)


@dataclass(frozen=True)
class Group:
    """So many cases of one school; `about` is what their requests hold besides (urgent, safety), empty for
    neither and None for whatever comes."""

    status: Status
    school: str
    size: int
    managers: Managers
    days_ago: tuple[int, int]
    about: str | None = None
    is_in_school: bool = False
    """The school asked its own provision."""
    is_referred: bool = False
    """Which referred the case to the provider in the end."""


@dataclass(frozen=True)
class Planned:
    """One case to be told."""

    student: OnRoll
    group: Group
    manager: str
    days_ago: tuple[int, int]
    """When it began, and when something last happened."""


GROUPS = (
    Group(Status.QUEUE, "9001", 1, TE_AWA, (1, 3), about="urgent"),
    Group(Status.QUEUE, "9001", 1, TE_AWA, (2, 5), about="safety"),
    Group(Status.QUEUE, "9002", 1, TE_AWA, (4, 9), about="safety"),
    Group(Status.QUEUE, "9001", 2, TE_AWA, (1, 10), about=""),
    Group(Status.QUEUE, "9003", 3, MAUNGA, (1, 11), about=""),
    Group(Status.OPEN, "9001", 12, TE_AWA, (4, 62)),
    Group(Status.OPEN, "9002", 5, TE_AWA, (6, 50)),
    Group(Status.OPEN, "9003", 5, MAUNGA, (5, 55)),
    Group(Status.TRANSITION, "9001", 3, TE_AWA, (35, 66)),
    Group(Status.TRANSITION, "9002", 2, TE_AWA, (32, 60)),
    Group(Status.TRANSITION, "9003", 1, MAUNGA, (40, 60)),
    Group(Status.CLOSED, "9001", 7, TE_AWA, (42, 70)),
    Group(Status.CLOSED, "9002", 4, TE_AWA, (40, 70)),
    Group(Status.CLOSED, "9003", 3, MAUNGA, (44, 70)),
)
OF_PROVISION = (
    Group(Status.OPEN, "9003", 1, IN_SCHOOL, (25, 40), is_in_school=True),
    Group(Status.OPEN, "9003", 1, IN_SCHOOL, (40, 55), is_in_school=True, is_referred=True),
)


def planned(chance: Random, pools: dict[str, list[OnRoll]], groups: Sequence[Group] = GROUPS) -> Iterator[Planned]:
    """Every case; takes its student out of the pool of its school."""
    turns = {group.managers: cycle(group.managers) for group in groups}
    for group in groups:
        for _ in range(group.size):
            student = next(found for found in pools[group.school] if group.about in {None, _about(found)})
            pools[group.school].remove(student)
            began = chance.randint(*group.days_ago)
            ended = chance.randint(1, began // 2) if group.status is Status.CLOSED else 1
            yield Planned(student, group, next(turns[group.managers]), (began, ended))


def pools_of(chance: Random, rolls: dict[str, list[OnRoll]]) -> dict[str, list[OnRoll]]:
    """The students of each school who may get a case, in no order."""
    pools = {number: [each for each in roll if each.invented.legal_name not in FREE] for number, roll in rolls.items()}
    for pool in pools.values():
        chance.shuffle(pool)
    return pools


def _about(student: OnRoll) -> str:
    request = request_for(student.invented)
    return "urgent" if request.urgent_why else "safety" if request.safety_fact else ""
