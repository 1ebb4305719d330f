"""A student's half-day marks on a page: sums of terms, and pictures with the same facts as tables (T2, T4)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from textwrap import shorten

from app.attendance.codes import NO_MARK
from app.attendance.drawing.line import Happening, Numbered, line_drawing, numbered
from app.attendance.drawing.queries import Drawn, TermSums, drawn_of, sums_of_terms
from app.attendance.drawing.rules import DAY_NAMES, Part, TermPicture, by_weekday, picture_of, week_by_week
from app.attendance.drawing.sketches import Drawing, bars_drawing, term_drawing
from app.attendance.marks.queries import FormerWeek, former_marks
from app.attendance.tallies.comparing import Around, around
from app.attendance.tallies.rules import TermDays
from app.attendance.tallying import Marked
from app.cases.entries import EntryKind
from app.cases.meetings.rules import label_of
from app.cases.queries import CaseHead
from app.cases.timeline import happened_on
from app.core import clock
from app.core.db import AnyRow
from app.people.queries import Actor

TERMS_SHOWN = 5
"""The present one, and the four before it (T2)."""
LONGEST_SAID, MOST_AROUND = 90, 20
WORDS = {
    EntryKind.REQUEST: "Support request",
    EntryKind.STATUS: "Status",
    EntryKind.LETTER: "Letter",
    EntryKind.PLAN: "Plan",
}
SAYS_MORE = (EntryKind.STATUS, EntryKind.LETTER)
HALVES, DAYS = ("am", "pm") * len(DAY_NAMES), [name[:3] for name in DAY_NAMES]


@dataclass(frozen=True)
class Pictured:
    """Half-days that belong together, drawn, and as they stand in the table beneath."""

    drawing: Drawing
    parts: Sequence[Part]


@dataclass(frozen=True)
class ShownMarks:
    """Everything that a page shows of a student's marks at one school, and the sums of others where they may be seen."""

    now: TermSums
    """The term that is looked at: the newest one where no other is asked for."""
    terms: Sequence[TermSums]
    """The present one and those before it, of every school that is shown."""
    picture: TermPicture
    calendar: Drawing
    weekdays: Pictured
    weeks: Pictured
    line: Pictured
    happened: Sequence[Numbered]
    around: Sequence[tuple[Happening, Around]]
    """The same, with the school weeks before it and after it, where both are marked; the newest first."""
    since_request: Around | None
    """Everything before the last support request, and everything since."""
    former: Sequence[tuple[FormerWeek, str]]
    """Weeks that a later import changed, with what it changed."""


def marks_of_case(
    actor: Actor, head: CaseHead, asked: Mapping[str, str], *, school_id: int | None
) -> ShownMarks | None:
    """With what happened on it, as far as this person may know of it."""

    def happened() -> Iterable[Happening]:
        return (Happening(_day(row), _words(row)) for row in happened_on(actor, head.id))

    return marks_shown(head.student_id, asked, school_id=school_id, happened=happened)


def marks_shown(
    student_id: int,
    asked: Mapping[str, str],
    *,
    school_id: int | None,
    happened: Callable[[], Iterable[Happening]] = list,
) -> ShownMarks | None:
    """Of one school where its own people look. None where there are no marks; else five statements."""
    every = sums_of_terms(student_id, school_id)
    if not every:
        return None
    now = next((each for each in every if _is_asked(each, asked)), every[0])
    here = [each for each in every if each.school_id == now.school_id]
    drawn = drawn_of(student_id, here)
    newest = sorted({each.term for each in every}, reverse=True)[:TERMS_SHOWN]
    shown = [each for each in every if each.term in newest]
    former = [(week, _changed(week)) for week in former_marks(student_id, now.school_id)]
    return _pictured(now, shown, drawn, drawn.terms[here.index(now)], happened=numbered(happened()), former=former)


def _is_asked(each: TermSums, asked: Mapping[str, str]) -> bool:
    return str(each.term) == asked.get("term") and asked.get("school", each.school_number) == each.school_number


def _pictured(
    now: TermSums,
    shown: Sequence[TermSums],
    drawn: Drawn,
    term: TermDays,
    *,
    happened: Sequence[Numbered],
    former: Sequence[tuple[FormerWeek, str]],
) -> ShownMarks:
    picture, known = picture_of(drawn.known, term), drawn.known
    codes = {each.term for each in shown}
    weekdays = by_weekday([each for some in drawn.terms if some.code in codes for each in known.marked(some)])
    weeks = week_by_week(known.marked(term))
    half_days = sorted((each for some in drawn.terms for each in known.marked(some)), key=lambda each: each.day)
    every = week_by_week(half_days)
    return ShownMarks(
        now,
        shown,
        picture,
        term_drawing(picture),
        Pictured(bars_drawing(weekdays, HALVES, DAYS), weekdays),
        Pictured(bars_drawing(weeks, [str(number) for number in range(1, len(weeks) + 1)]), weeks),
        Pictured(line_drawing(every, happened, drawn.terms), every),
        happened,
        _around(half_days, happened),
        _since_request(half_days, happened),
        former,
    )


def _since_request(half_days: Sequence[Marked], happened: Sequence[Numbered]) -> Around | None:
    requests = [each.on for week in happened for each in week.happenings if each.words == WORDS[EntryKind.REQUEST]]
    return around(half_days, requests[-1], weeks=None) if requests else None


def _around(half_days: Sequence[Marked], happened: Sequence[Numbered]) -> list[tuple[Happening, Around]]:
    every = [each for week in reversed(happened) for each in reversed(week.happenings)]
    found = [(each, around(half_days, each.on)) for each in every]
    return [(each, sides) for each, sides in found if sides.before.sums.rated and sides.after.sums.rated][:MOST_AROUND]


def _changed(week: FormerWeek) -> str:
    """Mon am: T became M."""
    pairs = enumerate(zip(week.before, week.told, strict=True))
    changed = [(place, was, now) for place, (was, now) in pairs if NO_MARK not in {was, now} and was != now]
    return "; ".join(f"{DAYS[place // 2]} {HALVES[place]}: {was} became {now}" for place, was, now in changed)


def _day(row: AnyRow) -> date:
    return row.happened_on or clock.nz(row.happened_at).date()


def _words(row: AnyRow) -> str:
    if row.kind is EntryKind.EVENT:
        return label_of(row.event_kind) if row.event_kind else "What happened"
    said = row.body if row.kind in SAYS_MORE and row.body else ""
    return f"{WORDS[row.kind]}: {shorten(said, LONGEST_SAID, placeholder='…')}" if said else WORDS[row.kind]
