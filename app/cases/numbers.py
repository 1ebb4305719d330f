"""CASE-1: `26-004217-4`, the year, a serial, and a digit that catches a slip of the pen."""

import re

from stdnum.iso7064 import mod_11_10

CENTURY = 2000
LAST_SERIAL = 999_999
WRITTEN = re.compile(r"([0-9]{2})-([0-9]{6})-([0-9])")
TYPED = re.compile(r"\s*([0-9]{2})[\s‐-―-]?([0-9]{6})[\s‐-―-]?([0-9])\s*")


def case_number(year: int, serial: int) -> str:
    """The year is New Zealand's, in full; serials may leave gaps and are never used twice."""
    if not CENTURY <= year < CENTURY + 100:
        raise ValueError(f"case numbers have years of this century, not {year}")
    if not 1 <= serial <= LAST_SERIAL:
        raise ValueError(f"serial {serial} does not fit into six digits")
    stem = f"{year - CENTURY:02}{serial:06}"
    return f"{stem[:2]}-{stem[2:]}-{mod_11_10.calc_check_digit(stem)}"


def is_case_number(text: str) -> bool:
    """Exactly as we write it; for addresses."""
    return WRITTEN.fullmatch(text) is not None and parse(text) is not None


def parse(text: str) -> tuple[int, int] | None:
    """Year and serial of a number as people type it (spaces, no hyphens), None if it is not one."""
    found = TYPED.fullmatch(text)
    if found is None or not mod_11_10.is_valid("".join(found.groups())):
        return None
    year, serial = CENTURY + int(found[1]), int(found[2])
    return (year, serial) if serial else None
