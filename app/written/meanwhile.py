"""Two people edit a record at once: what the other one changed meanwhile, beside what was typed here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.core.versions import changed_since, version_of


@dataclass(frozen=True)
class Changed:
    """A field that says something else than when the page was loaded; `mine` is None where it was not touched here."""

    label: str
    now: str
    mine: str | None


@dataclass(frozen=True)
class Texts:
    """A record's texts by field: as they stand now, and as this page would have them; which version it was loaded with."""

    version: str
    now: Mapping[str, str]
    typed: Mapping[str, str]

    @property
    def other(self) -> set[str]:
        """Fields that were changed meanwhile, and say something else than what was typed."""
        return {field for field in changed_since(self.version, self.now) if self.now[field] != self.typed[field]}

    @property
    def mine(self) -> set[str]:
        """Fields that were changed on this page."""
        return changed_since(self.version, self.typed)

    def changed(self, labels: Mapping[str, str]) -> list[Changed]:
        return [
            Changed(labels[field], text, self.typed[field] if field in self.mine else None)
            for field, text in self.now.items()
            if field in self.other
        ]

    def merged(self, now: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
        """What the page goes on with: what was changed on it, and of the rest what stands there now."""
        return {field: typed[field] if field in self.mine else value for field, value in now.items()}

    @property
    def next_version(self) -> str:
        return version_of(self.now)
