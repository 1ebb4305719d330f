"""Cases given out together, cover with dates, and a caseload handed over: what happens, whom it tells, what is refused (CASE-9)."""

from collections import Counter
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select
from time_machine import Traveller

from app.calendars.regions import regions
from app.cases.assignment.actions import assign, assign_from_queue
from app.cases.assignment.queries import case_managers_with_load, due_this_week
from app.cases.assignment.rules import Load, begun_by
from app.cases.covers.actions import Days, cover_case, cover_caseload, end_caseload_cover, end_cover
from app.cases.covers.queries import caseload_covers
from app.cases.entries import Audience, Entry
from app.cases.handovers.actions import Given, hand_over, save_handover
from app.cases.handovers.queries import held_by
from app.cases.handovers.rules import STAYS
from app.cases.listing import NOT_CLOSED, cases_for
from app.cases.models import Case, CasePerson, Part, Status
from app.cases.policy import can_assign
from app.cases.rules import ENGAGEMENT, SCHOOL_MEETING, Limits, first_due
from app.cases.unsent.queries import unsent_for
from app.cases.work.queries import work_for
from app.cases.work.rules import Why
from app.core import clock as core_clock
from app.core import seen
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Outbox
from app.core.told import places
from app.people.models import Organisation
from app.people.queries import Actor
from tests import make

DAY = timedelta(days=1)


def queued(world: make.World, count: int = 2) -> list[Case]:
    """Nobody has been told of anything yet."""
    pupils = [make.student(f"Tama N{number}", world.tawa) for number in range(count)]
    made = [make.submitted(world.priya, pupil, contact=world.tom) for pupil in pupils]
    db.session.execute(delete(Outbox))
    return made


def held(world: make.World, count: int = 2) -> list[Case]:
    """With Ana; nobody has been told of anything yet."""
    made = [make.assigned(case, to=world.ana, by=world.ruth) for case in queued(world, count)]
    db.session.execute(delete(Outbox))
    return made


def told(who: Actor) -> Counter[str]:
    return Counter(db.session.scalars(select(Outbox.event).where(Outbox.person_id == who.person_id)))


def news(who: Actor) -> list[str]:
    """As their notifications say them."""
    mine = (Outbox.person_id == who.person_id, Outbox.organisation_id == who.organisation_id)
    rows = db.session.scalars(select(Outbox).where(*mine).order_by(Outbox.id)).all()
    found = places(who, rows)
    return [found[row.id].name for row in rows if row.id in found]


def covered(world: make.World, first: int = 0, last: int = 2, who: str = "david") -> int:
    today = core_clock.today()
    person_id = world.people[who].person_id
    return cover_caseload(world.ana.person_id, person_id, Days(today + first * DAY, today + last * DAY), by=world.ruth)


def own(who: Actor) -> set[str]:
    return {head.number for head in cases_for(who, statuses=NOT_CLOSED)}


def loads(world: make.World) -> dict[str, Load]:
    return {row.name.split()[0]: row.has for row in case_managers_with_load(world.ruth)}


def test_many_are_given_at_once_and_each_person_is_told_once(world: make.World) -> None:
    cases = queued(world, 3)
    outcome = assign_from_queue([case.number for case in cases], to=world.ana.person_id, by=world.ruth)
    assert (len(outcome.given), outcome.gone) == (3, [])
    assert {case.status for case in cases} == {Status.OPEN}
    assert told(world.ana) == {"cases.given": 1}
    assert news(world.ana) == ["3 cases"]
    assert told(world.tom) == {"case.assigned": 3}, "a school is told of each"
    assert outcome.said().startswith("Ana Tuhoro has 3 cases more now")


def test_each_of_them_is_new_in_my_work_until_it_was_opened(own_world: make.World) -> None:
    first, second = queued(own_world)
    assign_from_queue([first.number, second.number], to=own_world.ana.person_id, by=own_world.ruth)
    db.session.commit()
    new = {line.case.number for line in work_for(own_world.ana) if line.why is Why.NEW}
    assert new == {first.number, second.number}
    seen.write(own_world.ana, seen.View(seen.THE_CASE, first.id), None, has_unread=True)
    assert {line.case.number for line in work_for(own_world.ana) if line.why is Why.NEW} == {second.number}


def test_one_alone_is_given_as_ever(world: make.World) -> None:
    (case,) = queued(world, 1)
    assign_from_queue([case.number], to=world.ana.person_id, by=world.ruth)
    assert told(world.ana) == {"case.assigned": 1}


def test_what_is_gone_is_said_and_the_others_are_given(world: make.World) -> None:
    first, second, third = queued(world, 3)
    assign(first.id, to=world.ana.person_id, by=world.ruth)
    assign(second.id, to=world.david.person_id, by=world.ruth)
    theirs = make.submitted(world.kahu, make.student("Far Away", world.bay), contact=world.kahu)
    numbers = [first.number, second.number, third.number, theirs.number]
    outcome = assign_from_queue(numbers, to=world.ana.person_id, by=world.ruth)
    assert (outcome.given, outcome.theirs) == ([third.number], [first.number])
    assert set(outcome.gone) == {second.number, theirs.number}
    assert theirs.status is Status.QUEUE, "another service’s is not touched"
    assert second.number in outcome.said()
    assert "already" in outcome.said()


def test_only_a_case_manager_of_the_service_is_given_any(world: make.World) -> None:
    cases = queued(world)
    for nobody in (world.wiremu, world.ruth):
        with pytest.raises(Refused):
            assign_from_queue([case.number for case in cases], to=nobody.person_id, by=world.ruth)


def test_the_load_says_what_there_is_and_beside_it_what_is_due_this_week(world: make.World, clock: Traveller) -> None:
    first, second = held(world)
    assert loads(world) == {"Ana": Load(2, 0, 0), "David": Load(0, 0, 0)}
    assert due_this_week(world.ruth) == {}, "due on the Tuesday after"
    make.task(world.ana, first, days=5)  # Sunday
    make.task(world.ana, first, days=6)
    make.task(world.ana, first, days=0, person_id=world.ruth.person_id)
    clock.shift(6 * DAY)
    assert due_this_week(world.ruth) == {world.ana.person_id: 4}, "two meetings with schools, and two tasks"
    assert due_this_week(world.lupe) == {}, "another service's"
    second.status = Status.PAUSED
    assert str(loads(world)["Ana"]) == "1 open, 1 on hold"
    assert due_this_week(world.ruth) == {world.ana.person_id: 3}
    assert [row.name for row in case_managers_with_load(world.lupe)] == ["Wiremu Paki"]


def test_the_first_meeting_with_student_and_whanau_is_due_this_week_too(world: make.World, clock: Traveller) -> None:
    """From the Monday of the week in which its first limit ends: Tuesday 17 March."""
    first, second = held(world)
    for case in (first, second):
        case.met_school_on = core_clock.today()
    second.engaged_on = core_clock.today()
    clock.shift(12 * DAY)
    assert due_this_week(world.ruth) == {}, "on Sunday"
    clock.shift(DAY)
    assert due_this_week(world.ruth) == {world.ana.person_id: 1}
    clock.shift(14 * DAY)
    assert due_this_week(world.ruth) == {world.ana.person_id: 1}, "overdue"
    assert due_this_week(world.lupe) == {}
    first.status = Status.TRANSITION
    assert due_this_week(world.ruth) == {}


@pytest.mark.parametrize("limits", [SCHOOL_MEETING, ENGAGEMENT])
def test_the_last_start_whose_limit_ends_by_a_day_is_that_of_each_region(limits: Limits) -> None:
    for sunday in (date(2026, 1, 4) + 7 * number * DAY for number in range(53)):
        found = begun_by(sunday, limits)
        assert sorted(code for codes in found.values() for code in codes) == sorted(each.code for each in regions())
        for day, codes in found.items():
            for code in codes:
                assert first_due(day, code, limits) <= sunday < first_due(day + DAY, code, limits)


def test_cover_over_a_caseload_begins_and_ends_by_itself(own_world: make.World, clock: Traveller) -> None:
    world = own_world
    cases = held(world)
    assert covered(world, first=1, last=2) == 2
    db.session.commit()
    assert told(world.david) == {"cover.taken_over": 1}
    assert told(world.ana) == {"cover.handed_over": 1}
    assert news(world.david) == ["2 cases"]
    assert told(world.tom) == {"manager.covered_with_others": 2}
    seen_by_day = []
    for _ in range(4):
        seen_by_day.append(own(world.david))
        clock.shift(DAY)
    numbers = {case.number for case in cases}
    assert seen_by_day == [set(), numbers, numbers, set()], "from the first day to the end of the last"


def test_cover_is_shown_on_the_case_and_in_lists_while_it_lasts(world: make.World, clock: Traveller) -> None:
    case, _ = held(world)
    covered(world)
    head = make.head(world.ana, case)
    assert (head.cover_name, core_clock.nz(head.cover_until).date()) == ("David Chen", core_clock.today() + 3 * DAY)
    assert {row.cover_name for row in cases_for(world.ruth)} == {"David Chen"}
    clock.shift(3 * DAY)
    assert make.head(world.ana, case).cover_name is None


def test_what_is_given_meanwhile_is_covered_too_and_nothing_of_one_that_covers_a_single_case(world: make.World) -> None:
    first, _ = held(world)
    today = core_clock.today()
    cover_case(make.head(world.ruth, first), world.david.person_id, Days(today, today + DAY), by=world.ruth)
    before = make.assigned(queued(world, 1)[0], to=world.ana, by=world.ruth)
    assert own(world.david) == {first.number}
    covered(world, last=5)
    later = make.assigned(make.submitted(world.priya, world.ng, contact=world.tom), to=world.ana, by=world.ruth)
    assert {before.number, later.number} <= own(world.david)
    assert make.head(world.david, later).cover_name == "David Chen"


def test_whoever_takes_the_case_is_not_covered_by_who_stood_in_before(world: make.World) -> None:
    case, _ = held(world)
    covered(world, who="david")
    other = make.actor(world.ruth, world.ana.role, world.te_awa)
    assign(case.id, to=other.person_id, by=world.ruth)
    assert case.number not in own(world.david)


def test_cover_can_be_ended_before_its_last_day(world: make.World) -> None:
    first, second = held(world)
    covered(world)
    assert end_cover(first.id, world.david.person_id, by=world.ruth)
    assert not end_cover(first.id, world.david.person_id, by=world.ruth)
    assert own(world.david) == {second.number}
    assert [row.name for row in caseload_covers(world.ruth)] == ["David Chen"]
    assert end_caseload_cover(world.ana.person_id, world.david.person_id, by=world.ruth) == 1
    assert caseload_covers(world.ruth) == []


def test_whoever_stood_in_and_was_stood_in_for_learns_that_it_ended_early(world: make.World) -> None:
    first, _second = held(world)
    covered(world)
    db.session.execute(delete(Outbox))
    end_caseload_cover(world.ana.person_id, world.david.person_id, by=world.ruth)
    assert (told(world.david), told(world.ana)) == ({"cover.ended_together": 1}, {"cover.ended_together": 1})
    assert (news(world.david), news(world.ana)) == (["2 cases"], ["2 cases"])
    assert told(world.tom) == {"cover.ended": 2}
    today = core_clock.today()
    cover_case(make.head(world.ruth, first), world.david.person_id, Days(today, today), by=world.ruth)
    db.session.execute(delete(Outbox))
    end_cover(first.id, world.david.person_id, by=world.ruth)
    rows = db.session.scalars(select(Outbox).where(Outbox.person_id == world.david.person_id)).all()
    assert [(place.path, place.number, place.name) for place in places(world.david, rows).values()] == [
        ("", first.number, "")
    ], "its number alone: it is not theirs to open any more"


def test_cover_that_cannot_be_is_refused(world: make.World) -> None:
    case, _ = held(world)
    today = core_clock.today()
    days, ruth = Days(today, today + DAY), world.ruth
    for person, span, why in (
        (world.ana, days, "has the case"),
        (world.wiremu, days, "case manager of this service"),
        (world.david, Days(today + DAY, today), "before the first"),
        (world.david, Days(today - DAY, today - DAY), "over already"),
        (world.david, Days(today, today + 400 * DAY), "a year at most"),
        (world.david, Days(date.max, date.max), "a year ahead"),
    ):
        with pytest.raises(Refused, match=why):
            cover_case(make.head(ruth, case), person.person_id, span, by=ruth)
        with pytest.raises(Refused, match=why):
            cover_caseload(world.ana.person_id, person.person_id, span, by=ruth)
    cover_case(make.head(ruth, case), world.david.person_id, days, by=ruth)
    with pytest.raises(Refused, match="already"):
        cover_case(make.head(ruth, case), world.david.person_id, days, by=ruth)
    with pytest.raises(Refused, match="has no case"):
        cover_caseload(world.david.person_id, world.ana.person_id, days, by=ruth)
    assert covered(world) == 1, "the other one; where he stands in already nothing is doubled"


def test_a_handover_begins_with_what_is_recorded_and_holds_nothing_restricted(
    world: make.World, clock: Traveller
) -> None:
    case, _ = held(world)
    make.event(world.ana, case, Audience.SERVICE, with_school=True)
    later = core_clock.today() + DAY
    make.event(world.ana, case, Audience.RESTRICTED, kind="call", with_caregiver=True)
    make.task(world.ana, case, "Ring Ngaire of the refuge", days=1)
    make.planned(world.ana, case)
    note = next(each.note for each in held_by(world.ruth, world.ana.person_id) if each.head.number == case.number)
    assert note.splitlines()[0] == "Last contact: Visit, Tue 3 March."
    assert f"The next task is due by {later:%a} {later.day} March." in note
    assert "refuge" not in note, "what is to be done may be of something restricted"
    assert "The plan is to be reviewed by Tue 31 March." in note


def test_what_is_written_is_kept_for_its_writer_and_stands_in_no_note(world: make.World) -> None:
    _case, _ = held(world)
    row = held_by(world.ruth, world.ana.person_id)[0]
    assert save_handover(row, "Ring first.", world.david.public_id, key="", by=world.ruth)
    again = held_by(world.ruth, world.ana.person_id)[0]
    assert (again.note, again.to) == ("Ring first.", world.david.public_id)
    assert not save_handover(again, "Ring first.", world.david.public_id, key="", by=world.ruth), "nothing changed"
    assert unsent_for(world.ruth, row.head.case_id).body == ""
    other_lead = make.person("Rua Ngata", world.ruth.role, db.session.get_one(Organisation, world.te_awa.id))
    assert "Ring first." not in held_by(other_lead, world.ana.person_id)[0].note


def test_a_caseload_changes_hands_at_once_each_with_its_note(world: make.World) -> None:
    first, second = held(world)
    moved_on = make.assigned(queued(world, 1)[0], to=world.ana, by=world.ruth)
    db.session.execute(delete(Outbox))
    notes = {first: "Ring first.", second: "Ring first.", moved_on: "They moved."}
    rows = [Given(make.head(world.ruth, case), world.david.person_id, note) for case, note in notes.items()]
    third = make.person("Rua Ngata", world.ana.role, db.session.get_one(Organisation, world.te_awa.id))
    assign(moved_on.id, to=third.person_id, by=world.ruth)
    db.session.execute(delete(Outbox))
    with pytest.raises(Conflict):
        hand_over(world.ana.person_id, rows, by=world.ruth)
    rows[-1] = replace(rows[-1], note="")
    count, gone = hand_over(world.ana.person_id, rows, by=world.ruth)
    assert (count, gone) == (2, [moved_on.number]), "of that one nothing was written that could be lost"
    assert own(world.david) == {first.number, second.number}
    assert own(world.ana) == set()
    assert told(world.david) == {"cases.given": 1}
    assert told(world.ana) == {"cases.taken": 1}
    assert news(world.ana) == ["2 cases"]
    assert told(world.tom) == {"case.assigned": 2}
    assert told(third) == {}
    written = db.session.execute(
        select(Entry.case_id, Entry.body, Entry.audience).where(Entry.body.contains("Ring first."))
    )
    assert {(row.case_id, row.audience) for row in written} == {(case.id, Audience.SERVICE) for case in (first, second)}
    assert held_by(world.ruth, world.ana.person_id) == []


def test_nothing_of_another_service_is_handed_over(world: make.World) -> None:
    assert held_by(world.lupe, world.ana.person_id) == []
    case, _ = held(world)
    row = held_by(world.ruth, world.ana.person_id)[0]
    save_handover(row, "Ring first.", STAYS, key="", by=world.ruth)
    with pytest.raises(Refused):
        hand_over(world.ana.person_id, [Given(make.head(world.ruth, case), world.wiremu.person_id, "")], by=world.ruth)
    managers = select(func.count()).where(CasePerson.case_id == case.id, CasePerson.part == Part.MANAGER)
    assert db.session.scalar(managers) == 1


def test_a_case_on_hold_is_given_on_by_itself_and_stays_on_hold(world: make.World) -> None:
    case = make.paused(make.open_case(world), by=world.ana)
    assert can_assign(world.ruth, make.head(world.ruth, case))
    assert not can_assign(world.ana, make.head(world.ana, case))
    assert assign(case.id, to=world.david.person_id, by=world.ruth)
    assert (make.head(world.david, case).manager_name, case.status) == (world.david.name, Status.PAUSED)
    closed = make.closed(make.submitted(world.priya, world.ng, contact=world.tom), by=world.ruth)
    assert not can_assign(world.ruth, make.head(world.ruth, closed))
