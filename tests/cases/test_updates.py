"""A school asks for an update; what answers it; who is reminded where nothing is shared (SHARE-4)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select
from time_machine import Traveller

from app.cases.entries import Audience
from app.cases.listing import cases_for
from app.cases.models import Case, UpdateRequest
from app.cases.updates.actions import ask_for_update, keep_answers, remind
from app.cases.updates.queries import standing_of
from app.cases.updates.rules import LONG_SILENT, SILENT, may_ask_from, silent_before
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Outbox
from app.people.queries import Actor
from tests import make
from tests.support.meanwhile import somebody_writing


def told(event: str) -> dict[int, str]:
    rows = db.session.execute(select(Outbox.person_id, Outbox.channel).where(Outbox.event == event)).all()
    return {row.person_id: row.channel.value for row in rows}


def ask(by: Actor, case: Case) -> bool:
    return ask_for_update(make.head(by, case), by=by)


def waits(who: Actor, case: Case) -> bool:
    """As the case page and the case manager's own work say."""
    (listed,) = cases_for(who)
    assert (listed.update_wanted_at is None) is (make.head(who, case).update_wanted_at is None)
    return listed.update_wanted_at is not None


def test_working_days_are_counted_by_the_calendar_of_the_region() -> None:
    thursday = core_clock.nz(core_clock.now()).replace(2026, 2, 5, 10)
    assert may_ask_from(thursday, 5, "WGN") == date(2026, 2, 13), "Waitangi Day does not count"
    assert may_ask_from(thursday, 1, "WGN") == date(2026, 2, 9)
    (instant,) = (at for at, codes in silent_before(date(2026, 2, 13), 5).items() if "WGN" in codes)
    assert core_clock.nz(instant).date() == date(2026, 2, 9), "what was shared before Monday"


def test_an_update_stands_with_the_case_manager_until_something_is_open_to_the_school(
    clock: Traveller, world: make.World
) -> None:
    case = make.open_case(world)
    clock.shift(60)
    assert not waits(world.ana, case)
    assert ask(world.tom, case)
    assert told("update.asked") == {world.ana.person_id: "app+email"}
    assert not ask(world.mere, case), "the school asks once, whoever asks"
    clock.shift(60)
    make.note(world.ana, case, Audience.SERVICE)
    make.note(world.tom, case)
    make.note(world.ana, case, waits=True)
    assert waits(world.ana, case), "nothing of the service is open to the school yet"
    assert standing_of(world.tom, make.head(world.tom, case)).wanted_at is not None
    clock.shift(timedelta(minutes=6))
    assert not waits(world.ana, case)
    assert standing_of(world.tom, make.head(world.tom, case)).wanted_at is None


def test_a_school_asks_again_after_five_working_days_and_the_manager_is_told_again(
    clock: Traveller, world: make.World
) -> None:
    case = make.open_case(world)
    assert ask(world.mere, case)
    db.session.execute(delete(Outbox))
    for days, may in ((6, False), (1, True)):
        clock.shift(timedelta(days=days))
        assert standing_of(world.mere, make.head(world.mere, case)).may_ask is may
        assert ask(world.mere, case) is may
    assert told("update.asked").keys() == {world.ana.person_id}
    assert db.session.scalar(select(func.count()).select_from(UpdateRequest)) == 1, "it waited all the time"
    clock.shift(60)
    make.note(world.ana, case)
    clock.shift(timedelta(days=7))
    assert ask(world.mere, case)
    answered = db.session.scalars(select(UpdateRequest.answered_at).order_by(UpdateRequest.id)).all()
    assert [at is None for at in answered] == [False, True]


def test_in_the_queue_the_leads_are_told(world: make.World) -> None:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert ask(world.mere, case)
    assert told("update.asked") == {world.ruth.person_id: "app"}


def test_of_another_schools_question_a_second_school_is_not_kept_from_asking(world: make.World) -> None:
    case = make.open_case(world)
    make.enrolled(case.student_id, world.puna)
    assert ask(world.mere, case)
    assert ask(world.jin, case)


@pytest.mark.parametrize("silent", [(SILENT, 10, "ana"), (LONG_SILENT, 20, "ruth")])
def test_who_shares_nothing_for_long_is_reminded_once_until_something_is_shared(
    clock: Traveller, own_world: make.World, silent: tuple[str, int, str]
) -> None:
    event, days, who = silent
    case = make.open_case(own_world)
    closed = make.submitted(own_world.priya, own_world.ng, contact=own_world.tom)
    make.closed(make.assigned(closed, to=own_world.ana, by=own_world.ruth), by=own_world.ruth)
    db.session.commit()
    clock.shift(timedelta(days=days // 5 * 7 - 1))
    assert remind(event, days) == 0
    clock.shift(timedelta(days=1))
    assert remind(event, days) == 1
    assert told(event) == {own_world.people[who].person_id: "app"}
    assert remind(event, days) == 0, "once"
    clock.shift(60)
    make.note(own_world.ana, case)
    db.session.commit()
    clock.shift(timedelta(days=days // 5 * 7 + 7))
    assert remind(event, days) == 1, "and again, when something was shared in between"


def test_others_write_while_it_is_looked_for_who_shared_nothing(own_world: make.World) -> None:
    """In a country that takes long, and SQLite has one writer."""
    make.open_case(own_world)
    db.session.commit()
    with somebody_writing():
        assert remind(SILENT, 10) == 0


def test_an_answer_is_kept_whatever_becomes_of_it(own_world: make.World) -> None:
    case = make.open_case(own_world)
    ask(own_world.mere, case)
    answer = make.note(own_world.ana, case)
    db.session.commit()
    keep_answers()
    assert db.session.scalar(select(UpdateRequest.answered_at)) == answer.opens_at
    answer.retracted_at = core_clock.now()
    db.session.flush()
    assert not waits(own_world.ana, case)
