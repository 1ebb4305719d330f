"""Imports are undone in any order: what stands is always what those still kept say, the one kept last on top (ATT-4)."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.codes import NO_MARK
from app.attendance.marks import carrying, keeping, undoing
from app.attendance.marks.actions import UNDONE_WITHIN, undo_import
from app.attendance.marks.carrying import STAYED, carry_imports
from app.attendance.marks.comparing import EMPTY, Told, undone
from app.attendance.marks.models import ImportedWeek, ImportState
from app.attendance.marks.queries import former_marks
from app.attendance.marks.undoing import DAILY, forget_old_confirmations_daily
from app.attendance.tallying import laid_over
from app.core.db import begin_write, db
from app.core.errors import Refused
from tests import make
from tests.attendance import exports
from tests.attendance.exports import MONDAY, NSN, csv, lines

THEN = datetime(2026, 3, 1, tzinfo=UTC)
A_WEEK = st.text("PTM" + NO_MARK * 3, min_size=10, max_size=10)
FIRST, SECOND, THIRD = "PPPPPP....", "TT..PPMM..", "..MMPPMM.T"


@pytest.fixture
def school(own_world: make.World) -> make.World:
    exports.numbered(own_world.ng, NSN)
    exports.on_roll(own_world.ng, own_world.tawa)
    db.session.commit()
    return own_world


def laid(stood: str, kept: list[Told]) -> str:
    for each in kept:
        stood = laid_over(stood, each.told)
    return stood


@given(A_WEEK, st.lists(st.one_of(A_WEEK, st.integers(0, 20)), max_size=12))
def test_whatever_is_kept_and_undone_what_is_kept_stands(stood: str, steps: list[str | int]) -> None:
    """A word is kept on top; a number undoes one of those that are kept."""
    now, kept = stood, []
    for number, step in enumerate(steps):
        if isinstance(step, str):
            kept.append(Told(number, THEN, step, now))
            now = laid_over(now, step)
        elif kept:
            gone = kept.pop(step % len(kept))
            later = [each for each in kept if each.import_id > gone.import_id]
            went = undone(now, gone, later)
            changed = {each.import_id: each for each in went.later}
            now, kept = went.marks, [changed.get(each.import_id, each) for each in kept]
            told_again = {place for each in later for place in range(10) if each.told[place] != NO_MARK}
            assert went.stayed == sum(gone.told[place] != NO_MARK for place in told_again)
        assert now == laid(stood, kept)


@pytest.mark.parametrize("order", list(permutations(range(3))), ids=str)
def test_three_imports_are_undone_in_any_order(school: make.World, clock: Traveller, order: tuple[int, ...]) -> None:
    kept = {}
    for number, said in enumerate((FIRST, SECOND, THIRD)):
        kept[number] = said, exports.kept(school.mere, csv(*lines(said), headings=f"{exports.HEADINGS},{number}"))
        clock.shift(timedelta(minutes=1))
    for number in order:
        _, import_id = kept.pop(number)
        undo(import_id, school)
        stands = EMPTY
        for said, _ in kept.values():
            stands = laid_over(stands, said)
        assert exports.marks_of(school.tawa, school.ng) == ({MONDAY: stands} if kept else {})


def test_what_was_undone_does_not_come_back(school: make.World, clock: Traveller) -> None:
    first = exports.kept(school.mere, csv(*lines("PPPPPPPPPP")))
    clock.shift(timedelta(minutes=1))
    second = exports.kept(school.mere, csv(*lines("TTTT......")))
    undo(first, school)
    assert exports.now(first).fault == STAYED
    assert (exports.now(second).new, exports.now(second).changed) == (4, 0), "nothing stands below it any more"
    (former,) = former_marks(school.ng.id, school.tawa.id)
    assert (former.told, former.undone_at is not None) == ("PPPPPPPPPP", True)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "TTTT......"}
    undo(second, school)
    assert exports.marks_of(school.tawa, school.ng) == {}


def test_what_a_fuller_export_says_too_stands_on_where_the_first_is_undone(
    school: make.World, clock: Traveller
) -> None:
    first = exports.kept(school.mere, csv(*lines("PPPP......")))
    clock.shift(timedelta(minutes=1))
    exports.kept(school.mere, csv(*lines("PPPPTTPPPP")))
    undo(first, school)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "PPPPTTPPPP"}


def test_of_what_is_sent_again_each_week_only_what_was_new_is_known_for_ever(
    school: make.World, clock: Traveller
) -> None:
    first = exports.kept(school.mere, csv(*lines("PPPPPPPPPP")))
    clock.shift(timedelta(minutes=1))
    after = MONDAY + timedelta(weeks=1)
    again = exports.kept(school.mere, csv(*lines("PPPPPPPPPP"), *lines("TTPPPPPPPP", monday=after)))
    forget_old_confirmations_daily()
    assert weeks_known() == 3
    clock.shift(UNDONE_WITHIN)
    forget_old_confirmations_daily()
    assert weeks_known() == 2
    with pytest.raises(Refused, match="for 90 days"):
        undo(first, school)
    db.session.rollback()
    clock.shift(timedelta(days=-30))
    undo(again, school)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "PPPPPPPPPP"}


def test_an_undo_that_is_broken_off_says_at_last_that_some_stayed(
    school: make.World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    after = MONDAY + timedelta(weeks=1)
    first = exports.kept(school.mere, csv(*lines("PPPPPPPPPP"), *lines("PPPPPPPPPP", monday=after)))
    clock.shift(timedelta(minutes=1))
    exports.kept(school.mere, csv(*lines("TTTT......")))
    monkeypatch.setattr(keeping, "A_BITE", 1)
    put_back, calls = undoing.put_some_back, []

    def fails_once(*args: object) -> object:
        calls.append(1)
        if len(calls) == 2:
            raise RuntimeError
        return put_back(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(carrying, "put_some_back", fails_once)
    undo(first, school)
    assert exports.now(first).state is ImportState.UNDOING
    clock.shift(timedelta(minutes=2))
    carry_imports()
    assert (exports.now(first).state, exports.now(first).fault) == (ImportState.UNDONE, STAYED)
    assert exports.marks_of(school.tawa, school.ng) == {MONDAY: "TTTT......"}


def test_it_is_looked_for_once_a_day(school: make.World, clock: Traveller) -> None:
    exports.kept(school.mere, csv(*lines("PPPPPPPPPP")))
    clock.shift(timedelta(minutes=1))
    exports.kept(school.mere, csv(*lines("PPPPPPPPPP"), *lines("TT", monday=MONDAY + timedelta(weeks=1))))
    clock.shift(UNDONE_WITHIN - timedelta(hours=1))
    forget_old_confirmations_daily()
    clock.shift(timedelta(hours=2))
    forget_old_confirmations_daily()
    assert weeks_known() == 3
    clock.shift(DAILY)
    forget_old_confirmations_daily()
    assert weeks_known() == 2


def weeks_known() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ImportedWeek)) or 0


def undo(import_id: int, school: make.World) -> None:
    begin_write()
    undo_import(import_id, by=school.mere)
    db.session.commit()
    carry_imports()
