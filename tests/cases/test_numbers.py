import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.cases.numbers import case_number, is_case_number, parse

YEARS, SERIALS = st.integers(2000, 2099), st.integers(1, 999_999)


def test_number_is_written_as_the_rule_shows() -> None:
    assert case_number(2026, 4217) == "26-004217-4"


@given(YEARS, SERIALS)
def test_a_number_reads_back(year: int, serial: int) -> None:
    number = case_number(year, serial)
    assert is_case_number(number)
    assert parse(number) == (year, serial)


@given(YEARS, SERIALS, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(year: int, serial: int, place: int, change: int) -> None:
    digits = list(case_number(year, serial).replace("-", ""))
    digits[place] = str((int(digits[place]) + change) % 10)
    assert parse("".join(digits)) is None


@pytest.mark.parametrize("typed", ["260042174", "26 004217 4", " 26-004217-4 ", "26–004217–4", "26004217-4"])
def test_numbers_are_read_as_people_type_them(typed: str) -> None:
    assert parse(typed) == (2026, 4217)


@pytest.mark.parametrize("typed", ["260042174", " 26-004217-4", "26-004217-4\n", "26-004217-7", "", "٢٦-004217-4"])
def test_only_the_written_form_is_a_case_number(typed: str) -> None:
    assert not is_case_number(typed)


@pytest.mark.parametrize("typed", ["", "26", "26-004217", "26-004217-7", "26-000000-7", "aa-bbbbbb-c", "²⁶0042174"])
def test_other_text_is_not_read(typed: str) -> None:
    assert parse(typed) is None


@pytest.mark.parametrize(("year", "serial"), [(26, 1), (2100, 1), (2026, 0), (2026, 1_000_000)])
def test_what_does_not_fit_is_refused(year: int, serial: int) -> None:
    with pytest.raises(ValueError, match=r"this century|six digits"):
        case_number(year, serial)
