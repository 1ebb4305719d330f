"""Where each part of a picture stands, in units of its drawing: all half-days of a kind are one path, so that a term weighs little.
Templates draw it; colours and widths are the stylesheet's (T4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.attendance.drawing.rules import DAY_NAMES, HalfDay, Kind, Part, TermPicture

LABEL, HEAD, ROW = 52, 34, 24
"""What stands left of a term's half-days and above them, and the height of a week."""
WIDE, HIGH, STEP, BETWEEN_DAYS, BASELINE = 22, 20, 24, 6, 15
TERM_WIDTH = LABEL + 10 * STEP + 4 * BETWEEN_DAYS
LEFT, HUNDRED, FOOT, BAR_HEAD = 34, 100, 18, 14
"""Of bars: one unit up for each per cent."""


@dataclass(frozen=True)
class Text:
    x: int
    y: int
    words: str


@dataclass(frozen=True)
class Shape:
    """All of one kind: their outlines, and their signs, each with its place."""

    kind: str
    path: str
    across: str = ""
    down: str = ""
    signs: str = ""


@dataclass(frozen=True)
class Drawing:
    width: int
    height: int
    shapes: Sequence[Shape]
    texts: Sequence[Text]


def term_drawing(picture: TermPicture) -> Drawing:
    """Weeks beneath each other, Monday to Friday beside each other, each with its morning and its afternoon."""
    rows = [(week, HEAD + ROW * number) for number, week in enumerate(picture.weeks)]
    placed = [(each, top) for week, top in rows for each in week.half_days]
    shapes = [_half_days(kind, [both for both in placed if both[0].kind is kind]) for kind in picture.kinds]
    days = [Text(across(2 * number) + STEP - 1, 14, name[:3]) for number, name in enumerate(DAY_NAMES)]
    halves = [Text(across(number) + WIDE // 2, 29, ("am", "pm")[number % 2]) for number in range(10)]
    weeks = [Text(LABEL // 2 - 2, top + BASELINE, f"{week.monday.day} {week.monday:%b}") for week, top in rows]
    return Drawing(TERM_WIDTH, HEAD + ROW * len(rows), shapes, [*days, *halves, *weeks])


def across(column: int) -> int:
    """The left edge of a half-day."""
    return LABEL + column * STEP + column // 2 * BETWEEN_DAYS


def _half_days(kind: Kind, placed: Sequence[tuple[HalfDay, int]]) -> Shape:
    signed = [(each, top) for each, top in placed if each.sign]
    return Shape(
        kind.value,
        "".join(f"M{across(each.column)} {top}h{WIDE}v{HIGH}h-{WIDE}z" for each, top in placed),
        " ".join(str(across(each.column) + WIDE // 2) for each, _ in signed),
        " ".join(str(top + BASELINE) for _, top in signed),
        "".join(each.sign for each, _ in signed),
    )


def bars_drawing(parts: Sequence[Part], labels: Sequence[str], groups: Sequence[str] = ()) -> Drawing:
    """A bar for each part: how much of it was absent, with the number of half-days over it; beneath, what groups of as many are
    called."""
    step = (TERM_WIDTH - LEFT) / max(1, len(parts))
    wide = min(WIDE, int(step) - 4)
    bars = [(round(LEFT + (number + 0.5) * step), part) for number, part in enumerate(parts)]
    tops = [(x, BAR_HEAD + HUNDRED - part.absent_per_cent, part) for x, part in bars]
    shapes = [
        Shape("scale", "".join(f"M{LEFT} {BAR_HEAD + HUNDRED - cent}H{TERM_WIDTH}" for cent in (0, 50, 100))),
        Shape("bar", "".join(f"M{x - wide // 2} {top}h{wide}V{BAR_HEAD + HUNDRED}h-{wide}z" for x, top, _ in tops)),
    ]
    scale = [Text(LEFT - 16, BAR_HEAD + HUNDRED + 4 - cent, f"{cent} %") for cent in (0, 50, 100)]
    counts = [Text(x, top - 3, str(part.sums.absent)) for x, top, part in tops]
    names = [Text(x, BAR_HEAD + HUNDRED + 14, label) for (x, _), label in zip(bars, labels, strict=True)]
    wider = (TERM_WIDTH - LEFT) / max(1, len(groups))
    beneath = [
        Text(round(LEFT + (number + 0.5) * wider), BAR_HEAD + HUNDRED + 28, name) for number, name in enumerate(groups)
    ]
    foot = BAR_HEAD + HUNDRED + FOOT * (2 if groups else 1)
    return Drawing(TERM_WIDTH, foot, shapes, [*scale, *counts, *names, *beneath])
