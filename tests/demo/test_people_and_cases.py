"""The demonstration begins with people, rolls and cases, once, and has nothing left to send."""

import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import date, datetime
from typing import Any

import pytest
from flask import Flask
from flask.ctx import AppContext
from sqlalchemy import func, select

from app import create_app
from app.attendance.actions import state_last_day
from app.attendance.presence import LastDay
from app.cases.barriers.models import Barrier
from app.cases.entries import Entry, EntryKind, Meeting
from app.cases.models import Case, CaseKind, CasePerson, Part, SafetyNote, Status, StatusChange
from app.cases.plans.models import Plan, ReviewOutcome
from app.cases.queries import case_for
from app.cases.rules import first_due
from app.cases.tasks.models import Task
from app.cases.tasks.rules import WENT_ON
from app.core import clock as app_clock
from app.core.db import db
from app.core.events import Audit, Outbox
from app.letters.dossiers import dossiers_of
from app.letters.readiness import readiness
from app.people.models import Identity, Organisation, Person, Role, RoleHeld, Source
from app.people.queries import roles_of
from app.referrals.models import Referral, State
from app.referrals.provisions.queries import last_review, referable_for
from app.referrals.provisions.rules import NOT_ENOUGH
from app.referrals.queries import request_for
from app.signin.arrivals import Cause, Turned, arrive
from app.signin.rules import read_rules
from app.students.models import Caregiver, Enrolment, Student
from demo.data_endings import LED_BY_SCHOOL, STEADY
from demo.data_people import _actor as actor_of
from demo.data_plan import ANA, ANAHERA, DAVID, FREE, LUPE
from demo.grants import user_info
from demo.people import PEOPLE
from demo.people_and_cases import BEFORE, fill, main
from scripts.parts import ROOT
from tests.support.databases import postgresql_database
from tests.support.settings import ISSUER, closed, settings_for

JANUARY, AUTUMN = "2027-01-05T08:00+13:00", "2026-04-07T07:00+12:00"
ALL = {Status.QUEUE: 9, Status.OPEN: 23, Status.TRANSITION: 6, Status.CLOSED: 14}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def filled_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Filled once on each database, for the tests that only look."""
    folder = tmp_path_factory.mktemp("filled")
    with ExitStack() as until_the_end:
        if request.param == "sqlite":
            url = f"sqlite:///{shutil.copy(request.getfixturevalue('sqlite_template'), folder / 'filled.sqlite')}"
        else:
            template = request.getfixturevalue("postgresql_template")
            url = until_the_end.enter_context(postgresql_database(template))
        made = until_the_end.enter_context(closed(create_app(settings_for(url, folder))))
        with made.app_context():
            assert fill()
        yield made


@pytest.fixture
def filled(filled_app: Flask) -> Iterator[Flask]:
    """What a test changes is rolled back with its context."""
    with filled_app.app_context():
        yield filled_app


def counts(statement: Any) -> dict[Any, int]:
    return {row[0]: row[1] for row in db.session.execute(statement)}


def all_of(*columns: Any) -> Sequence[Any]:
    return db.session.execute(select(*columns)).all()


@pytest.mark.usefixtures("filled")
def test_there_are_cases_of_every_kind_and_three_drafts() -> None:
    assert counts(select(Case.status, func.count()).group_by(Case.status)) == ALL
    assert counts(select(Referral.state, func.count()).group_by(Referral.state)) == {
        State.SUBMITTED: 9,
        State.TAKEN_UP: 44,
        State.DRAFT: 3,
    }
    rolls = select(Organisation.number, func.count()).join(Enrolment, Enrolment.school_id == Organisation.id)
    assert counts(rolls.group_by(Organisation.number)) == {"9001": 120, "9002": 60, "9003": 80}
    queued = select(Case.id).where(Case.status == Status.QUEUE)
    assert db.session.scalar(select(func.count()).where(Case.status == Status.QUEUE, Case.urgency == 0)) == 1
    assert db.session.scalar(select(func.count()).where(SafetyNote.case_id.in_(queued))) == 2
    written = select(Entry.audience, func.count()).where(Entry.kind == EntryKind.COMMENT).group_by(Entry.audience)
    assert {audience: count > 10 for audience, count in counts(written).items()} == dict.fromkeys(
        ["shared", "service", "restricted"], True
    )


@pytest.mark.usefixtures("filled")
def test_visitors_find_students_nobody_has_asked_for() -> None:
    asked = select(Student.legal_name).join(Referral, Referral.student_id == Student.id)
    assert not set(FREE) & set(db.session.scalars(asked))
    assert set(FREE) <= set(db.session.scalars(select(Student.legal_name)))


@pytest.mark.usefixtures("filled")
def test_every_case_outside_the_queue_has_a_manager_and_each_one_contact() -> None:
    parts = Counter(part for (part,) in all_of(CasePerson.part))
    assert parts == {Part.PRIMARY_CONTACT: 52, Part.MANAGER: 44, Part.FORMER_MANAGER: 1}
    name = select(Person.name, func.count()).join(CasePerson, CasePerson.person_id == Person.id)
    load = name.join(Case, Case.id == CasePerson.case_id).where(
        Case.status == Status.OPEN, CasePerson.part == Part.MANAGER
    )
    assert set(counts(load.group_by(Person.name))) == {ANA, DAVID, LUPE, ANAHERA}
    contacts = select(func.count(CasePerson.person_id.distinct())).where(CasePerson.part == Part.PRIMARY_CONTACT)
    assert (db.session.scalar(contacts) or 0) >= 7


@pytest.mark.usefixtures("filled")
def test_what_services_do_stands_on_the_cases_of_all_but_david() -> None:
    """Whom they met, what was agreed, and what is to be done, which is never late already."""
    on_cases = select(Person.name, func.count(Case.id.distinct())).join(CasePerson, CasePerson.person_id == Person.id)
    on_cases = on_cases.join(Case, Case.id == CasePerson.case_id).where(CasePerson.part == Part.MANAGER)
    for made in (Meeting, Barrier, Plan, Task):
        theirs = counts(on_cases.join(made, made.case_id == Case.id).group_by(Person.name))
        assert set(theirs) == {ANA, LUPE, ANAHERA}
        assert theirs[ANA] > 3
    assert {outcome for (outcome,) in all_of(Plan.outcome)} > {None, ReviewOutcome.BETTER}
    assert min(day for (day,) in all_of(Task.due_on)) > app_clock.today()
    ended = select(Task.dropped_why).where(Task.ended_at.is_not(None))
    assert db.session.scalars(ended).all() == [WENT_ON], "of the case that the provision has referred"


@pytest.mark.usefixtures("filled")
def test_each_closed_case_says_why_and_no_transition_is_late_from_the_start() -> None:
    of_closed = counts(
        select(Case.close_reason, func.count()).where(Case.status == Status.CLOSED).group_by(Case.close_reason)
    )
    assert set(of_closed) == {STEADY, LED_BY_SCHOOL}
    ends = select(Case.expected_end_on).where(Case.status == Status.TRANSITION)
    assert all(day and day > app_clock.today() for day in db.session.scalars(ends))


@pytest.mark.usefixtures("filled")
def test_a_provision_has_a_case_to_refer_and_one_that_it_has_referred() -> None:
    anahera, lupe = role_of(ANAHERA, Role.CASE_MANAGER), role_of(LUPE, Role.WORKFLOW_LEAD)
    theirs = select(Case).join(CasePerson).where(CasePerson.organisation_id == anahera.organisation_id)
    open_case, referred = db.session.scalars(theirs.distinct().order_by(Case.status)).all()
    assert (open_case.status, referred.status) == (Status.OPEN, Status.QUEUE)
    assert last_review(open_case.id) in NOT_ENOUGH
    assert referable_for(actor_of(anahera.person, anahera), open_case.number)
    assert (referred.service_id, referred.school_id) == (lupe.organisation_id, open_case.school_id)
    assert case_for(actor_of(lupe.person, lupe), referred.number)


def role_of(name: str, role: Role) -> RoleHeld:
    held = select(RoleHeld).join(Person, Person.id == RoleHeld.person_id)
    return db.session.scalars(held.where(Person.name == name, RoleHeld.role == role)).one()


@pytest.mark.usefixtures("filled")
def test_nothing_is_left_to_send_or_to_read() -> None:
    assert all_of(Outbox.id)
    assert not db.session.execute(select(Outbox.id).where(Outbox.done_at.is_(None) | Outbox.read_at.is_(None))).all()
    assert {result for (result,) in all_of(Outbox.result)} == {"in the app", BEFORE}


@pytest.mark.parametrize("today", [JANUARY, AUTUMN])
def test_everything_happened_in_order_in_the_weeks_before(context: AppContext, clock: Any, today: str) -> None:
    clock.move_to(datetime.fromisoformat(today))
    assert fill()
    midnight = app_clock.now().date()
    waits = Outbox.event.startswith("comment.") | (Outbox.event == "meeting.recorded")
    for column, order, *which in (
        (Entry.happened_at, Entry.id),
        (Audit.at, Audit.id),
        (StatusChange.at, StatusChange.id),
        (Outbox.made_at, Outbox.id, ~waits),
        (Case.made_at, Case.id),
    ):
        times = list(db.session.scalars(select(column).where(*which).order_by(order)))
        assert times == sorted(times)
        assert times[-1].date() <= midnight
    referred = select(CasePerson.case_id).where(CasePerson.part == Part.FORMER_MANAGER)
    for case in db.session.scalars(select(Case)):
        assert case.due_on == first_due(case.service_started_on, case.region)
    for case in db.session.scalars(select(Case).where(Case.id.not_in(referred))):
        assert case.service_started_on == app_clock.nz(case.made_at).date()
    _enrolled_before(min(day for (day,) in all_of(Case.service_started_on)))


def _enrolled_before(day: date) -> None:
    assert max(start for (start,) in all_of(Enrolment.from_on)) <= day


@pytest.mark.usefixtures("filled")
def test_filling_twice_adds_nothing() -> None:
    before = [db.session.scalar(select(func.count()).select_from(table)) for table in (Person, Student, Entry, Audit)]
    assert not fill()
    after = [db.session.scalar(select(func.count()).select_from(table)) for table in (Person, Student, Entry, Audit)]
    assert before == after


def test_of_two_starts_at_once_one_fills(app: Flask) -> None:
    def start(_: int) -> bool:
        with app.app_context():
            return fill()

    with ThreadPoolExecutor(2) as both:
        assert sorted(both.map(start, range(2))) == [False, True]
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Case)) == sum(ALL.values())


def test_each_invented_person_comes_in_with_the_roles_they_were_given(filled: Flask) -> None:
    assert not all_of(Identity.id)
    assert {source for (source,) in all_of(RoleHeld.source)} == {Source.CLAIM}
    rules = read_rules(ROOT / "demo" / "roles.toml")
    roles = sorted(all_of(RoleHeld.id, RoleHeld.ended_at))
    for person in PEOPLE:
        arrived = arrive(user_info(person), issuer=ISSUER, rules=rules, log=filled.logger)
        if isinstance(arrived, Turned):
            assert (person.name, arrived.cause) in {
                ("Wiremu Left-Already", Cause.INACTIVE),
                ("Ngaire Olsen", Cause.NO_ROLE),
            }
        else:
            assert arrived.person.name == person.name
            assert {(role.organisation.number, role.role.value) for role in roles_of(arrived.person_id)} == set(
                person.roles
            )
    assert sorted(all_of(RoleHeld.id, RoleHeld.ended_at)) == roles


@pytest.mark.usefixtures("filled")
def test_a_request_that_says_what_the_roll_says_names_nobody_twice() -> None:
    named = all_of(Caregiver.student_id, Caregiver.name, Caregiver.relationship)
    assert len(set(named)) == len(named)


@pytest.mark.usefixtures("filled")
def test_whoever_left_a_draft_finds_it_again() -> None:
    for draft in db.session.scalars(select(Referral).where(Referral.state == State.DRAFT)):
        held = roles_of(draft.maker_id)[0]
        request = request_for(actor_of(held.person, held), draft.public_id)
        assert request
        assert request.texts["reason"]


def test_a_real_portal_is_not_filled(monkeypatch: pytest.MonkeyPatch, app: Flask, capsys: Any) -> None:
    monkeypatch.setattr("demo.people_and_cases.create_app", lambda: app)
    assert main() == 2
    assert "DEMONSTRATION" in capsys.readouterr().out
    with app.app_context():
        assert not all_of(Organisation.id)


@pytest.mark.usefixtures("filled")
def test_one_student_of_anas_is_enrolled_nowhere_and_letter_1_can_be_walked_through() -> None:
    held = role_of(ANA, Role.CASE_MANAGER)
    ana = actor_of(held.person, held)
    case = db.session.scalars(select(Case).where(Case.kind == CaseKind.NEN)).one()
    head = case_for(ana, case.number)
    assert head
    first, *_ = dossiers_of(head)
    ready = readiness(first, app_clock.today())
    stops = [point.words for point in ready.points if point.stops and not point.is_met]
    assert stops == ["Nobody has told the last day at school."]
    assert head.age in range(6, 15)
    state_last_day(head, LastDay(head.service_started_on, "Ngaire, by phone", app_clock.today()), by=ana)
    assert readiness(next(iter(dossiers_of(head))), app_clock.today()).is_ready
