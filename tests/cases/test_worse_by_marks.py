"""A student in transition misses more school by half-day marks than before: who learns of it, how often, and until when it stands
there (CASE-4)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from time_machine import Traveller

from app.attendance.tallies.actions import COUNTED, Recounted
from app.attendance.tallies.models import MarkWeek
from app.cases.absences.actions import compare_by_marks, tell_absences
from app.cases.absences.queries import compared_for
from app.cases.absences.rules import AGAIN, NO_LONGER, WORSE, compared_since
from app.cases.actions import change_status
from app.cases.models import Case, Status
from app.cases.statuses.actions import Asked, change_by_hand
from app.cases.statuses.rules import Change
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Audit, Happened
from tests import make
from tests.attendance import marked
from tests.attendance.marked import PRESENT, TERM_1
from tests.cases.test_worse_in_transition import BEGAN, DAY, NOW, stands, step_back, tell, told, whom
from tests.support.statements import Statements

pytestmark = pytest.mark.usefixtures("clock")
SOME, MORE = "TTPPPPPPPP", "TTTTTTPPPP"
BEFORE = (PRESENT, SOME, SOME, SOME)


@pytest.fixture
def case(clock: Traveller, world: make.World) -> Case:
    """In transition since a Monday; four weeks of term lie before it."""
    clock.move_to(core_clock.begin_of(BEGAN) + timedelta(hours=9))
    made = make.open_case(world)
    step_back(world, made)
    clock.move_to(core_clock.begin_of(NOW) + timedelta(hours=9))
    return made


def sent(world: make.World, *since: str) -> None:
    """The school sends its marks, week after week."""
    marked.term(world.tawa, world.whanau, *BEFORE, *since)


def signals() -> list[str]:
    which = Audit.event.in_((WORSE, AGAIN, NO_LONGER))
    return list(db.session.scalars(select(Audit.event).where(which).order_by(Audit.id)))


def decide(world: make.World, case: Case) -> None:
    end = {"expected_end_on": (core_clock.today() + timedelta(days=90)).isoformat(), "why": "It was the flu."}
    change_by_hand(make.head(world.ana, case), Asked(Change.EXTENSION, Status.TRANSITION, end), by=world.ana)


def test_the_manager_is_told_once_and_not_at_each_import(world: make.World, case: Case) -> None:
    sent(world, MORE, MORE)
    assert whom() == [world.ana.person_id]
    assert stands(world.ana)
    assert not stands(world.ruth)
    assert not stands(world.david)
    sent(world, MORE, "TTTTTTTPPP")
    assert whom() == [world.ana.person_id]
    assert signals() == [WORSE]


def test_what_was_recorded_names_the_marks_of_the_school_and_the_service(world: make.World, case: Case) -> None:
    sent(world, MORE, MORE)
    row = db.session.scalars(select(Audit).where(Audit.event == WORSE)).one()
    assert (row.thing, row.thing_id, row.case_id) == ("organisation", world.tawa.id, case.id)
    assert (row.person_id, row.organisation_id) == (None, world.te_awa.id)


@pytest.mark.parametrize("since", [(SOME, SOME), (PRESENT, PRESENT)])
def test_nobody_is_told_where_it_is_better_or_much_the_same(
    world: make.World, case: Case, since: tuple[str, ...]
) -> None:
    marked.term(world.tawa, world.whanau, MORE, *BEFORE[1:], *since)
    assert signals() == []
    assert not stands(world.ana)


def test_less_than_a_school_week_on_either_side_raises_no_alarm(world: make.World, case: Case) -> None:
    """The day on which it began is in neither."""
    sent(world, "TTTTTTTTTT")
    assert signals() == []
    assert compared_for(make.head(world.ana, case), world.tawa.id) is None
    sent(world, "TTTTTTTTTT", "T.........")
    assert signals() == []
    sent(world, "TTTTTTTTTT", "TT........")
    assert signals() == [WORSE]


def test_where_nothing_is_marked_before_nothing_is_compared(world: make.World, case: Case) -> None:
    marked.term(world.tawa, world.whanau, MORE, MORE, from_on=BEGAN)
    assert signals() == []


def test_a_case_that_is_not_in_transition_is_not_compared(world: make.World, case: Case) -> None:
    change_status(case, Status.OPEN, by=world.ana)
    sent(world, MORE, MORE)
    assert signals() == []


def test_marks_of_another_school_and_of_another_student_say_nothing_of_it(world: make.World, case: Case) -> None:
    make.enrolled(world.whanau.id, world.puna, from_on=TERM_1)
    marked.term(world.puna, world.whanau, *BEFORE, MORE, MORE)
    marked.term(world.tawa, world.ng, *BEFORE, MORE, MORE)
    assert signals() == []
    assert compared_for(make.head(world.ana, case), world.tawa.id) is None
    sent(world, SOME, PRESENT)
    found = compared_for(make.head(world.ana, case), world.tawa.id)
    assert found
    assert not found.is_worse
    assert signals() == []


def test_newer_marks_take_it_back_and_bring_it_back_without_telling_again(world: make.World, case: Case) -> None:
    sent(world, MORE, MORE)
    sent(world, SOME, PRESENT)
    assert not stands(world.ana)
    sent(world, MORE, MORE)
    assert stands(world.ana)
    assert signals() == [WORSE, NO_LONGER, AGAIN]
    assert whom() == [world.ana.person_id]


def test_marks_that_are_gone_again_say_nothing_any_more(world: make.World, case: Case) -> None:
    sent(world, MORE, MORE)
    sent(world, "." * 10, "." * 10)
    assert not stands(world.ana)
    assert signals() == [WORSE, NO_LONGER]


def test_it_stands_until_somebody_decides_and_is_told_again_after_that(
    clock: Traveller, world: make.World, case: Case
) -> None:
    sent(world, MORE, MORE)
    clock.shift(timedelta(minutes=1))
    decide(world, case)
    assert not stands(world.ana)
    clock.shift(timedelta(minutes=1))
    sent(world, MORE, "TTTTTTTPPP")
    assert stands(world.ana)
    assert whom() == [world.ana.person_id] * 2


def test_what_was_told_stands_until_marks_say_otherwise(world: make.World, case: Case) -> None:
    tell(world.tom, case, told(2, 2, 4, 4))
    assert stands(world.ana)
    sent(world, SOME, PRESENT)
    assert not stands(world.ana)
    sent(world, SOME, SOME)
    assert signals().count(NO_LONGER) == 1


def test_who_was_told_of_a_statement_is_not_told_of_marks_that_say_the_same(world: make.World, case: Case) -> None:
    tell(world.tom, case, told(2, 2, 4, 4))
    sent(world, MORE, MORE)
    assert whom() == [world.ana.person_id]
    tell(world.tom, case, told(4, 4, 2, 2))
    assert stands(world.ana), "where a school sends marks, they hold"


def test_what_is_told_of_a_later_term_holds_over_marks_of_a_former_one(
    clock: Traveller, world: make.World, case: Case
) -> None:
    sent(world, MORE, MORE)
    clock.move_to("2026-05-08T09:00+12:00")
    later = core_clock.today() - 11 * DAY
    tell(world.tom, case, told(2, 2, 2, 2))
    assert stands(world.ana), "of the same term marks hold"
    tell(world.tom, case, told(0, 0, from_on=later, told_on=core_clock.today()))
    assert not stands(world.ana)
    sent(world, MORE, "TTTTTTTPPP")
    assert not stands(world.ana)
    assert signals() == [WORSE, NO_LONGER]


def test_an_event_on_another_thing_is_not_mistaken_for_a_statement(world: make.World, case: Case) -> None:
    tell(world.tom, case, told(4, 4, 2, 2))
    statement_id = db.session.scalar(select(func.max(Audit.thing_id)).where(Audit.event == "absences.stated"))
    what = {"thing": "mark_week", "thing_id": statement_id, "case_id": case.id, "at": core_clock.now()}
    db.session.add(Audit(event=WORSE, role="waharoa", person_id=None, organisation_id=world.te_awa.id, **what))
    db.session.flush()
    assert not stands(world.ana)


def test_a_case_that_went_to_another_school_is_not_judged_by_the_marks_of_the_former(
    world: make.World, case: Case
) -> None:
    sent(world, MORE, MORE)
    case.school_id = world.puna.id
    db.session.flush()
    assert not stands(world.ana)


def test_one_statement_where_no_case_is_in_transition_and_few_where_many_are(
    world: make.World, case: Case, statements: Statements
) -> None:
    ask = Happened(COUNTED, Recounted(world.tawa.id, [world.ng.id], [20261]))
    db.session.flush()
    with statements.counted() as counted:
        compare_by_marks(ask, world.ana)
    assert counted.count == 1
    students = [world.whanau.id, *(_also_worse(world, number) for number in range(6))]
    db.session.execute(marks_of(world, students))
    db.session.flush()
    with statements.counted() as counted:
        compare_by_marks(Happened(COUNTED, Recounted(world.tawa.id, students, [20261])), world.ana)
    assert signals() == [WORSE] * 7
    assert counted.count <= 8


def _also_worse(world: make.World, number: int) -> int:
    pupil = make.student(f"Ara {number}", world.tawa)
    other = make.assigned(make.submitted(world.priya, pupil, contact=world.tom), to=world.ana, by=world.ruth)
    step_back(world, other)
    other.status_at = core_clock.begin_of(BEGAN) + timedelta(hours=9)
    assert compared_since(other) == BEGAN
    return pupil.id


def marks_of(world: make.World, students: list[int]) -> Any:
    """Kept, and not counted yet."""
    weeks = [*BEFORE, MORE, MORE]
    rows = [
        {"student_id": one, "school_id": world.tawa.id, "monday": TERM_1 + number * 7 * DAY, "marks": said}
        for one in students
        for number, said in enumerate(weeks)
    ]
    return MarkWeek.__table__.insert().values(rows)  # type: ignore[attr-defined]


def test_who_tells_days_absent_beside_marks_writes_in_few_statements(
    world: make.World, case: Case, statements: Statements
) -> None:
    sent(world, MORE, MORE)
    head = make.head(world.tom, case)
    with statements.counted() as counted:
        tell_absences(head, told(4, 4, 2, 2), school_id=world.tawa.id, by=world.tom)
    assert counted.count <= 9
