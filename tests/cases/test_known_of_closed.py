"""What a change of status knows of days absent ends with the case (CASE-5)."""

import pytest
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.cases.statuses.queries import known_of
from app.cases.statuses.reasons import reasons
from app.core import clock as clocks
from tests import make

pytestmark = pytest.mark.usefixtures("clock")


def test_of_a_closed_case_nothing_is_known_that_came_after_it(clock: Traveller, world: make.World) -> None:
    case, reason = make.open_case(world), reasons()["attending_regularly"]
    state_absences(make.head(world.ana, case), make.absences(clocks.today()), by=world.ana)
    then = known_of(make.head(world.ana, case), reason)
    assert then["attendance"]
    make.closed(case, by=world.ana)
    clock.move_to("2026-05-12T09:00+12:00")
    state_absences(make.head(world.ana, case), make.absences(clocks.today()), by=world.ana)
    assert known_of(make.head(world.ana, case), reason) == then
