"""A case that the generator makes is, row by row, the case that the portal's own actions make."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from app.cases.entries import Audience
from app.cases.models import Status
from app.core.db import begin_write, db
from demo.country import plans
from demo.country.country import Country
from demo.country.days import midnight
from demo.country.filling import write
from demo.country.planning import plan
from demo.country.plans import Plan
from tests.demo.compared import everything
from tests.demo.played import play, play_setting, tell_and_read
from tests.demo.small import SMALL

COUNTRY = Country(seed=3, cases=600, today=date(2026, 11, 22), scale=SMALL)
WEEK = timedelta(days=7)
Is = Callable[[Plan], bool]


def steps(plan: Plan, kind: type) -> list:
    return [step for step in plan.steps if isinstance(step, kind)]


def stands(status: Status) -> Is:
    return lambda plan: [status] == [step.status for step in steps(plan, plans.Became)][-1:]


def texts(plan: Plan) -> dict[str, str]:
    return dict(steps(plan, plans.Asked)[0].typed)


def lately(plan: Plan) -> bool:
    return any(step.at > midnight(COUNTRY.today) - WEEK for step in steps(plan, plans.Undone))


def long_ago(plan: Plan) -> bool:
    return any(step.at < midnight(COUNTRY.today) - WEEK for step in steps(plan, plans.Undone))


KINDS: dict[str, Is] = {
    "in the queue": lambda plan: bool(plan.school.catchment.service) and not steps(plan, plans.Given),
    "urgent": lambda plan: texts(plan)["urgent"] == "yes",
    "urgent in triage": lambda plan: texts(plan)["urgent"] == "yes" and not plan.school.catchment.service,
    "with a safety note": lambda plan: bool(texts(plan)["safety_kind"]),
    "without a service": lambda plan: not plan.school.catchment.service,
    "without a service, closed": lambda plan: not plan.school.catchment.service and stands(Status.CLOSED)(plan),
    "given to another": lambda plan: len(steps(plan, plans.Given)) > 1,
    "through transition, closed": lambda plan: len(steps(plan, plans.Became)) == 2,
    "in transition": stands(Status.TRANSITION),
    "paused": stands(Status.PAUSED),
    "came from another school": lambda plan: plan.school is not plan.pupil.school,
    "went to another school": lambda plan: plan.school is plan.pupil.school and plan.pupil.stays[0].to_on is not None,
    "at two schools": lambda plan: any(not stay.is_main for stay in plan.pupil.stays),
    "edited": lambda plan: bool(steps(plan, plans.Edited)),
    "retracted": lambda plan: bool(steps(plan, plans.Retracted)),
    "undone lately": lately,
    "undone long ago": long_ago,
    "shared at once by the school": lambda plan: any(
        step.by.organisation is plan.school.organisation for step in steps(plan, plans.SharedNow)
    ),
    "shared at once by the service": lambda plan: any(
        step.by.organisation is not plan.school.organisation for step in steps(plan, plans.SharedNow)
    ),
    "shared after all": lambda plan: any(step.audience is Audience.SHARED for step in steps(plan, plans.Readdressed)),
    "shared no more": lambda plan: any(step.audience is not Audience.SHARED for step in steps(plan, plans.Readdressed)),
    "a second case": lambda plan: not plan.is_first,
    "the sender is the contact": lambda plan: steps(plan, plans.Sent)[0].by is steps(plan, plans.Asked)[0].contact,
}


@pytest.fixture(scope="module")
def of_all_kinds() -> list[Plan]:
    """A few cases, among them one of each kind at least; of a student with two cases both."""
    every = {number: plan(COUNTRY, number) for number in range(1, COUNTRY.cases + 1)}
    kinds = {number: {kind for kind, is_so in KINDS.items() if is_so(each)} for number, each in every.items()}
    wanted, chosen = set(KINDS), set[int]()
    while wanted:
        number = max(kinds, key=lambda number: len(kinds[number] & wanted))
        assert kinds[number] & wanted, f"none of these is {wanted}"
        wanted -= kinds[number]
        chosen |= {number, COUNTRY.fates.earlier(number) or number}
    return sorted((every[number] for number in chosen), key=lambda plan: plan.steps[1].at)


@pytest.mark.usefixtures("context")
def test_a_case_made_by_actions_and_the_generators_are_the_same_in_every_row(of_all_kinds: list[Plan]) -> None:
    begin_write()
    play_setting(COUNTRY)
    play(of_all_kinds)
    tell_and_read(COUNTRY.read_until, midnight(COUNTRY.today))
    played = everything()
    db.session.rollback()
    begin_write()
    write(COUNTRY, of_all_kinds)
    generated = everything()
    assert list(generated) == list(played)
    for table, rows in played.items():
        assert generated[table] == rows, table
