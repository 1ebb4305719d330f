"""The texts of letters: data, in our own words, checked when they are read (LET-8, LET-9).

A text is a file in texts/, or one that an organisation wrote in the portal (`wordings`): what the letter is called, its
first heading, and its blocks in their order."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from app.core.lists import is_valid_on, rows
from app.letters.blocks import (
    CONDITIONS,
    NEEDS,
    Block,
    Kind,
    Known,
    block_of,
    checked,
    refuse_others,
    text_of,
)
from app.letters.facts import Facts, labels_of
from app.letters.fields import Incomplete, WordingRefused, fields_of, filled
from app.letters.purposes import Purpose

TEXTS = Path(__file__).parent / "texts"
LAW = Path(__file__).parent / "lists" / "law.csv"


@dataclass(frozen=True)
class Wording:
    """What one letter says before its fields are filled; `digest` is the SHA-256 of it and of the law passages that hold on
    the day."""

    title: str
    """What the letter is called; has no fields, so that it names nobody."""
    digest: str
    heading: str
    blocks: tuple[Block, ...]
    lang: str = ""
    """As BCP 47 names it; empty: New Zealand English."""
    second: "Wording | None" = None
    """The same in another language, in the same letter."""

    @property
    def all_text(self) -> str:
        """Everything it says, to look for characters that cannot be printed."""
        mine = "".join([self.title, self.heading, *[block.text + "".join(block.items) for block in self.blocks]])
        return mine + (self.second.all_text if self.second else "")

    @property
    def parts(self) -> tuple["Wording", ...]:
        """One for each language."""
        return (self, self.second) if self.second else (self,)

    def filled(self, facts: Facts) -> "Wording":
        """As one letter says it: its fields filled, without the blocks that do not apply. Raises `Incomplete`."""
        return replace(
            self,
            heading=filled(self.heading, facts.values),
            blocks=tuple(block.filled(facts.values) for block in self.blocks if block.applies_to(facts)),
            second=self.second.filled(facts) if self.second else None,
        )

    def beside(self, second: "Wording") -> "Wording":
        """Both in one letter, this one first."""
        digest = hashlib.sha256(f"{self.digest}+{second.digest}".encode()).hexdigest()
        return replace(self, digest=digest, second=second)


@lru_cache(maxsize=64)
def wording_for(purpose: Purpose, step: int, day: date) -> Wording:
    """Our own text of a step with the law of that day. Raises `WordingRefused` where there is none, or where it has a fault."""
    return of_content(ours(purpose, step), file_of(purpose, step), Known(law_on(day), frozenset(labels_of(purpose))))


def file_of(purpose: Purpose, step: int) -> str:
    return f"{purpose.lower()}-{step}.toml"


@lru_cache(maxsize=64)
def ours(purpose: Purpose, step: int) -> Mapping[str, Any]:
    """Our own text as it stands in its file. Raises `WordingRefused` where there is none."""
    file = TEXTS / file_of(purpose, step)
    if not file.exists():
        raise WordingRefused(f"{file.name}: there is no such text.")
    return _parsed(file.read_text(encoding="utf-8"), file.name)


def law_on(day: date) -> dict[str, str]:
    """The law passages that hold on a day, by name."""
    return {row["name"]: row["text"] for row in rows(LAW) if is_valid_on(row, day)}


def read(toml: str, name: str, law: Mapping[str, str]) -> Wording:
    """A text, checked. Raises `WordingRefused` with the file's name, the block and the place."""
    return of_content(_parsed(toml, name), name, Known(law))


def of_content(content: Mapping[str, Any], name: str, known: Known, lang: str = "") -> Wording:
    """The same from what a file, or a version in the database, holds."""
    refuse_others(content, {"title", "heading", "blocks"}, name)
    title, heading = title_of(content, name), heading_of(content, name, known)
    listed = content.get("blocks")
    if not isinstance(listed, list) or not all(isinstance(block, dict) for block in listed):
        raise WordingRefused(f"{name}: it needs [[blocks]].")
    blocks = tuple(block_of(block, f"{name}, block {number}", known) for number, block in enumerate(listed, 1))
    said = [title, heading, [asdict(block) for block in blocks], *([lang] if lang else [])]
    digest = hashlib.sha256(json.dumps(said, ensure_ascii=False).encode()).hexdigest()
    return Wording(title, digest, heading, blocks, lang)


def title_of(content: Mapping[str, Any], name: str) -> str:
    title = text_of(content, "title", name)
    if fields_of(title, f"{name}, title"):
        raise WordingRefused(f"{name}, title: it stands in the properties of the file, and must name nobody.")
    return title


def heading_of(content: Mapping[str, Any], name: str, known: Known) -> str:
    return checked(text_of(content, "heading", name), "", f"{name}, heading", known)


def _parsed(toml: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(toml)
    except tomllib.TOMLDecodeError as error:
        raise WordingRefused(f"{name}: {error}") from error


__all__ = [
    "CONDITIONS",
    "NEEDS",
    "Block",
    "Incomplete",
    "Kind",
    "Wording",
    "WordingRefused",
    "file_of",
    "heading_of",
    "law_on",
    "of_content",
    "ours",
    "read",
    "title_of",
    "wording_for",
]
