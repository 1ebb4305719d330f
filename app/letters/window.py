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


NAME_TOO_LONG = "The name “{}” is too long for the envelope’s window, on one line and on two. Write it shorter, for example with initials."
NO_LINE_FREE = (
    "The name “{}” needs two lines, and with the address that makes {}; the envelope’s window shows {}. Write the address on "
    "fewer lines, or the name shorter."
)


def in_window(printed: Sequence[str], window: Window) -> list[str]:
    """The lines of an address, the name first, as the window shows them: a name that is too long for a line is written on two,
    where it can be broken and a line is free."""
    name, *address = printed
    two = [] if window.shows(name) else on_two_lines(name, window)
    return [*two, *address] if two and len(two) + len(address) <= window.most_lines else [name, *address]


def on_two_lines(name: str, window: Window) -> list[str]:
    """Broken between two words, the first line as long as can be; nothing where no place will do."""
    words = name.split()
    broken = ([" ".join(words[:at]), " ".join(words[at:])] for at in range(len(words) - 1, 0, -1))
    return next((two for two in broken if all(map(window.shows, two))), [])


def fault_of_window(printed: Sequence[str], window: Window) -> str:
    """Why an address, its first line the name, does not fit the window of the envelope, or nothing."""
    name, *address = printed
    if len(printed) > window.most_lines:
        return f"The address has {len(printed)} lines with the name; the envelope’s window shows {window.most_lines}."
    if not window.shows(in_window(printed, window)[0]):
        is_broken = on_two_lines(name, window)
        return (
            NO_LINE_FREE.format(name, len(printed) + 1, window.most_lines) if is_broken else NAME_TOO_LONG.format(name)
        )
    long = next((line for line in address if not window.shows(line)), "")
    return f"This line is too long for the envelope’s window: “{long}”." if long else ""
