"""Which days are holidays in a region: the list where it has the year, else the library."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType

from holidays import country_holidays

from app.calendars.regions import LISTS, region_for

NATIONAL = "national"
REGIONAL = frozenset({"regional", "regional_custom"})
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
