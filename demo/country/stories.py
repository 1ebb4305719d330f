"""What happens to a case after its request: who gets it, what is written, what becomes of it."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter
from random import Random

from app.cases.models import Status
from app.core import clock
from app.people.models import Role
from demo.country.afterwards import afterwards
from demo.country.days import AFTERNOON, NOON, moment
from demo.country.fates import Fate
from demo.country.places import School
from demo.country.plans import Became, Given, Step, Wrote
from demo.country.scale import ENTRIES
from demo.country.staff import Member
from demo.country.students import Pupil
from demo.country.voices import Cast, Voices
from demo.country.words import WHY

TO_ANOTHER = 0.08
"""So many cases are given to another case manager later."""
BY_TRANSITION = 0.8
"""So many of those that are closed were in transition before."""


def story(drawn: Random, student: Pupil, school: School, fate: Fate, cast: Cast) -> list[Step]:
    """In the order of time; with the request there are 20 entries."""
    is_given = bool(cast.managers) and fate.status not in {Status.QUEUE, Status.TRIAGE}
    given = [_given(drawn, fate, cast)] if is_given else []
    times = _times(drawn, fate, given, ENTRIES - 1 - len(given))
    turns = _turns(drawn, fate.status, cast, times, is_given=is_given)
    manager = cast.managers[0] if is_given else None
    voices = Voices(drawn, student, school, cast)
    steps: list[Step] = [*given]
    for number, at in enumerate(times):
        steps.append(turns.get(number) or voices.comment(at, manager))
        manager = step.to if isinstance(step := steps[-1], Given) else manager
    after = afterwards(drawn, [step for step in steps if isinstance(step, Wrote)])
    return sorted([*steps, *(step for step in after if _may(step, steps))], key=attrgetter("at"))


def _may(step: Step, steps: Sequence[Step]) -> bool:
    """Whoever had the case before somebody else does nothing more with it."""
    given = [other.to for other in steps if isinstance(other, Given) and other.at < step.at]
    return step.by.role is not Role.CASE_MANAGER or step.by is given[-1]


def _given(drawn: Random, fate: Fate, cast: Cast) -> Given:
    day = fate.calendar.days[min(fate.first + drawn.randint(0, 3), fate.last)]
    return Given(moment(drawn, day, NOON), cast.lead, cast.managers[0])


def _times(drawn: Random, fate: Fate, given: list[Given], size: int) -> list[datetime]:
    """Afternoons from the day on which somebody got the case, else from the request."""
    begin = fate.calendar.at_or_before(clock.nz(given[0].at).date()) if given else fate.first
    days = drawn.choices(fate.calendar.days[begin : fate.last + 1], k=size)
    return sorted(moment(drawn, day, AFTERNOON) for day in days)


def _turns(drawn: Random, status: Status, cast: Cast, times: list[datetime], *, is_given: bool) -> dict[int, Step]:
    """What is not a comment, by its place among the times."""
    last = len(times) - 1
    if not is_given:
        return {last: _became(drawn, times[last], cast.lead, status)} if status is Status.CLOSED else {}
    turns: dict[int, Step] = {}
    manager = cast.managers[0]
    if drawn.random() < TO_ANOTHER:
        place = drawn.randint(4, 8)
        manager = cast.managers[1]
        turns[place] = Given(times[place], cast.lead, manager)
    if status is Status.TRANSITION or (status is Status.CLOSED and drawn.random() < BY_TRANSITION):
        place = drawn.randint(10, last - 2)
        turns[place] = _became(drawn, times[place], manager, Status.TRANSITION)
    if status in {Status.CLOSED, Status.PAUSED}:
        turns[last] = _became(drawn, times[last], cast.lead if status is Status.PAUSED else manager, status)
    return turns


def _became(drawn: Random, at: datetime, by: Member, status: Status) -> Became:
    return Became(at, by, status, drawn.choice(WHY[status.value]))
