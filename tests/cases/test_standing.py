"""Counts that are kept are those that are counted, whatever happens to cases, and whatever happens at once (quality.md)."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, update

from app.cases.actions import change_status, move_to
from app.cases.assignment.actions import assign
from app.cases.listing import counts_for
from app.cases.models import Case, Status, StatusCount
from app.cases.queries import case_to_change
from app.cases.rules import NEXT_STATUSES
from app.cases.standing import counted_again, kept_counts, recount, wrongly_managed
from app.core.db import begin_write, db
from app.doctor.counts import of_cases
from app.doctor.findings import Mark, Patient
from app.students.models import NameWord
from tests import make

APP = Path(__file__).parents[2] / "app"
NOBODY_ASKS: Patient = None  # type: ignore[assignment]
STEPS = st.lists(
    st.tuples(
        st.integers(0, 3),
        st.sampled_from(["open", "assign", "give", "change", "move", "leave", "reopen"]),
        st.integers(0, 9),
    ),
    max_size=12,
)


class Country:
    """Four students, whose cases open, change, move between services, close, and are asked for again."""

    def __init__(self, world: make.World) -> None:
        self.world = world
        self.pupils = [make.student(f"Tama Number{number}", world.tawa) for number in range(4)]

    def carry_out(self, which: int, what: str, chance: int) -> None:
        student = self.pupils[which]
        case = db.session.scalars(select(Case).where(Case.student_id == student.id).order_by(Case.id.desc())).first()
        if case is None or (what in {"open", "reopen"} and case.status is Status.CLOSED):
            make.submitted(self.world.priya, student, contact=self.world.tom)
        elif what == "assign" and case.status is Status.QUEUE and case.service_id == self.world.te_awa.id:
            assign(case.id, to=self.world.ana.person_id, by=self.world.ruth)
        elif what == "give" and case.service_id == self.world.te_awa.id and case.status is Status.OPEN:
            assign(case.id, to=[self.world.ana, self.world.david][chance % 2].person_id, by=self.world.ruth)
        elif what == "change":
            following = sorted(NEXT_STATUSES[case.status])
            change_status(case, following[chance % len(following)], by=self.world.ruth)
        elif what in {"move", "leave"}:
            service = [self.world.te_awa.id, self.world.maunga.id][chance % 2] if what == "move" else None
            move_to(case, service, "WGN", by=self.world.ruth)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=STEPS)
def test_kept_counts_are_those_that_are_counted(world: make.World, steps: list[tuple[int, str, int]]) -> None:
    example = db.session.begin_nested()
    try:
        country = Country(world)
        for step in steps:
            country.carry_out(*step)
            assert kept_counts() == counted_again()
            assert wrongly_managed() == 0
        assert set(counts_for(world.ruth)) == {
            status for service, status in counted_again() if service == world.te_awa.id
        }
    finally:
        example.rollback()


def test_a_service_sees_the_counts_of_its_own_cases(world: make.World) -> None:
    make.open_case(world)
    assert counts_for(world.ruth) == {Status.OPEN: 1}
    assert counts_for(world.lupe) == {}
    assert counts_for(world.mere) == counts_for(world.tom) == counts_for(world.ana) == {Status.OPEN: 1}
    assert counts_for(world.david) == counts_for(world.jin) == {}


def test_two_services_exchange_cases_while_they_are_recounted_and_nobody_waits_for_ever(
    app: Flask, own_world: make.World
) -> None:
    world, rounds = own_world, 12
    services = [world.te_awa.id, world.maunga.id]
    numbers = []
    for number in range(2):
        case = make.submitted(world.priya, make.student(f"Tama Number{number}", world.tawa), contact=world.tom)
        move_to(case, services[number], "WGN", by=world.ruth)
        numbers.append(case.id)
    db.session.commit()
    together = Barrier(3)

    def exchange(which: int) -> None:
        with app.app_context():
            together.wait(timeout=10)
            for turn in range(rounds):
                begin_write()
                case = case_to_change(numbers[which])
                move_to(case, services[(which + turn + 1) % 2], "WGN", by=world.ruth)
                change_status(case, Status.OPEN if case.status is Status.QUEUE else Status.QUEUE, by=world.ruth)
                db.session.commit()

    def recounting() -> None:
        with app.app_context():
            together.wait(timeout=10)
            for _ in range(2 * rounds):
                begin_write()
                recount()
                db.session.commit()

    with ThreadPoolExecutor(3) as pool:
        running = [pool.submit(exchange, 0), pool.submit(exchange, 1), pool.submit(recounting)]
        assert [each.result() for each in running] == [None, None, None]
    assert kept_counts() == counted_again()


def test_the_doctor_says_that_counts_are_wrong_and_recount_mends_them(world: make.World) -> None:
    make.open_case(world)
    assert _found() == (Mark.GOOD, "kept as they are counted, 1 case")
    db.session.execute(update(StatusCount).values(cases=StatusCount.cases + 1))
    mark, said = _found()
    assert (mark, "one service" in said) == (Mark.MEND, True)
    recount()
    assert _found()[0] is Mark.GOOD


def test_the_doctor_says_that_a_case_is_counted_for_somebody_else_and_recount_mends_it(world: make.World) -> None:
    case = make.open_case(world)
    db.session.execute(update(Case).values(manager_id=world.david.person_id))
    assert _found() == (Mark.MEND, "one case is counted for somebody else than their case manager")
    recount()
    db.session.refresh(case)
    assert case.manager_id == world.ana.person_id
    assert _found()[0] is Mark.GOOD


def test_who_gets_a_case_finds_its_student(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    found_by = select(NameWord.organisation_id).where(NameWord.student_id == case.student_id).distinct()
    assert set(db.session.scalars(found_by)) == {world.tawa.id, world.te_awa.id}
    move_to(case, world.maunga.id, "TKI", by=world.ruth)
    assert world.maunga.id in set(db.session.scalars(found_by))


def _found() -> tuple[Mark, str]:
    finding = next(iter(of_cases(NOBODY_ASKS)))
    return finding.mark, finding.words


def test_status_and_service_of_a_case_change_in_one_place() -> None:
    """Where they were changed elsewhere, what is kept of them would not follow."""
    changes = re.compile(r"\bcase\.(status|service_id|manager_id)\s*(=[^=]|,.* = )|update\(Case\)")
    files = [file for file in APP.rglob("*.py") if changes.search(file.read_text())]
    assert [file.relative_to(APP).as_posix() for file in files] == ["cases/standing.py"]
