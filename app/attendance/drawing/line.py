"""A student's attendance as a line, week by week, with what happened on it (T4)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from app.attendance.drawing.rules import Part
from app.attendance.drawing.sketches import FOOT, HUNDRED, LEFT, Drawing, Shape, Text
from app.attendance.tallies.rules import TermDays, monday_of
from app.calendars.school_terms import year_and_number

A_WEEK = timedelta(weeks=1)
WIDTH, MARKER = 340, 15
"""Of the drawing, in its units; and of the number of what happened."""
BOUNDS = (0, 70, 80, 90)
"""Per cent: between them lie the bands of the rate."""
ROOM_FOR_YEAR, ROOM_FOR_TERM = 42, 14


@dataclass(frozen=True)
class Happening:
    """Something that happened on a day, for whoever may read it."""

    on: date
    words: str


@dataclass(frozen=True)
class Numbered:
    """What happened in a week, and the number that stands for it."""

    number: int
    monday: date
    happenings: Sequence[Happening]


@dataclass(frozen=True)
class _Place:
    x: int
    y: int
    monday: date


def numbered(happenings: Iterable[Happening]) -> list[Numbered]:
    """By weeks, in order."""
    in_order = sorted(happenings, key=lambda each: each.on)
    weeks = groupby(in_order, key=lambda each: monday_of(each.on))
    return [Numbered(number, monday, list(some)) for number, (monday, some) in enumerate(weeks, start=1)]


def line_drawing(weeks: Sequence[Part], happened: Sequence[Numbered], terms: Sequence[TermDays]) -> Drawing:
    """Per cent present of each week. Where nothing is rated the line has a gap: in holidays, and where there are no marks."""
    at = _across([each.from_on for each in weeks if each.from_on] + [each.monday for each in happened])
    levels = list(_levels(at, happened))
    top = 6 + MARKER * (max(levels, default=-1) + 1)
    foot = top + HUNDRED
    numbers = zip(happened, levels, strict=True)
    marks = [Text(at[each.monday], 12 + MARKER * level, str(each.number)) for each, level in numbers]
    bands = list(_bands(at, terms))
    points = list(_points(weeks, at, foot))
    shapes = [
        Shape("term", "".join(f"M{left} {top}h{wide}V{foot}h-{wide}z" for left, wide, _ in bands)),
        Shape("scale", "".join(f"M{LEFT} {foot - cent}H{WIDTH}" for cent in (*BOUNDS, HUNDRED))),
        Shape("event", "".join(f"M{mark.x} {mark.y + 3}V{foot}" for mark in marks)),
        Shape("line", _joined(points)),
        Shape("point", "".join(f"M{each.x} {each.y}h0" for each in points)),
    ]
    scale = [Text(LEFT - 16, foot - cent + 4, f"{cent} %") for cent in (0, 70, 90)]
    shown = [(left + wide // 2, _name(term, wide)) for left, wide, term in bands if wide >= ROOM_FOR_TERM]
    return Drawing(WIDTH, foot + FOOT, shapes, [*scale, *marks, *(Text(x, foot + 13, name) for x, name in shown)])


def _points(weeks: Sequence[Part], at: Mapping[date, int], foot: int) -> Iterator[_Place]:
    for each in weeks:
        if each.from_on and each.per_cent is not None:
            yield _Place(at[each.from_on], foot - each.per_cent, each.from_on)


def _across(mondays: Sequence[date]) -> Mapping[date, int]:
    """Each Monday from the first to the last one, holidays too: time runs evenly."""
    if not mondays:
        return {}
    first, number = min(mondays), (max(mondays) - min(mondays)).days // 7
    step = (WIDTH - LEFT - MARKER) / max(1, number)
    return {first + week * A_WEEK: round(LEFT + MARKER // 2 + week * step) for week in range(number + 1)}


def _levels(at: Mapping[date, int], happened: Sequence[Numbered]) -> Iterator[int]:
    """The lowest at which a number does not stand in another."""
    ends: list[int] = []
    for each in happened:
        x = at[each.monday]
        level = next((number for number, end in enumerate(ends) if end <= x - MARKER), len(ends))
        ends[level : level + 1] = [x]
        yield level


def _bands(at: Mapping[date, int], terms: Sequence[TermDays]) -> Iterator[tuple[int, int, TermDays]]:
    """Of each term the left edge and the width, as far as it lies in the picture."""
    for term in terms:
        inside = [x for monday, x in at.items() if monday_of(term.from_on) <= monday <= term.to_on]
        if inside:
            yield inside[0] - 2, inside[-1] - inside[0] + 4, term


def _name(term: TermDays, wide: int) -> str:
    year, number = year_and_number(term.code)
    return f"T{number} {year}" if wide >= ROOM_FOR_YEAR else f"T{number}"


def _joined(points: Sequence[_Place]) -> str:
    """Lines from week to week; after a gap it begins anew."""
    found, before = [], None
    for each in points:
        is_next = before is not None and each.monday - before == A_WEEK
        found.append(f"{'L' if is_next else 'M'}{each.x} {each.y}")
        before = each.monday
    return "".join(found)
