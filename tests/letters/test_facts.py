"""Facts are frozen, compared, and said to be missing (LET-6, LET-8, L8)."""

from datetime import date

from app.attendance.rules import Absences, HalfDays, Week
from app.letters.facts import LABELS, MAY_BE_EMPTY, Fact, Facts, changes, lines, of_absences, thawed

WEEK = Week(date(2026, 10, 12), HalfDays(10, 2, 3))


def facts(**texts: str) -> Facts:
    everything = {name: Fact(f"{name} of Ōtaki", "a test", date(2026, 11, 1)) for name in LABELS}
    return Facts(everything | {name: Fact(text, "a test") for name, text in texts.items()}, (WEEK,), "ab12")


def test_what_was_frozen_is_the_same_thawed() -> None:
    assert thawed(facts().frozen()) == facts()
    assert thawed(facts().frozen()).frozen() == facts().frozen()


def test_the_order_in_which_facts_were_found_changes_nothing() -> None:
    there = facts()
    back = Facts(dict(reversed([*there.by_name.items()])), there.weeks, there.logo)
    assert back.frozen() == there.frozen()


def test_what_is_another_now_is_named_but_not_the_date_of_the_letter() -> None:
    then = facts(letter_date="Monday", caregiver_address="12 Kōwhai Street")
    now = facts(letter_date="Tuesday", caregiver_address="7 Rātā Road")
    assert changes(then, now) == ["Address"]
    assert changes(then, Facts(then.by_name, (), then.logo)) == ["The weeks of the table"]
    assert not changes(then, then)


def test_an_empty_fact_is_missing_unless_a_letter_can_do_without() -> None:
    assert facts(days_absent=" ").missing == ["days_absent"]
    assert not facts(**dict.fromkeys(MAY_BE_EMPTY, "")).missing


def test_an_address_has_a_line_for_each_part() -> None:
    assert lines("12 Kōwhai Street,\r\n Tawa ,, Wellington  5028\n") == ["12 Kōwhai Street", "Tawa", "Wellington 5028"]


def test_absences_bring_their_source_and_their_day() -> None:
    told = Absences(
        date(2026, 10, 12),
        date(2026, 11, 13),
        date(2026, 11, 16),
        HalfDays(50, 10, 13),
        "Aroha Ngata, by phone",
        date(2026, 11, 17),
    )
    found = dict(of_absences(told))
    assert found["days_absent"] == Fact("11½ days", "Aroha Ngata, by phone", date(2026, 11, 17))
    assert found["half_days_attended"].text == "27"
    assert found["period_from"].text == "Monday 12 October 2026"
    assert not dict(of_absences(None))
