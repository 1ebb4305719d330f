"""Where a caregiver stands on a ladder (LET-1, LET-2)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.calendars.working_days import is_working_day
from app.letters.ladders import Position, ladder, position, step_of
from app.letters.purposes import Purpose
from app.letters.rules import fault_of_sending
from app.letters.wording import wording_for

TODAY = date(2026, 11, 23)
REGION = "WGN"
OURS = ladder(Purpose.CA, TODAY)
DAYS = st.dates(date(2026, 1, 5), date(2026, 12, 20))


@dataclass(frozen=True)
class Letter:
    step: int
    sent_on: date | None


def stands(*written: Letter, today: date = TODAY, region: str = REGION, excepted: Collection[int] = ()) -> Position:
    return position(OURS, written, region=region, today=today, excepted=excepted)


def test_who_was_never_written_to_begins_with_letter_1() -> None:
    found = stands()
    assert found.is_open
    assert found.step
    assert found.step.number == 1
    assert not found.waits_for


def test_letter_2_waits_until_letter_1_is_sent() -> None:
    found = stands(Letter(1, None))
    assert not found.is_open
    assert found.waits_for == "Letter 1 is made and not sent yet. Record how it was sent, or void it."


def test_letter_2_waits_for_ten_working_days_and_says_until_when() -> None:
    sent = date(2026, 3, 20)  # Easter lies in the gap
    found = stands(Letter(1, sent), today=date(2026, 4, 7), region="TKI")
    assert not found.is_open
    assert found.gap
    assert found.gap.not_counted == ("Good Friday", "Easter Monday")
    assert found.gap.due_on == date(2026, 4, 7)
    assert found.opens_on == date(2026, 4, 8)
    assert found.waits_for == "Letter 2 can be written from Wed 8 April: 10 working days after letter 1."


def test_letter_2_is_offered_on_the_day_after_the_gap() -> None:
    assert stands(Letter(1, date(2026, 3, 20)), today=date(2026, 4, 8), region="TKI").is_open


@given(sent=DAYS, later=st.integers(0, 40))
def test_the_gap_is_gone_when_ten_working_days_lie_between(sent: date, later: int) -> None:
    """Counted day by day, independently of the clock."""
    today = sent + timedelta(days=later)
    gone = sum(is_working_day(sent + timedelta(days=n), REGION) for n in range(1, later))
    assert stands(Letter(1, sent), today=today).is_open is (gone >= 10)


@given(st.permutations([Letter(number, date(2026, number, 2)) for number in (1, 2, 3)]))
def test_after_the_last_letter_there_is_none(written: list[Letter]) -> None:
    found = stands(*written)
    assert found.step is None
    assert not found.is_open
    assert found.waits_for == "The last letter of this ladder has been written."


def test_steps_of_a_ladder_follow_each_other_and_only_the_first_has_no_gap() -> None:
    steps = ladder(Purpose.CA, TODAY)
    assert [step.number for step in steps] == list(range(1, len(steps) + 1))
    assert [bool(step.gap) for step in steps] == [number > 1 for number in range(1, len(steps) + 1)]


def test_a_letter_is_sent_neither_in_the_future_nor_before_it_was_made() -> None:
    made = TODAY - timedelta(days=3)
    assert fault_of_sending(TODAY + timedelta(days=1), made, TODAY).startswith("This day is still to come")
    assert fault_of_sending(made - timedelta(days=1), made, TODAY).startswith("The letter was made on Fri 20 November")
    assert not fault_of_sending(made, made, TODAY)
    assert not fault_of_sending(TODAY, made, TODAY)


def test_every_step_of_a_ladder_has_its_text() -> None:
    """Else a letter that the page offers could not be looked at."""
    assert [
        wording_for(step.purpose, step.number, TODAY).title for purpose in Purpose for step in ladder(purpose, TODAY)
    ]


def test_a_lead_lets_a_step_be_written_whatever_order_and_gap_say() -> None:
    found = stands(Letter(1, TODAY), excepted={2})
    assert (found.is_open, found.is_excepted, found.step and found.step.number) == (True, True, 2)
    assert stands(excepted={3}).step == step_of(Purpose.CA, 3, TODAY), "not even the first one is written"
    assert stands(Letter(1, date(2026, 2, 2)), Letter(3, date(2026, 3, 2)), excepted={2}).is_open, "one left out"


def test_an_exception_is_for_no_letter_that_is_written_and_for_no_other_step() -> None:
    sent = Letter(1, TODAY)
    assert stands(sent, excepted={1}) == stands(sent), "it is written already"
    assert stands(sent, Letter(2, None), excepted={2}) == stands(sent, Letter(2, None))


STEPS = len(OURS)


@given(
    days=st.lists(st.tuples(st.integers(0, 30), st.booleans(), st.sets(st.integers(1, STEPS))), max_size=12),
)
def test_whatever_happens_no_step_comes_twice_or_out_of_order_or_early_without_an_exception(
    days: list[tuple[int, bool, set[int]]],
) -> None:
    """Day after day: what may be written is, and is sent the same day or not."""
    written: list[Letter] = []
    today = date(2026, 1, 5)
    for later, is_sent, excepted in days:
        today += timedelta(days=later)
        found = position(OURS, written, region=REGION, today=today, excepted=excepted)
        if not found.is_open or found.step is None:
            continue
        number, last = found.step.number, max(written, key=lambda letter: letter.step, default=None)
        assert number not in {letter.step for letter in written}
        if number not in excepted:
            assert number == (last.step + 1 if last else 1)
            assert last is None or (last.sent_on and gone_between(last.sent_on, today) >= found.step.gap)
        written.append(Letter(number, today if is_sent else None))


def gone_between(sent: date, today: date) -> int:
    """Working days that are gone, counted day by day."""
    return sum(is_working_day(sent + timedelta(days=n), REGION) for n in range(1, (today - sent).days))
