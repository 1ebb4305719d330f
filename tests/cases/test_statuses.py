"""What becomes of a case by hand: what each change demands, keeps and tells, and what is refused (CASE-2 to CASE-8)."""

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from app.cases.entries import Audience, Entry, EntryKind, Meeting
from app.cases.models import Case, CaseKind, Status, StatusChange
from app.cases.parts import end_manager
from app.cases.statuses.actions import Asked, change_by_hand, reopen_due
from app.cases.statuses.models import StatusFact
from app.cases.statuses.queries import talked_with_school
from app.cases.statuses.reasons import reasons, reasons_for
from app.cases.statuses.rules import Change, birthday, possible, talked_since
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.people.models import Role
from app.people.queries import Actor
from app.students.models import Enrolment, Student
from tests import make

A_MONTH = timedelta(days=30)
BIG, SMALL = date(2012, 5, 1), date(2021, 5, 1)
TODAY = date(2026, 3, 3)
NOT_TALKED = {"no_contact_why": "The office is closed."}


@pytest.fixture
def case(world: make.World) -> Case:
    return make.open_case(world)


def asked(case: Case, change: Change, reason: str = "", **answers: str) -> Asked:
    return Asked(change, case.status, {"why": "Why.", **answers}, reasons().get(reason))


def act(by: Actor, case: Case, change: Change, reason: str = "", **answers: str) -> None:
    change_by_hand(make.head(by, case), asked(case, change, reason, **answers), by=by)


def step_back(by: Actor, case: Case) -> None:
    act(by, case, Change.TRANSITION, expected_end_on=(core_clock.today() + A_MONTH).isoformat(), **NOT_TALKED)


def met(case: Case, by: Actor, on: date, *, is_done: bool = True, mode: str = "phone") -> None:
    entry = Entry(
        public_id=f"met{on}{is_done}",
        case_id=case.id,
        kind=EntryKind.EVENT,
        happened_at=core_clock.now(),
        recorded_at=core_clock.now(),
        opens_at=core_clock.now(),
        author_id=by.person_id,
        organisation_id=by.organisation_id,
        audience=Audience.SERVICE,
        body="Said.",
    )
    db.session.add(entry)
    db.session.flush()
    row = Meeting(entry_id=entry.id, case_id=case.id, kind="call", is_done=is_done, happened_on=on, mode=mode)
    row.with_school = True
    db.session.add(row)
    db.session.flush()


def facts(case: Case) -> Mapping[str, str]:
    last = select(StatusChange.id).where(StatusChange.case_id == case.id).order_by(StatusChange.id.desc()).limit(1)
    rows = select(StatusFact.field, StatusFact.text).where(StatusFact.change_id == last.scalar_subquery())
    return {row.field: row.text for row in db.session.execute(rows)}


@pytest.mark.parametrize(
    ("status", "born_on", "expected"),
    [
        (Status.TRIAGE, BIG, []),
        (Status.QUEUE, BIG, [Change.CLOSING, Change.DECLINE]),
        (Status.OPEN, BIG, [Change.TRANSITION, Change.CLOSING, Change.DECLINE]),
        (Status.OPEN, SMALL, [Change.TRANSITION, Change.PAUSE, Change.CLOSING, Change.DECLINE]),
        (Status.TRANSITION, BIG, [Change.EXTENSION, Change.OPEN, Change.CLOSING]),
        (Status.PAUSED, SMALL, [Change.OPEN]),
        (Status.CLOSED, SMALL, [Change.OPEN]),
    ],
)
def test_from_each_status_only_what_may_become_of_it(status: Status, born_on: date, expected: list[Change]) -> None:
    assert possible(status, born_on, TODAY, has_request=True) == expected


def test_a_birthday_on_a_leap_day_is_on_the_first_of_march() -> None:
    assert birthday(date(2020, 2, 29), 6) == date(2026, 3, 1)
    assert possible(Status.OPEN, date(2020, 2, 29), date(2026, 2, 28), has_request=False) == [
        *(Change.TRANSITION, Change.PAUSE, Change.CLOSING)
    ]
    assert Change.PAUSE not in possible(Status.OPEN, date(2020, 2, 29), date(2026, 3, 1), has_request=False)


def test_a_contact_counts_for_ten_working_days_with_holidays_left_out() -> None:
    assert talked_since(date(2026, 2, 13), "WGN") == date(2026, 1, 30)  # Waitangi Day between
    assert talked_since(date(2026, 3, 13), "WGN") == date(2026, 3, 2)


def test_each_role_closes_for_the_reasons_that_are_its_own() -> None:
    lead = {reason.code for reason in reasons_for(Role.WORKFLOW_LEAD, CaseKind.CA, Status.OPEN, 15)}
    manager = {reason.code for reason in reasons_for(Role.CASE_MANAGER, CaseKind.CA, Status.OPEN, 16)}
    assert lead - manager == {"whanau_declined", "made_in_error", "deceased"}
    assert manager - lead == {"turned16_opted_out"}
    assert not {"rejected", "overseas_confirmed", "enrolled_school"} & (lead | manager)
    queued = {reason.code for reason in reasons_for(Role.WORKFLOW_LEAD, CaseKind.CA, Status.QUEUE, 16)}
    assert queued == {"withdrawn_by_school", "duplicate", "made_in_error", "deceased"}


def test_stepping_back_rests_on_a_talk_with_the_school_or_on_why_not(world: make.World, case: Case) -> None:
    end = (core_clock.today() + A_MONTH).isoformat()
    with pytest.raises(Refused, match="nobody spoke with the school"):
        act(world.ana, case, Change.TRANSITION, expected_end_on=end)
    met(case, world.ana, core_clock.today())
    act(world.ana, case, Change.TRANSITION, expected_end_on=end)
    assert (case.status, case.expected_end_on) == (Status.TRANSITION, core_clock.today() + A_MONTH)
    assert facts(case)["talked"].startswith("Call, by phone, on ")


def test_two_attempts_on_two_days_stand_for_a_talk_and_two_on_one_do_not(world: make.World, case: Case) -> None:
    today = core_clock.today()
    met(case, world.ana, today, is_done=False)
    assert not talked_with_school(case.id, case.region)
    met(case, world.ana, today - timedelta(days=1), is_done=False)
    assert talked_with_school(case.id, case.region).startswith("Attempts on ")


def test_a_talk_long_ago_or_by_letter_does_not_count(world: make.World, case: Case) -> None:
    met(case, world.ana, talked_since(core_clock.today(), case.region) - timedelta(days=1))
    met(case, world.ana, core_clock.today(), mode="")
    assert talked_with_school(case.id, case.region)
    db.session.query(Meeting).filter(Meeting.mode == "").update({"kind": "message", "mode": "letter"})
    assert not talked_with_school(case.id, case.region)


def test_closing_keeps_reason_evidence_and_why_and_says_the_reason_to_both(world: make.World, case: Case) -> None:
    more = {"attendance": "Every day for three weeks.", **NOT_TALKED}
    with pytest.raises(Refused, match="without a transition"):
        act(world.ana, case, Change.CLOSING, "attending_regularly", **more)
    step_back(world.ana, case)
    act(world.ana, case, Change.CLOSING, "attending_regularly", **more)
    assert (case.status, case.close_reason, case.expected_end_on) == (Status.CLOSED, "attending_regularly", None)
    assert facts(case) == {"reason": "attending_regularly", **more}
    body = db.session.scalars(select(Entry.body).where(Entry.case_id == case.id).order_by(Entry.id.desc())).first()
    assert body == "Closed. Attending regularly"


def test_a_reason_of_the_lead_is_refused_to_a_manager_and_sixteen_to_a_child(world: make.World, case: Case) -> None:
    for reason in ("deceased", "turned16_opted_out", "rejected", "overseas_confirmed"):
        with pytest.raises(Refused, match="in this way"):
            act(world.ana, case, Change.CLOSING, reason, **NOT_TALKED)
    assert case.status is Status.OPEN


def test_opened_again_by_hand_it_has_new_clocks_and_the_manager_it_closed_with(world: make.World, case: Case) -> None:
    make.closed(case, by=world.ruth)
    case.service_started_on -= A_MONTH
    act(world.ana, case, Change.OPEN)
    assert (case.status, case.service_started_on) == (Status.OPEN, core_clock.today())
    assert make.head(world.ana, case).manager_id == world.ana.person_id


def test_it_stays_closed_where_the_student_has_another_case(world: make.World, case: Case) -> None:
    make.closed(case, by=world.ruth)
    case.close_reason = "rejected"
    make.submitted(world.priya, world.whanau, contact=world.tom)
    with pytest.raises(Refused, match="another case"):
        act(world.ana, case, Change.OPEN)


def test_on_hold_until_the_sixth_birthday_all_four_are_needed(world: make.World, case: Case) -> None:
    student = db.session.get_one(Student, case.student_id)
    student.born_on = core_clock.today() - timedelta(days=5 * 365)
    four = dict.fromkeys(("located", "whanau_contacted", "is_safe", "is_withdrawn"), "yes")
    with pytest.raises(Refused, match="whānau chose knowingly"):
        act(world.ana, case, Change.PAUSE, **{**four, "is_safe": ""})
    act(world.ana, case, Change.PAUSE, **four)
    assert (case.status, case.pause_until) == (Status.PAUSED, birthday(student.born_on, 6))
    assert f"{case.pause_until:%-d %B %Y}" in make.head(world.tom, case).words.school_action
    act(world.ruth, case, Change.OPEN)
    assert (case.status, case.pause_until, case.pause_reason) == (Status.OPEN, None, "")


def test_who_asked_for_it_from_another_status_is_told_and_nothing_changes(world: make.World, case: Case) -> None:
    head, late = make.head(world.ruth, case), asked(case, Change.CLOSING, "attending_regularly")
    step_back(world.ana, case)
    with pytest.raises(Conflict, match="Transition"):
        change_by_hand(head, late, by=world.ruth)
    assert case.status is Status.TRANSITION


def test_another_end_is_read_by_both_and_why_by_the_service(world: make.World, case: Case) -> None:
    step_back(world.ana, case)
    before = core_clock.today() + 2 * A_MONTH
    act(world.ana, case, Change.EXTENSION, expected_end_on=before.isoformat())
    entries = db.session.execute(select(Entry.body, Entry.audience).order_by(Entry.id.desc()).limit(2)).all()
    assert case.expected_end_on == before
    assert [tuple(entry) for entry in entries] == [
        ("Why.", Audience.SERVICE),
        (f"Transition goes on, expected until {before:%-d %B %Y}", Audience.SHARED),
    ]


def test_on_hold_it_goes_on_by_itself_on_the_birthday_and_not_before(own_world: make.World) -> None:
    world, case = own_world, make.open_case(own_world)
    make.paused(case, by=world.ana, days=0)
    other = make.assigned(
        make.submitted(world.priya, make.student("Ara", world.tawa), contact=world.tom), to=world.ana, by=world.ruth
    )
    make.paused(other, by=world.ana, days=1)
    db.session.commit()
    assert (reopen_due(), reopen_due()) == (1, 0)
    assert (case.status, other.status, case.pause_until) == (Status.OPEN, Status.PAUSED, None)
    last = db.session.scalars(
        select(StatusChange).where(StatusChange.case_id == case.id).order_by(StatusChange.id.desc())
    )
    change = last.first()
    assert change
    assert (change.by_id, change.why) == (world.ana.person_id, "The sixth birthday has come.")


def test_on_hold_it_goes_on_where_the_same_school_tells_of_a_day_that_is_past(own_world: make.World) -> None:
    world, case = own_world, make.open_case(own_world)
    db.session.execute(update(Enrolment).values(to_on=core_clock.today() - timedelta(days=30)))
    make.paused(case, by=world.ruth)
    db.session.commit()
    assert reopen_due() == 0
    make.enrolled(case.student_id, world.tawa, from_on=core_clock.today() - timedelta(days=3))
    db.session.commit()
    assert (reopen_due(), case.status) == (1, Status.OPEN)


def test_on_hold_it_goes_on_once_the_student_is_enrolled_in_the_queue_where_nobody_has_it(
    own_world: make.World,
) -> None:
    world, case = own_world, make.open_case(own_world)
    make.paused(case, by=world.ruth)
    end_manager(case, by=world.ruth)
    db.session.commit()
    assert reopen_due() == 0
    make.enrolled(case.student_id, world.puna)
    db.session.commit()
    assert reopen_due() == 1
    assert (case.status, case.pause_reason) == (Status.QUEUE, "")
