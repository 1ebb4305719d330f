"""What a request asked the database, and whether a GET wrote what it may not."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType
from typing import Any

import pytest
from sqlalchemy import Engine, event

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "PRAGMA")
WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "ALTER", "DROP")
SEEN = "app/core/seen.py"


@dataclass
class Statements:
    """The statements of the last request, or of a `with statements.counted():` block."""

    texts: list[str] = field(default_factory=list)
    values: list[Any] = field(default_factory=list)
    """What each was asked with."""
    seen: list[tuple[str, Any]] = field(default_factory=list)
    """What core.seen wrote, and with what."""

    @property
    def count(self) -> int:
        """Without BEGIN and the like, and without what core.seen writes."""
        return len(self.texts)

    @property
    def writes(self) -> list[str]:
        return [text for text in self.texts if text.lstrip().upper().startswith(WRITES) or "\nINSERT" in text]

    @contextmanager
    def counted(self) -> Iterator["Statements"]:
        """Forget what was, and take down what is asked inside."""
        self.texts.clear()
        self.values.clear()
        self.seen.clear()
        was_listening = any(each is self for each in _listening)
        if not was_listening:
            _listening.append(self)
        try:
            yield self
        finally:
            if not was_listening:
                _listening[:] = [each for each in _listening if each is not self]


_listening: list[Statements] = []


@pytest.fixture
def statements() -> Statements:
    """`statements.count` and `.texts` of the client's last request."""
    return Statements()


@event.listens_for(Engine, "before_cursor_execute")
def _take_down(_connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
    if not _listening or statement.lstrip().upper().startswith(NOT_COUNTED):
        return
    is_seen = _is_from_seen()
    for statements in _listening:
        if is_seen:
            statements.seen.append((statement, values))
        else:
            statements.texts.append(statement)
            statements.values.append(values)


def _is_from_seen() -> bool:
    frame: FrameType | None = sys._getframe(2)
    while frame is not None:
        if frame.f_code.co_filename.endswith(SEEN):
            return True
        frame = frame.f_back
    return False
