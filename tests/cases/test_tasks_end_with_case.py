"""Whatever a case leaves by, what was still to be done there ends in the same act, by whoever carried that out (P2)."""

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from sqlalchemy import insert, select, update

from app.cases.access.queries import access_log_for
from app.cases.actions import change_each, move_to
from app.cases.diary.queries import planned_for
from app.cases.models import Case, Status
from app.cases.tasks.actions import tidy_tasks
from app.cases.tasks.models import Task
from app.cases.tasks.queries import ended_tasks, history_of, open_tasks
from app.cases.tasks.rules import DROPPED, WENT_ON, WITH_CASE
from app.cases.transfers.actions import accept_transfer
from app.cases.transfers.queries import transfer_for
from app.cases.work.queries import work_for
from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.people.queries import Actor
from app.referrals.matches.actions import same_student
from app.referrals.models import LikelyMatch, Referral
from app.referrals.provisions.actions import refer_to_provider
from app.referrals.provisions.queries import referable_for
from app.referrals.withdrawing.actions import withdraw
from tests import make

pytestmark = pytest.mark.usefixtures("clock")
BORN = date(2011, 5, 4)
Left = tuple[Task, Actor, str]
Leaves = Callable[[make.World], Left]


def with_ana(of: make.World) -> tuple[Case, Task]:
    case = make.open_case(of)
    return case, make.task(of.ana, case)


def last_request(of: Actor) -> str:
    last = select(Referral.public_id).where(Referral.school_id == of.organisation_id).order_by(Referral.id.desc())
    return db.session.scalars(last.limit(1)).one()


def closed(of: make.World) -> Left:
    case, task = with_ana(of)
    make.closed(case, by=of.ruth)
    return task, of.ruth, WITH_CASE


def withdrawn(of: make.World) -> Left:
    """By the school; a lead had something to do before giving it to anybody."""
    task = make.task(of.ruth, make.submitted(of.priya, of.whanau, contact=of.tom))
    withdraw(make.request_now(of.priya, last_request(of.priya)), "It was a mistake.", by=of.priya)
    return task, of.priya, WITH_CASE


def declined(of: make.World) -> Left:
    case = make.assigned(make.submitted(of.priya, of.whanau, contact=of.tom), to=of.ana, by=of.ruth)
    task = make.task(of.ana, case)
    make.event(of.ana, case)
    assert make.declined(of.ruth, case)
    return task, of.ruth, WITH_CASE


def joined_elsewhere(of: make.World) -> Left:
    """A request of a school whose service is another one."""
    _, task = with_ana(of)
    make.enrolled(of.whanau.id, of.bay)
    make.left(of.whanau, of.tawa)
    make.submitted(of.kahu, of.whanau, contact=of.kahu)
    return task, of.kahu, WENT_ON


def duplicate(of: make.World) -> Left:
    """The earlier case goes on, with what is to be done there."""
    first = make.submitted(of.jin, make.student("Hana Ngata", of.puna, born_on=BORN), contact=of.jin)
    earlier = make.task(of.ana, make.assigned(first, to=of.ana, by=of.ruth))
    second = make.submitted(of.priya, make.student("Hana Ngata", of.tawa, born_on=BORN), contact=of.tom)
    task = make.task(of.david, make.assigned(second, to=of.david, by=of.ruth))
    assert same_student(db.session.scalars(select(LikelyMatch)).one(), by=of.ruth)
    db.session.refresh(earlier)
    assert earlier.ended_at is None
    return task, of.ruth, WITH_CASE


def transferred(of: make.World) -> Left:
    asked = make.wanted_elsewhere(of, of.whanau)
    task = make.task(of.ana, db.session.get_one(Case, asked.case_id))
    make.offered(of, asked, to=of.maunga)
    offer = transfer_for(of.lupe, asked.public_id)
    assert offer is not None
    accept_transfer(offer, by=of.lupe)
    return task, of.lupe, WENT_ON


def referred_on(of: make.World) -> Left:
    """From the service in the school to the provider."""
    case = make.at_provision(of, of.whanau)
    task = make.task(of.wiremu, case)
    found = referable_for(of.wiremu, case.number)
    assert found is not None
    refer_to_provider(found, by=of.wiremu)
    return task, of.wiremu, WENT_ON


def left_to_nobody(of: make.World) -> Left:
    case, task = with_ana(of)
    move_to(case, None, case.region, by=of.moana)
    return task, of.moana, WENT_ON


WAYS: Sequence[Leaves] = (
    closed,
    withdrawn,
    declined,
    joined_elsewhere,
    duplicate,
    transferred,
    referred_on,
    left_to_nobody,
)


@pytest.mark.parametrize("leaves", WAYS, ids=lambda way: way.__name__)
def test_whatever_a_case_leaves_by_its_tasks_end_at_once_by_whoever_did_it(world: make.World, leaves: Leaves) -> None:
    task, who, why = leaves(world)
    db.session.refresh(task)
    assert (task.ended_by_id, task.dropped_why) == (who.person_id, why)
    kept = select(Audit.person_id, Audit.case_id).where(Audit.event == DROPPED, Audit.thing_id == task.id)
    assert db.session.execute(kept).all() == [(who.person_id, task.case_id)]
    assert history_of(task)[-1].name == who.name
    for each in (world.ruth, world.ana, world.david, world.lupe, world.wiremu):
        assert task.public_id not in {planned.key for planned in planned_for(each)}
        assert task.what not in {line.what for line in work_for(each) if line.case.case_id == task.case_id}
    db.session.flush()


def test_what_goes_on_goes_on_with_its_tasks(world: make.World) -> None:
    """Given to somebody else, on hold, in transition, joined by another request of its school."""
    case, task = with_ana(world)
    make.assigned(case, to=world.david, by=world.ruth)
    make.paused(case, by=world.ruth)
    make.submitted(world.priya, world.whanau, contact=world.tom)
    assert case.status is Status.OPEN
    assert [row.id for row in open_tasks(world.ruth, make.head(world.ruth, case))] == [task.id]


def test_several_that_close_in_one_act_end_each_with_what_was_theirs(world: make.World) -> None:
    case, task = with_ana(world)
    other = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    stays = make.assigned(
        make.submitted(world.priya, make.student("Āta Tāne", world.tawa), contact=world.tom),
        to=world.ana,
        by=world.ruth,
    )
    others, theirs = make.task(world.ana, other), make.task(world.ana, stays)
    change_each([case, other], Status.CLOSED, by=world.ruth, why="So.")
    for each, is_over in ((task, True), (others, True), (theirs, False)):
        db.session.refresh(each)
        assert (each.ended_at is not None) is is_over
    dropped = select(Audit.case_id, Audit.thing_id).where(Audit.event == DROPPED).order_by(Audit.thing_id)
    assert db.session.execute(dropped).all() == [(case.id, task.id), (other.id, others.id)]


def test_a_case_that_a_request_opens_again_has_none_of_them_back(world: make.World) -> None:
    case, task = with_ana(world)
    make.closed(case, by=world.ruth)
    make.submitted(world.priya, world.whanau, contact=world.tom)
    assert case.status is Status.QUEUE
    make.assigned(case, to=world.david, by=world.ruth)
    head = make.head(world.david, case)
    assert not open_tasks(world.david, head)
    assert [(row.id, row.dropped_why) for row in ended_tasks(world.david, head)] == [(task.id, WITH_CASE)]


def test_the_next_service_reads_nothing_of_what_the_former_had_to_do(world: make.World) -> None:
    task, *_ = transferred(world)
    case = db.session.get_one(Case, task.case_id)
    head = make.head(world.lupe, case)
    assert not [*open_tasks(world.lupe, head), *ended_tasks(world.lupe, head)]


def test_a_school_that_withdraws_reads_nothing_of_the_tasks_in_its_log(world: make.World) -> None:
    task, *_ = withdrawn(world)
    lines = [line.what for line in access_log_for(world.mere, task.case_id)]
    assert "referral.withdrawn" in lines
    assert not [what for what in lines if what.startswith("task.")]
    assert DROPPED in {line.what for line in access_log_for(world.ruth, task.case_id)}


@pytest.mark.parametrize("leaves", [closed, joined_elsewhere], ids=lambda way: way.__name__)
def test_what_was_written_down_at_the_same_moment_ends_with_the_next_round(
    own_world: make.World, leaves: Leaves
) -> None:
    """Who adds a task holds the case no longer than whoever closes it."""
    world = own_world
    task, _, why = leaves(world)
    columns = {column.key: getattr(task, column.key) for column in Task.__table__.columns if column.key != "id"}
    late = {**columns, "public_id": "late", "ended_at": None, "ended_by_id": None, "dropped_why": ""}
    db.session.execute(insert(Task).values(**late))
    goes_on = make.task(world.ruth, make.submitted(world.priya, world.ng, contact=world.tom))
    db.session.commit()
    assert (tidy_tasks(), tidy_tasks()) == (1, 0)
    found = db.session.scalars(select(Task).where(Task.public_id == "late")).one()
    assert (found.dropped_why, found.ended_by_id) == (why, None)
    assert db.session.get_one(Task, goes_on.id).ended_at is None


def test_nothing_is_asked_to_end_where_nothing_waits(world: make.World) -> None:
    """What ended before keeps its own end, and its own why."""
    case, task = with_ana(world)
    db.session.execute(update(Task).values(ended_at=clock.now(), dropped_why="Not needed."))
    make.closed(case, by=world.ruth)
    db.session.refresh(task)
    assert (task.dropped_why, task.ended_by_id) == ("Not needed.", None)
    assert not db.session.scalars(select(Audit.id).where(Audit.event == DROPPED)).all()
