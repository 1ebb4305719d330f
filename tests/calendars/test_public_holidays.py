from datetime import date

import pytest
from holidays import country_holidays

from app.calendars.public_holidays import holiday_on, holidays_in
from app.calendars.regions import region_for, regions

LISTED_YEARS = range(2025, 2030)
CODES = [region.code for region in regions()]


@pytest.mark.parametrize("year", LISTED_YEARS)
@pytest.mark.parametrize("code", CODES)
def test_list_and_library_agree(year: int, code: str) -> None:
    """The list decides, being ours to correct; this says when a newer library knows better."""
    library = country_holidays("NZ", subdiv=region_for(code).library, years=year)
    assert dict(holidays_in(year, code)) == dict(library)


@pytest.mark.parametrize("year", [2024, 2030])
def test_years_outside_the_list_come_from_the_library(year: int) -> None:
    assert holiday_on(date(year, 2, 6), "WGN") == "Waitangi Day"
    assert holidays_in(year, "MWT") == holidays_in(year, "WGN")


def test_an_anniversary_day_counts_in_its_region_only() -> None:
    assert holiday_on(date(2026, 1, 19), "WGN") == "Wellington Anniversary Day"
    assert holiday_on(date(2026, 1, 19), "AUK") == ""
    assert holiday_on(date(2026, 3, 9), "TKI") == "Taranaki Anniversary Day"


def test_a_region_without_its_own_day_keeps_its_neighbours() -> None:
    assert holiday_on(date(2026, 1, 26), "WKO") == "Auckland Anniversary Day"


def test_a_day_that_only_closes_schools_is_no_holiday_but_in_southland() -> None:
    assert holiday_on(date(2026, 4, 7), "WGN") == ""
    assert holiday_on(date(2026, 4, 7), "STL") == "Southland Anniversary Day"


def test_unknown_regions_are_refused_with_the_remedy() -> None:
    with pytest.raises(ValueError, match=r"regions\.csv"):
        holidays_in(2026, "XYZ")


def test_years_whose_matariki_is_not_known_are_refused() -> None:
    with pytest.raises(ValueError, match="Matariki 2053"):
        holidays_in(2053, "WGN")


def test_region_codes_are_unique_and_named() -> None:
    assert len(set(CODES)) == len(CODES) == 18
    assert all(region.name and region.library for region in regions())
