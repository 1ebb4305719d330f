"""What a plan may say, and how what two people changed at once comes together (CASE-16)."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.calendars.school_calendar import SchoolCalendar
from app.calendars.school_days import school_day_after
from app.cases.plans.models import GoalState
from app.cases.plans.rules import ActionFacts, GoalFacts, PlanFacts, differences, fault_of, merged

TODAY = date(2026, 3, 3)
BUS = ActionFacts("Bus card", "Ana", date(2026, 3, 10))
PHONE = ActionFacts("Ring on Mondays", "Nan")
THREE_DAYS = GoalFacts("At school three days a week", actions=(BUS, PHONE))
PLAN = PlanFacts((THREE_DAYS,), agreed_with="Hēmi and his nan", review_on=date(2026, 4, 1))


def with_goal(goal: GoalFacts) -> PlanFacts:
    return replace(PLAN, goals=(goal,))


def test_what_is_in_order() -> None:
    assert not fault_of(PLAN, TODAY, was=None)
    assert PLAN.is_recorded
    assert not with_goal(GoalFacts("At school")).is_recorded


def test_a_review_that_is_overdue_hinders_no_change_but_a_review() -> None:
    old = replace(PLAN, review_on=date(2026, 3, 2))
    assert not fault_of(old, TODAY, was=old)
    assert ("review_on",) in fault_of(old, TODAY, was=old, is_review=True)
    assert ("review_on",) in fault_of(old, TODAY, was=PLAN)


@pytest.mark.parametrize(
    ("told", "place"),
    [
        (replace(PLAN, goals=()), ("goals", 0, "text")),
        (replace(PLAN, agreed_with=""), ("agreed_with",)),
        (replace(PLAN, review_on=None), ("review_on",)),
        (replace(PLAN, review_on=date(2027, 3, 4)), ("review_on",)),
        (with_goal(replace(THREE_DAYS, text="")), ("goals", 0, "text")),
        (with_goal(replace(THREE_DAYS, actions=(BUS, ActionFacts("", "Nan")))), ("goals", 0, "actions", 1, "text")),
        (with_goal(replace(THREE_DAYS, actions=(ActionFacts("Ring"),))), ("goals", 0, "actions", 0, "who")),
        (
            with_goal(replace(THREE_DAYS, actions=(replace(BUS, done_on=date(2026, 3, 4)),))),
            ("goals", 0, "actions", 0, "done_on"),
        ),
    ],
)
def test_what_is_to_be_mended(told: PlanFacts, place: tuple[str | int, ...]) -> None:
    assert set(fault_of(told, TODAY, was=None)) == {place}


def test_a_goal_is_dropped_and_never_taken_away() -> None:
    assert fault_of(replace(PLAN, goals=()), TODAY, was=PLAN) == {
        ("goals", 0, "text"): "A goal stays: choose “Dropped” where it is given up"
    }


def test_what_comes_next_is_what_is_not_done_by_its_day() -> None:
    later = ActionFacts("Visit", "Ana", date(2026, 3, 20))
    done = replace(BUS, done_on=TODAY)
    dropped = GoalFacts("Sport", GoalState.DROPPED, (ActionFacts("Boots", "Nan", TODAY),))
    plan = replace(PLAN, goals=(replace(THREE_DAYS, actions=(later, PHONE, done, BUS)), dropped))
    assert [action for _, action in plan.due_next()] == [BUS, later, PHONE]


def test_two_who_change_different_actions_lose_neither() -> None:
    theirs = with_goal(replace(THREE_DAYS, actions=(replace(BUS, done_on=TODAY), PHONE, ActionFacts("Lunch", "Mere"))))
    mine = with_goal(replace(THREE_DAYS, actions=(BUS, replace(PHONE, who="Ana"), ActionFacts("Shoes", "Nan"))))
    both = merged(PLAN, theirs, mine).goals[0].actions
    assert [str(action) for action in both] == [
        "Bus card, Ana, by 10 March 2026, done 3 March 2026",
        "Ring on Mondays, Ana",
        "Lunch, Mere",
        "Shoes, Nan",
    ]


WORDS = st.sampled_from(["a", "b", "c"])
ACTIONS = st.builds(ActionFacts, WORDS, WORDS)
GOALS = st.builds(GoalFacts, WORDS, st.sampled_from(GoalState), st.lists(ACTIONS, max_size=3).map(tuple))
PLANS = st.builds(PlanFacts, st.lists(GOALS, min_size=1, max_size=1).map(tuple), WORDS)


@settings(max_examples=40, deadline=None)
@given(PLANS, PLANS, PLANS)
def test_who_changed_nothing_hides_nothing(base: PlanFacts, now: PlanFacts, typed: PlanFacts) -> None:
    assert merged(base, now, base) == now
    assert merged(base, base, typed) == typed
    assert not differences(base, base)
    assert bool(differences(base, typed)) is (base.texts != typed.texts)


@pytest.mark.parametrize(
    ("start", "day", "assumed"),
    [
        (date(2026, 4, 28), date(2026, 5, 26), ""),  # four whole weeks of term 2
        (date(2026, 6, 22), date(2026, 8, 3), ""),  # Matariki and the holidays between two terms
        (date(2026, 11, 2), date(2026, 11, 30), ""),
        (
            date(2026, 11, 23),
            date(2027, 2, 3),
            "Term 1 2027 is assumed to begin Wed 3 February, and when Term 1 2027 ends is not known yet",
        ),
    ],
)
def test_twenty_school_days(start: date, day: date, assumed: str) -> None:
    found = school_day_after(start, 20, SchoolCalendar("WGN"))
    assert found is not None
    assert (found.day, found.assumed) == (day, assumed)


def test_beyond_what_the_list_knows_nothing_is_guessed() -> None:
    assert school_day_after(date(2027, 6, 1), 20, SchoolCalendar("WGN")) is None
    assert school_day_after(date(2028, 3, 1), 20, SchoolCalendar("WGN")) is None
