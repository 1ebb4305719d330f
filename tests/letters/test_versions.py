"""Ladders as a service has them: what one may be, how two differ, and that whatever a case goes by, its letters keep to it
(LET-2)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendars.working_days import is_working_day
from app.letters.ladders import Step, has_ours, ladder, position, step_of
from app.letters.purposes import Purpose
from app.letters.versions.rules import LONGEST_GAP, MOST_STEPS, GoesBy, differences, fault_of

DAY, REGION = date(2026, 11, 23), "WGN"
BEGINS = date(2026, 1, 5)
OURS = ladder(Purpose.CA, DAY)


def made(gaps: Sequence[int], *, has_formal: bool = True) -> list[Step]:
    count = len(gaps) + 1
    return [
        Step(Purpose.CA, number, f"Letter {number}", gap, has_formal and number == count)
        for number, gap in enumerate((0, *gaps), 1)
    ]


GAPS = st.lists(st.integers(1, LONGEST_GAP), max_size=MOST_STEPS - 1)
LADDERS = st.builds(lambda gaps, has_formal: made(gaps, has_formal=has_formal), GAPS, st.booleans())


@given(LADDERS)
def test_any_ladder_of_one_to_six_letters_may_be(steps: list[Step]) -> None:
    assert not fault_of(steps)


def test_ours_may_be_ladders_of_a_services_own() -> None:
    for purpose in (Purpose.CA, Purpose.NEN):
        assert len(ladder(purpose, DAY)) == 3
        assert not fault_of(ladder(purpose, DAY))


@pytest.mark.parametrize(
    ("steps", "field"),
    [
        ([], "name_1"),
        (made([5] * MOST_STEPS), "name_1"),
        (made([0]), "gap_2"),
        (made([LONGEST_GAP + 1]), "gap_2"),
        ([replace(made([5])[0], name=" "), made([5])[1]], "name_1"),
        ([replace(made([5])[0], is_formal=True), made([5])[1]], "has_formal"),
    ],
)
def test_what_is_no_ladder(steps: list[Step], field: str) -> None:
    assert set(fault_of(steps)) == {field}


@given(LADDERS)
def test_a_ladder_differs_in_nothing_from_itself(steps: list[Step]) -> None:
    assert differences(steps, steps) == []


@given(LADDERS, LADDERS)
def test_of_two_ladders_each_letter_that_is_another_is_named(before: list[Step], after: list[Step]) -> None:
    said = differences(before, after)
    others = {now.number for was, now in zip(before, after, strict=False) if was != now}
    others |= set(range(min(len(before), len(after)) + 1, max(len(before), len(after)) + 1))
    assert {int(each.split()[1].strip("“”.,:")) for each in said} == others


def test_how_differences_are_said() -> None:
    before, after = made([10, 10]), made([15])
    assert differences(before, after) == [
        "Letter 2 waits 15 working days instead of 10.",
        "Letter 2 is now a formal warning.",
        "Letter 3 is left out: Letter 3.",
    ]
    assert differences(after, made([1, 1], has_formal=False)) == [
        "Letter 2 waits 1 working day instead of 15.",
        "Letter 2 is no longer a formal warning.",
        "Letter 3 is new: Letter 3, 1 working day after the letter before.",
    ]


def test_a_text_of_ours_is_for_a_letter_like_ours() -> None:
    """A formal warning is never written with a text that is none, nor the other way round."""
    assert [has_ours(step, DAY) for step in OURS] == [True, True, True]
    assert [has_ours(step, DAY) for step in made([5])] == [True, False]
    assert [has_ours(step, DAY) for step in made([5, 5, 5])] == [True, True, False, False]


def test_when_a_case_is_behind() -> None:
    ours, own = GoesBy(OURS, is_begun=True), GoesBy(made([5]), 7, 1, is_begun=True, newest_id=7)
    assert not ours.is_behind(DAY)
    assert replace(ours, newest_id=7).is_behind(DAY)
    assert not own.is_behind(DAY)
    assert replace(own, newest_id=8).is_behind(DAY)
    assert replace(own, newest_id=None).is_behind(DAY)
    assert GoesBy(made([5]), is_begun=True).is_behind(DAY), "ours has changed since"
    assert not GoesBy(OURS, newest_id=None).is_behind(DAY), "it has not begun"


@dataclass
class Written:
    step: int
    sent_on: date | None


ACTS = st.tuples(st.integers(0, 40), st.booleans(), st.sets(st.integers(1, MOST_STEPS)), st.none() | st.integers(0, 3))


@given(versions=st.lists(LADDERS, min_size=1, max_size=4), acts=st.lists(ACTS, max_size=14))
def test_whatever_is_written_excepted_and_changed_every_letter_keeps_to_the_ladder_of_its_case(
    versions: list[list[Step]], acts: list[tuple[int, bool, set[int], int | None]]
) -> None:
    """Day after day a letter is written if it may be, sent or not, and now and then the case is moved to another version."""
    written: list[Written] = []
    steps, today = versions[0], BEGINS
    for later, is_sent, excepted, moved_to in acts:
        today += timedelta(days=later)
        steps = steps if moved_to is None else versions[moved_to % len(versions)]
        found = position(steps, written, region=REGION, today=today, excepted=excepted)
        if found.is_open and found.step:
            check(found.step, steps, written, today, excepted)
            written.append(Written(found.step.number, today if is_sent else None))
    assert len({letter.step for letter in written}) == len(written), "none of a step twice in a round"


def check(step: Step, steps: list[Step], written: list[Written], today: date, excepted: set[int]) -> None:
    assert step in steps, "of the version that the case goes by"
    assert step.number not in {letter.step for letter in written}
    if step.number in excepted:
        return
    last = max(written, key=lambda letter: letter.step, default=None)
    assert step.number == (last.step + 1 if last else 1), "never out of order"
    if last:
        assert last.sent_on, "the one before is sent"
        gone = sum(
            is_working_day(last.sent_on + timedelta(days=n), REGION) for n in range(1, (today - last.sent_on).days)
        )
        assert gone >= step.gap, "never before its gap"


def test_non_enrolment_has_its_own_three_letters_of_which_the_last_is_the_warning() -> None:
    steps = ladder(Purpose.NEN, DAY)
    assert [step.is_formal for step in steps] == [False, False, True]
    assert [step.gap for step in steps] == [0, 10, 10]
    assert step_of(Purpose.NEN, 4, DAY) is None
