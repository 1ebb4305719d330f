"""A student's half-day marks on a page: sums of terms, and pictures with the same facts as tables (T2, T4)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from app.attendance.codes import NO_MARK
from app.attendance.drawing.line import Happening, Numbered, line_drawing, numbered
from app.attendance.drawing.queries import Drawn, TermSums, as_of, drawn_of, sums_of_terms
from app.attendance.drawing.rules import DAY_NAMES, Part, TermPicture, by_weekday, picture_of, week_by_week
from app.attendance.drawing.sketches import Drawing, bars_drawing, term_drawing
from app.attendance.marks.queries import FormerWeek, former_marks
from app.attendance.tallies.comparing import Around, around
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
TO_FRIDAY = timedelta(days=4)
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
    """Everything that a page shows of a student's marks at one school, and of others where they may be seen their sums and what was
    before and after."""

    now: TermSums
    """The term that is looked at: the newest one where no other is asked for."""
    terms: Sequence[TermSums]
    """The present one and those before it, of every school that is shown."""
    has_end: bool
    """Has anybody said the last day of the term that is looked at?"""
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
    actor: Actor, head: CaseHead, asked: Mapping[str, str], *, school_id: int | None, until: date | None
) -> ShownMarks | None:
    """With what happened on it, as far as this person may know of it; `until`: with nothing of later days."""

    def happened() -> Iterable[Happening]:
        return (Happening(_day(row), _words(row)) for row in happened_on(actor, head.id))

    return marks_shown(head.student_id, asked, school_id=school_id, until=until, happened=happened)


def marks_shown(
    student_id: int,
    asked: Mapping[str, str],
    *,
    school_id: int | None,
    until: date | None = None,
    happened: Callable[[], Iterable[Happening]] = list,
) -> ShownMarks | None:
    """Of one school where its own people look. None where there are no marks; else five statements, and what happened."""
    every = sums_of_terms(student_id, school_id, until=until)
    if not every:
        return None
    by_school = drawn_of(student_id, every, until)
    every = [as_of(each, by_school[each.school_id]) for each in every]
    now = next((each for each in every if _is_asked(each, asked)), every[0])
    newest = sorted({each.term for each in every}, reverse=True)[:TERMS_SHOWN]
    shown = [each for each in every if each.term in newest]
    former = _former(student_id, now.school_id, until or date.max)
    return _pictured(now, shown, by_school, happened=numbered(happened()), former=former)


def _former(student_id: int, school_id: int, until: date) -> list[tuple[FormerWeek, str]]:
    """Of weeks that were over by a day."""
    weeks = former_marks(student_id, school_id)
    return [(week, _changed(week)) for week in weeks if week.monday + TO_FRIDAY <= until]


def _is_asked(each: TermSums, asked: Mapping[str, str]) -> bool:
    return str(each.term) == asked.get("term") and asked.get("school", each.school_number) == each.school_number


def _pictured(
    now: TermSums,
    shown: Sequence[TermSums],
    by_school: Mapping[int, Drawn],
    *,
    happened: Sequence[Numbered],
    former: Sequence[tuple[FormerWeek, str]],
) -> ShownMarks:
    drawn, everywhere = by_school[now.school_id], _half_days(by_school.values())
    known, term = drawn.known, next(each for each in drawn.terms if each.code == now.term)
    picture = picture_of(known, term)
    return ShownMarks(
        now,
        shown,
        _has_end(drawn, now.term),
        picture,
        term_drawing(picture),
        _by_weekday(drawn, {each.term for each in shown}),
        _by_week(known.marked(term)),
        _along(drawn, happened),
        happened,
        _around(everywhere, happened),
        _since_request(everywhere, happened),
        former,
    )


def _has_end(drawn: Drawn, code: int) -> bool:
    row = drawn.known.calendar.term_of(code)
    return row is not None and row.to_on is not None


def _by_weekday(drawn: Drawn, codes: Collection[int]) -> Pictured:
    """Of these terms."""
    days = by_weekday([each for term in drawn.terms if term.code in codes for each in drawn.known.marked(term)])
    return Pictured(bars_drawing(days, HALVES, DAYS), days)


def _by_week(half_days: Sequence[Marked]) -> Pictured:
    weeks = week_by_week(half_days)
    return Pictured(bars_drawing(weeks, [str(number) for number in range(1, len(weeks) + 1)]), weeks)


def _along(drawn: Drawn, happened: Sequence[Numbered]) -> Pictured:
    weeks = week_by_week(_half_days([drawn]))
    return Pictured(line_drawing(weeks, happened, drawn.terms), weeks)


def _half_days(drawn: Iterable[Drawn]) -> list[Marked]:
    every = (each for some in drawn for term in some.terms for each in some.known.marked(term))
    return sorted(every, key=lambda each: each.day)


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
    changed = [(place, was, now) for place, (was, now) in pairs if now not in {NO_MARK, was}]
    said = [each for each in changed if week.undone_at or each[1] != NO_MARK]
    return "; ".join(
        f"{DAYS[place // 2]} {HALVES[place]}: {'no mark' if was == NO_MARK else was} became {now}"
        for place, was, now in said
    )


def _day(row: AnyRow) -> date:
    return row.happened_on or clock.nz(row.happened_at).date()


def _words(row: AnyRow) -> str:
    if row.kind is EntryKind.EVENT:
        return label_of(row.event_kind) if row.event_kind else "What happened"
    said = row.body if row.kind in SAYS_MORE and row.body else ""
    return f"{WORDS[row.kind]}: {shorten(said, LONGEST_SAID, placeholder='…')}" if said else WORDS[row.kind]
