"""What marks ask is found when they are counted, kept while it is so, and asked until somebody answers (ATT-3)."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.attendance.prompts import actions, listing, queries, telling
from app.attendance.prompts.models import MarkPrompt, PromptAnswer, PromptKind
from app.attendance.prompts.rules import RETURN, AnswerFacts, Ask
from app.cases.prompts.actions import _tell_of_returns as tell_of_the_returns
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Audit
from app.students.models import Enrolment, EnrolmentType
from app.students.records.models import MergeState, StudentMerge
from tests import make
from tests.attendance import marked
from tests.attendance.marked import TERM_1
from tests.letters import school

pytestmark = pytest.mark.usefixtures("clock")
AWAY, HERE, EXCUSED = "T" * 10, "P" * 10, "J" * 10


def lines(world: make.World, **more: str) -> list[tuple[str, str, int]]:
    return [(row.legal_name, row.ask, row.days) for row in listing.prompts_for(world.mere, **more)]


def kept() -> list[MarkPrompt]:
    return list(
        db.session.scalars(select(MarkPrompt).order_by(MarkPrompt.id).execution_options(populate_existing=True))
    )


def prompt(world: make.World) -> queries.PromptOfStudent:
    """The only one that there is."""
    found = queries.prompt_for(world.mere, listing.prompts_for(world.mere)[0].public_id)
    assert found
    return found


def answered(world: make.World, code: str, found: queries.PromptOfStudent | None = None, **more: Any) -> PromptAnswer:
    found = found or prompt(world)
    return actions.answer_prompt(found, AnswerFacts(code, **more), version=found.version, by=world.mere)


def away_for(world: make.World, weeks: int, then: str = "") -> None:
    marked.term(world.tawa, world.ng, *[AWAY] * weeks, *([then] if then else []))


def test_long_absence_is_asked_about_and_those_who_are_back_are_not(world: make.World) -> None:
    away_for(world, 3)
    assert lines(world) == [], "Waitangi Day is among them"
    away_for(world, 4)
    assert lines(world) == [("Grace Ng", Ask.ABSENT, 19)]
    away_for(world, 5)
    assert lines(world) == [("Grace Ng", Ask.ABSENT_TWENTY, 24)]
    away_for(world, 5, HERE)
    assert lines(world) == []
    assert [(each.kind, each.ended_at is None) for each in kept()] == [
        (PromptKind.ABSENT, False),
        (PromptKind.ABSENT_TWENTY, False),
    ]


def test_corrected_marks_take_the_line_away_and_back_again_it_is_the_same(world: make.World) -> None:
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "JJPPPPPPPP")
    (before,) = kept()
    assert lines(world) == [("Grace Ng", Ask.APPROVED_TOO_LONG, 6)]
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "EEPPPPPPPP")
    assert lines(world) == []
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "JJJJPPPPPP")
    assert lines(world) == [("Grace Ng", Ask.APPROVED_TOO_LONG, 7)]
    assert [each.public_id for each in kept()] == [before.public_id]


def test_marks_that_are_taken_back_take_their_lines_along(world: make.World) -> None:
    away_for(world, 4)
    marked.marks(world.tawa, world.ng, {TERM_1 + timedelta(weeks=number): "." * 10 for number in range(4)})
    assert lines(world) == []


def test_a_question_mark_of_yesterday_is_not_left_over_yet(world: make.World, clock: Traveller) -> None:
    marked.term(world.tawa, world.ng, HERE, "PPPPPPPP?P")
    clock.move_to(core_clock.begin_of(date(2026, 2, 16)) + timedelta(hours=10))
    assert lines(world) == []
    clock.move_to(core_clock.begin_of(date(2026, 2, 17)) + timedelta(hours=10))
    assert lines(world) == [("Grace Ng", Ask.NOT_KNOWN, 1)]


@pytest.mark.parametrize(("until", "again"), [((2, 20), (2, 21)), ((2, 23), (2, 24)), ((3, 31), (4, 13))])
def test_a_student_whose_stay_was_split_is_asked_about_still(
    world: make.World, until: tuple[int, int], again: tuple[int, int]
) -> None:
    """By a roll that lacked them for a day, or one that says when they come again."""
    away_for(world, 5)
    db.session.execute(update(Enrolment).where(Enrolment.student_id == world.ng.id).values(to_on=date(2026, *until)))
    make.enrolled(world.ng.id, world.tawa, from_on=date(2026, *again))
    marked.counted(world.tawa, TERM_1)
    assert lines(world) == [("Grace Ng", Ask.ABSENT_TWENTY, 24)]


def test_of_what_nobody_is_told_none_waits_to_be_told(world: make.World) -> None:
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "JJPPPPPPPP")
    away_for(world, 5)
    assert [(each.kind, each.told_at is None) for each in kept()] == [
        (PromptKind.APPROVED_TOO_LONG, False),
        (PromptKind.ABSENT_TWENTY, True),
    ]


def test_what_is_answered_is_asked_no_more_until_twenty_days(world: make.World) -> None:
    away_for(world, 4)
    answered(world, "approved", note="In hospital.")
    assert lines(world) == []
    away_for(world, 5)
    assert lines(world) == [("Grace Ng", Ask.ABSENT_TWENTY, 24)]
    answered(world, "withdrawn", done_on=core_clock.today())
    assert lines(world) == []
    away_for(world, 6)
    assert lines(world) == []


def test_of_whom_the_return_is_known_nothing_is_asked_at_twenty_days_until_that_day_has_passed(
    world: make.World, clock: Traveller
) -> None:
    away_for(world, 4)
    answered(world, "return_known", return_on=core_clock.today() + timedelta(days=3))
    away_for(world, 6)
    assert lines(world) == []
    clock.shift(timedelta(days=3))
    assert lines(world) == []
    clock.shift(timedelta(days=1))
    assert lines(world) == [("Grace Ng", Ask.RETURN_PASSED, 29)]
    away_for(world, 6, "PP" + "." * 8)
    assert lines(world) == []


def test_of_two_workers_one_tells_of_a_day_of_return(world: make.World, clock: Traveller) -> None:
    away_for(world, 5)
    answered(world, "return_known", return_on=core_clock.today() + timedelta(days=3))
    clock.shift(timedelta(days=4))
    both = [telling.returns_passed() for _ in range(2)]
    for rows in both:
        tell_of_the_returns(rows)
    assert list(db.session.scalars(select(Audit.event).where(Audit.event == RETURN))) == [RETURN]
    assert telling.returns_passed() == []


def test_another_day_of_return_is_an_answer_too(world: make.World, clock: Traveller) -> None:
    away_for(world, 5)
    answered(world, "return_known", return_on=core_clock.today())
    clock.shift(timedelta(days=1))
    assert lines(world) == [("Grace Ng", Ask.RETURN_PASSED, 24)]
    answered(world, "return_known", return_on=core_clock.today() + timedelta(days=7))
    assert lines(world) == []
    clock.shift(timedelta(days=8))
    assert lines(world) == [("Grace Ng", Ask.RETURN_PASSED, 24)]
    answered(world, "withdrawn", done_on=core_clock.today())
    assert lines(world) == []


def test_marks_said_to_be_put_right_are_asked_about_again_where_the_next_ones_say_the_same(world: make.World) -> None:
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "JJ" + "." * 8)
    answered(world, "corrected")
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "JJ" + "." * 8)
    assert lines(world) == []
    marked.term(world.tawa, world.ng, HERE, EXCUSED, "JJJJ" + "." * 6)
    assert lines(world) == [("Grace Ng", Ask.APPROVED_TOO_LONG, 7)]


def test_more_question_marks_are_asked_about_whatever_was_said_of_the_first(world: make.World) -> None:
    marked.term(world.tawa, world.ng, HERE, "??PPPPPPPP")
    answered(world, "other", note="Her nan rang.")
    assert lines(world) == []
    marked.term(world.tawa, world.ng, HERE, "????PPPPPP")
    assert lines(world) == [("Grace Ng", Ask.NOT_KNOWN, 2)]


def test_a_holiday_that_the_school_wrote_down_says_when_they_come_back(world: make.World, clock: Traveller) -> None:
    away_for(world, 5)
    school.holiday(world.mere, world.ng, days=-2)
    assert lines(world) == []
    clock.shift(timedelta(days=60))
    assert [ask for _, ask, _ in lines(world)] == [Ask.ABSENT_TWENTY]


def test_an_enrolment_of_who_does_not_attend_has_a_day_of_return(world: make.World) -> None:
    away_for(world, 5)
    of_ng = update(Enrolment).where(Enrolment.student_id == world.ng.id)
    db.session.execute(of_ng.values(type=EnrolmentType.NOT_ATTENDING))
    assert lines(world) == []


def test_whom_the_school_does_not_have_any_more_it_is_not_asked_about(world: make.World) -> None:
    away_for(world, 5)
    found = prompt(world)
    make.left(world.ng, world.tawa)
    assert lines(world) == []
    assert queries.prompt_for(world.mere, found.public_id) is None
    assert listing.number_for(world.mere) == 0


def test_of_two_schools_each_is_asked_about_its_own_marks(world: make.World) -> None:
    make.enrolled(world.ng.id, world.puna, from_on=TERM_1)
    away_for(world, 5)
    marked.term(world.puna, world.ng, HERE, "??PPPPPPPP")
    assert lines(world) == [("Grace Ng", Ask.ABSENT_TWENTY, 24)]
    (there,) = listing.prompts_for(world.jin)
    assert there.ask == Ask.NOT_KNOWN
    assert queries.prompt_for(world.mere, there.public_id) is None
    assert [row.ask for row in listing.prompts_of(world.ng.id, world.puna.id)] == [Ask.NOT_KNOWN]
    answered(world, "withdrawn", done_on=core_clock.today())
    assert (listing.number_for(world.mere), listing.number_for(world.jin), listing.number_for(world.tom)) == (0, 1, 0)


def test_the_most_urgent_stands_first_and_pages_go_on_behind_the_last(
    world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = ("Lani Fifita", "Moana Tai", "Wiki Ao")
    pupils = [make.student(name, world.tawa) for name in names]
    for pupil, weeks in zip(pupils, ((HERE, EXCUSED, EXCUSED), [AWAY] * 5, (HERE, "??PPPPPPPP")), strict=True):
        marked.term(world.tawa, pupil, *weeks)
    away_for(world, 4, "." * 10)
    every = lines(world)
    assert [name for name, *_ in every] == ["Moana Tai", "Grace Ng", "Lani Fifita", "Wiki Ao"]
    assert listing.counts_for(world.mere)[Ask.ABSENT, "10 Rātā"] == 1
    monkeypatch.setattr(listing, "PAGE", 2)
    first = listing.prompts_for(world.mere)
    assert len(first) == 3
    second = listing.place_of(first[1])
    assert [name for name, *_ in lines(world, after=second)] == ["Lani Fifita", "Wiki Ao"]
    answered(world, "approved", queries.prompt_for(world.mere, first[1].public_id), note="In hospital.")
    assert [name for name, *_ in lines(world, after=second)] == ["Lani Fifita", "Wiki Ao"], "the last one has gone"
    assert len(lines(world, after="9.20261399.x")) == len(lines(world, after="nobody")) == 3, "from the first on"
    assert [name for name, *_ in lines(world, ask=Ask.NOT_KNOWN)] == ["Wiki Ao"]
    assert lines(world, tutor="10 Rimu") == []


def test_what_is_answered_on_a_page_that_is_old_is_refused(world: make.World) -> None:
    away_for(world, 5)
    found = prompt(world)
    answered(world, "approved", found, note="In hospital.")
    with pytest.raises(Conflict):
        answered(world, "withdrawn", found, done_on=core_clock.today())
    seen = queries.prompt_for(world.mere, found.public_id)
    assert seen
    assert not seen.is_asked
    away_for(world, 5, HERE)
    with pytest.raises(Refused):
        answered(world, "withdrawn", seen, done_on=core_clock.today())
    assert len(queries.answers_about(found.id)) == 1


@pytest.mark.parametrize(
    ("code", "more"),
    [
        ("", {}),
        ("nonsense", {}),
        ("return_known", {}),
        ("return_known", {"return_on": date(2026, 1, 5)}),
        ("return_known", {"return_on": date(2028, 1, 5)}),
        ("withdrawn", {}),
        ("withdrawn", {"done_on": date(2026, 12, 24)}),
        ("approved", {}),
        ("other", {"note": "z" * 301}),
    ],
)
def test_an_answer_that_lacks_something_is_refused(world: make.World, code: str, more: dict[str, Any]) -> None:
    away_for(world, 5)
    with pytest.raises(Refused):
        answered(world, code, **more)
    assert not db.session.scalars(select(PromptAnswer)).all()


def test_an_answer_keeps_only_the_day_it_asks_for(world: make.World) -> None:
    away_for(world, 5)
    answer = answered(world, "return_known", return_on=date(2026, 6, 1), done_on=date(2026, 3, 1))
    assert (answer.return_on, answer.done_on) == (date(2026, 6, 1), None)


def test_answers_of_a_record_that_went_into_another_are_answers_still(world: make.World) -> None:
    away_for(world, 5)
    other = make.student("Grace Ng", world.tawa)
    marked.term(world.tawa, world.whanau, *[HERE] * 5)
    answered(world, "approved", note="In hospital.")
    merged(world, world.ng, other)
    assert lines(world) == []
    assert kept()[-1].student_id == other.id


def merged(world: make.World, one: make.Pupil, into: make.Pupil) -> None:
    """As two people would have it; the enrolment goes along."""
    at, by = core_clock.now(), world.ruth.person_id
    merge = StudentMerge(public_id="m", from_id=one.id, into_id=into.id, organisation_id=world.te_awa.id, why="One.")
    merge.state, merge.proposed_at, merge.proposed_by_id, merge.decided_at = MergeState.CONFIRMED, at, by, at
    merge.decided_by_id = world.lupe.person_id
    db.session.add(merge)
    db.session.execute(update(Enrolment).where(Enrolment.student_id == one.id).values(student_id=into.id))
    marked.counted(world.tawa, TERM_1)
