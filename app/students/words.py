"""By which words a student is found besides their names: addresses and phones, as people type them (P14)."""

from app.core.text import fold

MOST_WORDS = 5
"""Of an address, from where it was begun: number, street, suburb."""
LONGEST = 100
_SHORT = (
    "st street, rd road, ave avenue, av avenue, dr drive, pl place, ln lane, cres crescent, cr crescent, tce terrace, "
    "ter terrace, cl close, gr grove, ct court, pde parade, hwy highway, esp esplanade, blvd boulevard"
)
SHORTENED = dict(each.split() for each in _SHORT.split(", "))
STREETS = frozenset({*SHORTENED.values(), "way", "quay", "rise"})
FEWEST_DIGITS = 6
"""Of a phone: fewer belong to too many."""
OF_A_PHONE = frozenset("0123456789 +()-./")
LOCAL = 7
"""Digits of a number at home, without its area code."""


def address_words(address: str) -> tuple[str, ...]:
    """The address from its number on, and from the name of its street on: “14 rata street tawa”, “rata street tawa”."""
    words = _in_full(fold(address).split())
    starts = [place for place, word in enumerate(words) if word in STREETS and place] or [min(len(words), 2)]
    return tuple(dict.fromkeys(_from(words, start) for start in range(starts[0])))


def phone_words(phone: str) -> tuple[str, ...]:
    """All its digits, with 0 for New Zealand’s +64; and of a landline those without the area code."""
    digits = phone_digits(phone)
    is_landline = len(digits) == LOCAL + 2 and digits[0] == "0" and digits[1] != "2"
    found = (digits, digits[2:]) if is_landline else (digits,)
    return tuple(word for word in found if len(word) >= FEWEST_DIGITS)


def address_sought(text: str) -> str:
    """What an address begins with, as `address_words` has it; nothing for what does not look like one: a name does not hold
    a number, and seldom ends in *street*."""
    words = _in_full(fold(text).split())
    is_like = len(words) > 1 and (any(word[0].isdecimal() for word in words) or not STREETS.isdisjoint(words[1:]))
    return _from(words, 0) if is_like and not all(word.isdecimal() for word in words) else ""


def phone_sought(text: str) -> str:
    """What a phone begins with; nothing for what is none."""
    digits = phone_digits(text) if OF_A_PHONE.issuperset(text) else ""
    return digits if len(digits) >= FEWEST_DIGITS else ""


def phone_digits(phone: str) -> str:
    """04 555 0100, (04) 555-0100 and +64 (0)4 555 0100 are one."""
    digits = "".join(each for each in phone if each in "0123456789")
    is_abroad = phone.lstrip(" (").startswith(("+64", "0064"))
    return "0" + digits.removeprefix("00").removeprefix("64").removeprefix("0") if is_abroad else digits


def _in_full(words: list[str]) -> list[str]:
    return [SHORTENED.get(word, word) for word in words]


def _from(words: list[str], start: int) -> str:
    return " ".join(words[start : start + MOST_WORDS])[:LONGEST]
