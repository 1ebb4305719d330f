"""The address as the window of an envelope shows it (LET-3)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.core.figures import the_figures
from app.figures import Figures
from app.letters.characters import width

POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True)
class Window:
    """Where the address block stands on an A4 page, in millimetres from its left and upper edges."""

    left: int
    top: int
    width: int
    height: int
    clear: int = 5
    """Nothing else prints so near to it."""
    size: int = 10
    """Of the type, in points."""
    line: int = 12
    """From line to line, in points."""

    @property
    def most_lines(self) -> int:
        return int(self.height * POINTS_PER_MM / self.line)

    @property
    def below(self) -> int:
        """Where other things may be printed again."""
        return self.top + self.height + self.clear

    @property
    def words(self) -> str:
        return f"{self.width} × {self.height} mm at {self.left} mm from the left and {self.top} mm from the top"

    def shows(self, line: str) -> bool:
        return width(line, self.size) <= self.width * POINTS_PER_MM


def window_of(figures: Figures) -> Window:
    """Its place is a setting: each kind of envelope has its own."""
    sides = (figures.window_left_mm, figures.window_top_mm, figures.window_width_mm, figures.window_height_mm)
    return Window(*sides)


def the_window() -> Window:
    """As this portal is set."""
    return window_of(the_figures())


def fault_of_window(printed: Sequence[str], window: Window) -> str:
    """Why an address, the name included, does not fit the window of the envelope, or nothing."""
    if len(printed) > window.most_lines:
        return f"The address has {len(printed)} lines with the name; the envelope’s window shows {window.most_lines}."
    long = next((line for line in printed if not window.shows(line)), "")
    return f"This line is too long for the envelope’s window: “{long}”." if long else ""
