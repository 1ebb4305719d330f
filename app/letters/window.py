"""The address as the window of an envelope shows it (LET-3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.letters.characters import width

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Window:
    """Where the address block stands on an A4 page, in millimetres from its left and upper edges."""

    left: float = 20
    top: float = 45
    width: float = 85
    height: float = 30
    clear: float = 5
    """Nothing else prints so near to it."""
    size: float = 10
    """Of the type, in points."""
    line: float = 12
    """From line to line, in points."""

    @property
    def most_lines(self) -> int:
        return int(self.height * POINTS_PER_MM / self.line)

    @property
    def below(self) -> float:
        """Where other things may be printed again."""
        return self.top + self.height + self.clear

    def shows(self, line: str) -> bool:
        return width(line, self.size) <= self.width * POINTS_PER_MM


WINDOW = Window()
"""Assumed, until it is measured on a real DL envelope."""


def fault_of_window(printed: Sequence[str]) -> str:
    """Why an address, the name included, does not fit the window of the envelope, or nothing."""
    if len(printed) > WINDOW.most_lines:
        return f"The address has {len(printed)} lines with the name; the envelope’s window shows {WINDOW.most_lines}."
    long = next((line for line in printed if not WINDOW.shows(line)), "")
    return f"This line is too long for the envelope’s window: “{long}”." if long else ""
