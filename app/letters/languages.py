"""The languages of letters, from lists/languages.csv: by BCP 47 tag, by name, and as people write them (LET-9).

Only languages whose letters the fonts have are on the list."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from app.core.lists import rows
from app.core.text import fold

LANGUAGES = Path(__file__).parent / "lists" / "languages.csv"
ENGLISH = "en"
BETWEEN = "+"
"""Between the two languages of one letter (`Letter.languages`)."""


@cache
def names() -> dict[str, str]:
    """Tag → name, in the order of the list."""
    return {row["tag"]: row["name"] for row in rows(LANGUAGES)}


def name_of(tag: str) -> str:
    return names().get(tag, tag)


def words_of(languages: str) -> str:
    """“English”, or “Samoan and English”."""
    return " and ".join(name_of(tag) for tag in languages.split(BETWEEN))


@cache
def _tags() -> dict[str, str]:
    """What people write, folded → tag."""
    found: dict[str, str] = {}
    for row in rows(LANGUAGES):
        for written in (row["tag"], row["name"], row["own_name"], *row["also"].split(";")):
            found.setdefault(fold(written), row["tag"])
    return {written: tag for written, tag in found.items() if written}


def tag_of(written: str) -> str:
    """Which language somebody wrote down, whatever its macrons, capitals and spaces; empty where it is not on the list.
    Nothing written is English. Of several the first one that is known counts: “Samoan, some English”."""
    if not written.strip():
        return ENGLISH
    if tag := _tags().get(fold(written)):
        return tag
    parts = written.replace("/", ",").replace(";", ",").replace("(", ",").replace("&", ",").replace(" and ", ",")
    return next((tag for part in parts.split(",") if (tag := _tags().get(fold(part.strip())))), "")


def choices(languages: Sequence[str]) -> list[str]:
    """In what a letter can be written, where there are texts in these languages: each alone, and each together with English."""
    others = [tag for tag in languages if tag != ENGLISH]
    return [ENGLISH, *others, *(f"{tag}{BETWEEN}{ENGLISH}" for tag in others)] if ENGLISH in languages else others


def in_order(languages: str) -> str:
    """As `choices` has it: of two languages English is the second, as it stands on the right."""
    return BETWEEN.join(sorted(languages.split(BETWEEN), key=lambda tag: tag == ENGLISH))
