"""Which days are holidays in a region: the list where it has the year, else the library."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache
from types import MappingProxyType

from holidays import country_holidays

from app.calendars.regions import LISTS, region_for

NATIONAL = "national"
REGIONAL = frozenset({"regional", "regional_custom"})
EASTER_MONDAY, EASTER_TUESDAY = "Easter Monday", "Easter Tuesday"
ANNIVERSARY = "Anniversary"
ONE_DAY = timedelta(days=1)
LAST_MATARIKI = 2052
"""The law names the days of Matariki up to this year."""

Holidays = Mapping[date, str]


@cache
def holidays_in(year: int, region: str) -> Holidays:
    """Holidays of a year by date, as CAL-1 counts them: national days and the region's anniversary day."""
    region_for(region)
    if year in _listed():
        return MappingProxyType(dict(_from_list(year, region)))
    return MappingProxyType(_from_library(year, region))


def listed_years() -> frozenset[int]:
    """The years of our own list."""
    return frozenset(_listed())


def holiday_on(day: date, region: str) -> str:
    """Its name, or nothing."""
    return holidays_in(day.year, region).get(day, "")


def school_holiday_on(day: date, region: str) -> str:
    """Why every school there is closed although the day lies in a term: a holiday, or Easter Tuesday, which is a working day
    (`domain.md` §9); or nothing."""
    is_after_easter = holiday_on(day - ONE_DAY, region) == EASTER_MONDAY
    return holiday_on(day, region) or (EASTER_TUESDAY if is_after_easter else "")


def is_inferred(day: date, region: str) -> bool:
    """Is it the anniversary day that a region without its own is taken to keep with its neighbour?"""
    return bool(region_for(region).follows) and ANNIVERSARY in holiday_on(day, region)


def _from_list(year: int, region: str) -> Iterator[tuple[date, str]]:
    for row in _listed()[year]:
        if row["scope"] == NATIONAL or (row["scope"] in REGIONAL and row["region_code"] == region):
            yield date.fromisoformat(row["date"]), row["name"]


def _from_library(year: int, region: str) -> dict[date, str]:
    if year > LAST_MATARIKI:
        raise ValueError(f"Matariki {year} is not known: add the year to app/calendars/lists/public_holidays.csv")
    return dict(country_holidays("NZ", subdiv=region_for(region).library, years=year))


@cache
def _listed() -> Mapping[int, list[dict[str, str]]]:
    years: dict[int, list[dict[str, str]]] = {}
    with (LISTS / "public_holidays.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            years.setdefault(int(row["date"][:4]), []).append(row)
    return MappingProxyType(years)
