"""Whatever people do with a case one after another, as time goes by: it never gets where it must not, every change says who, when
and why, and what is kept of it is what is counted (CASE-2, CASE-4 to CASE-8)."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select
from time_machine import Traveller

from app.cases.entries import Audience
from app.cases.models import Case, Status, StatusChange
from app.cases.parts import end_manager
from app.cases.queries import case_for
from app.cases.standing import counted_again, kept_counts
from app.cases.statuses.actions import Asked, change_by_hand, reopen_due
from app.cases.statuses.reasons import reasons, reasons_for
from app.cases.statuses.rules import SCHOOL_AGE, Change, birthday, possible
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.queries import Actor
from app.referrals.actions import submit
from app.referrals.declining.queries import live_requests
from app.referrals.withdrawing.actions import withdraw
from app.students.models import Student
from tests import make
from tests.support.apps import A_TUESDAY_IN_TERM

MAY_BECOME = {
    Status.QUEUE: {Status.OPEN, Status.PAUSED, Status.CLOSED},
    Status.OPEN: {Status.TRANSITION, Status.PAUSED, Status.CLOSED},
    Status.TRANSITION: {Status.OPEN, Status.QUEUE, Status.PAUSED, Status.CLOSED},
    Status.PAUSED: {Status.OPEN, Status.QUEUE},
    Status.CLOSED: {Status.QUEUE, Status.OPEN},
}
"""Of a case with a service, as CASE-2 says it."""
SAYS_WHY = {Status.TRANSITION, Status.PAUSED, Status.CLOSED}
ANSWERS = {
    **dict.fromkeys(("located", "whanau_contacted", "is_safe", "is_withdrawn"), "yes"),
    **dict.fromkeys(("attendance", "school_lead", "pathway", "run_by", "attempts", "offered", "escalation"), "x"),
    **dict.fromkeys(("no_transition_why", "no_contact_why", "wrong", "told_by", "withdrawn_by", "other_number"), "x"),
    **dict.fromkeys(("starts_on", "told_on", "withdrawn_on"), "2026-01-01"),
    "why": "Because.",
}
BORN = date(2020, 9, 1)
"""Five, and six in half a year of walking."""
NAMES = ("by_hand", "given", "taken", "asked", "withdrawn", "declined", "enrolled", "days")
STEPS = st.lists(
    st.tuples(
        st.sampled_from((*["by_hand"] * 5, *NAMES)),
        st.sampled_from(list(Change)),
        st.sampled_from(("", *reasons())),
        st.sampled_from(("ruth", "ana")),
        st.integers(1, 70),
    ),
    min_size=6,
    max_size=14,
)
Step = tuple[str, Change, str, str, int]


class Walk:
    """One student, and what people do."""

    def __init__(self, world: make.World, clock: Traveller) -> None:
        clock.move_to(A_TUESDAY_IN_TERM)
        self.world, self.clock = world, clock
        self.pupil = make.student("Tama Walker", world.tawa, born_on=BORN)

    @property
    def case(self) -> Case | None:
        of_student = select(Case).where(Case.student_id == self.pupil.id).order_by(Case.id.desc())
        return db.session.scalars(of_student).first()

    def step(self, step: Step) -> None:
        name, change, reason, who, days = step
        case, by = self.case, self.world.people[who]
        acts: dict[str, Callable[[], object]] = {
            "asked": self.asks,
            "enrolled": lambda: make.enrolled(self.pupil.id, self.world.puna, from_on=core_clock.today()),
            "days": lambda: self.goes_by(days),
        }
        of_case: dict[str, Callable[[Case], object]] = {
            "by_hand": lambda case: self.changes(case, change, reason, by, days),
            "given": lambda case: make.assigned(case, to=self.world.ana, by=self.world.ruth),
            "taken": lambda case: end_manager(case, by=self.world.ruth),
            "withdrawn": self.withdraws,
            "declined": lambda case: self.declines(case, by),
        }
        try:
            if name in acts:
                acts[name]()
            elif case and (name != "given" or case.status not in {Status.TRIAGE, Status.CLOSED}):
                of_case[name](case)
            db.session.commit()
        except (Refused, Conflict):
            db.session.rollback()

    def goes_by(self, days: int) -> None:
        db.session.commit()
        self.clock.shift(timedelta(days=days))
        reopen_due()

    def asks(self) -> None:
        request = make.filled(self.world.priya, self.pupil, contact=self.world.tom)
        submit(request, version=request.version, by=self.world.priya)

    def changes(self, case: Case, change: Change, reason: str, by: Actor, chance: int) -> None:
        """Mostly what is offered; sometimes anything."""
        today = core_clock.today()
        end = (today + timedelta(days=30)).isoformat()
        if (may := possible(case.status, BORN, today, has_request=False)) and chance % 4:
            change = may[chance % len(may)]
        if change is Change.CLOSING and chance % 3:
            offered = reasons_for(by.role, case.kind, case.status, 5)
            reason = offered[chance % len(offered)].code
        if head := case_for(by, case.number):
            answers = {**ANSWERS, "expected_end_on": end}
            change_by_hand(head, Asked(change, case.status, answers, reasons().get(reason)), by=by)

    def withdraws(self, case: Case) -> None:
        for request in live_requests(case.id)[:1]:
            withdraw(make.request_now(self.world.priya, request.referral.public_id), "Why.", by=self.world.priya)

    def declines(self, case: Case, by: Actor) -> None:
        if case_for(by, case.number) and live_requests(case.id):
            make.event(self.world.ruth, case, Audience.SERVICE)
            db.session.commit()
            make.declined(by, case)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_no_walk_leads_where_it_must_not(own_world: make.World, clock: Traveller, steps: Sequence[Step]) -> None:
    db.session.rollback()
    walk = Walk(own_world, clock)
    walk.asks()
    walk.step(("given", Change.OPEN, "", "ruth", 1))
    for step in steps:
        walk.step(step)
        assert kept_counts() == counted_again()
        not_closed = select(func.count()).where(Case.student_id == walk.pupil.id, Case.status != Status.CLOSED)
        assert (db.session.scalar(not_closed) or 0) <= 1
    for case in db.session.scalars(select(Case).where(Case.student_id == walk.pupil.id)):
        is_in_order(case)


def is_in_order(case: Case) -> None:
    made = select(StatusChange).where(StatusChange.case_id == case.id).order_by(StatusChange.id)
    changes = db.session.scalars(made).all()
    assert (changes[0].was, changes[-1].became) == (None, case.status)
    for before, change in pairwise(changes):
        assert change.was is before.became
        assert change.became in MAY_BECOME[before.became]
        assert change.by_id
        assert change.at >= before.at
        if change.became in SAYS_WHY or change.was in {Status.PAUSED, Status.CLOSED, Status.TRANSITION}:
            assert change.why
    six = birthday(BORN, SCHOOL_AGE)
    assert case.status is not Status.PAUSED or (case.pause_until == six and core_clock.today() < six)
    assert bool(case.close_reason) or case.status is not Status.CLOSED
    assert (case.expected_end_on is not None) is (case.status is Status.TRANSITION)


@pytest.mark.parametrize(
    ("born_on", "the_day_before", "the_day"),
    [
        (date(2020, 8, 2), date(2026, 8, 1), date(2026, 8, 2)),
        (date(2020, 2, 29), date(2026, 2, 28), date(2026, 3, 1)),
    ],
)
def test_on_hold_it_goes_on_by_itself_on_the_sixth_birthday_also_of_a_leap_day(
    clock: Traveller, own_world: make.World, born_on: date, the_day_before: date, the_day: date
) -> None:
    clock.move_to(at(the_day_before - timedelta(days=100), time(12)))
    case = make.open_case(own_world)
    db.session.get_one(Student, case.student_id).born_on = born_on
    head = make.head(own_world.ana, case)
    change_by_hand(head, Asked(Change.PAUSE, Status.OPEN, ANSWERS), by=own_world.ana)
    db.session.commit()
    clock.move_to(at(the_day_before, time(23, 59)))
    assert (core_clock.today(), reopen_due()) == (the_day_before, 0)
    clock.move_to(at(the_day, time(0, 1)))
    assert (core_clock.today(), reopen_due(), case.status) == (the_day, 1, Status.OPEN)


def at(day: date, hour: time) -> datetime:
    return datetime.combine(day, hour, tzinfo=core_clock.PACIFIC_AUCKLAND)
