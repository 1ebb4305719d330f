"""A school's own word that a student is there shows it no case of another school before that was looked through, or five working
days have passed: whichever came first, the word or the case (CASE-10). Its own cases it always sees."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, select
from time_machine import Traveller

from app.cases.actions import change_status
from app.cases.arrivals.actions import add_newcomer, show_to_new_school
from app.cases.arrivals.rules import Newcomer
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Outbox
from app.people.telling.queries import told_to
from app.referrals.actions import submit
from app.referrals.matches.actions import same_student
from app.referrals.models import LikelyMatch, Outcome, Referral
from app.referrals.routing import known_case, known_cases
from app.students.models import Enrolment, EnrolmentSource
from tests import make
from tests.referrals.second import DAY, SHARED, asks, begun, by_hand, by_roll, numbered, sees, takes_back, told


def begins(of: make.World) -> Case:
    """The first school asks, and something is shared with it."""
    case = make.open_case(of)
    make.note(of.ana, case, body=SHARED)
    return case


def waits(of: make.World) -> date | None:
    there = select(Enrolment).where(Enrolment.school_id == of.puna.id, Enrolment.student_id == of.whanau.id)
    return db.session.scalars(there).one().cases_from


class TestOfACaseThatBeginsLater:
    @pytest.fixture
    def case(self, clock: Traveller, world: make.World) -> Case:
        numbered(world)
        by_hand(world)
        clock.shift(14 * DAY)
        db.session.execute(delete(Outbox))
        return begins(world)

    def test_it_sees_nothing_for_five_working_days(self, clock: Traveller, world: make.World, case: Case) -> None:
        for _ in range(8):
            assert not sees(world.jin, case)
            assert not sees(world.sione, case)
            assert not known_cases(world.jin, [world.whanau.id])
            assert known_case(world.jin, world.whanau.id) is None
            clock.shift(DAY)
        assert sees(world.jin, case)
        assert sees(world.mere, case)

    def test_the_case_manager_may_let_it_in(self, world: make.World, case: Case) -> None:
        assert make.head(world.ana, case).new_school_from == waits(world)
        assert show_to_new_school(make.head(world.ana, case), by=world.ana)
        assert sees(world.jin, case)

    def test_the_school_of_the_case_is_told_and_the_other_one_not(self, world: make.World, case: Case) -> None:
        assert told("student.said_elsewhere") == {world.mere.person_id}
        assert not [line for who in (world.jin, world.sione) for line in told_to(who).lines]

    def test_its_request_joins_and_waits_too(self, world: make.World, case: Case) -> None:
        assert asks(world).id == case.id
        assert (sees(world.jin, case), case.school_id) == (False, world.tawa.id)
        takes_back(world)
        assert not sees(world.jin, case)

    def test_the_next_case_waits_anew(self, clock: Traveller, world: make.World, case: Case) -> None:
        """Whether the student is there still, nobody but the school itself has said."""
        clock.shift(8 * DAY)
        assert sees(world.jin, case)
        make.closed(case, by=world.ruth)
        case.close_reason = "rejected"
        clock.shift(DAY)
        later = make.submitted(world.priya, world.whanau, contact=world.tom)
        assert later.id != case.id
        assert case_for(world.jin, later.number) is None
        clock.shift(8 * DAY)
        assert {number for number in (case.number, later.number) if case_for(world.jin, number)} == {
            case.number,
            later.number,
        }

    def test_the_same_case_that_opens_again_does_not(self, clock: Traveller, world: make.World, case: Case) -> None:
        clock.shift(8 * DAY)
        make.closed(case, by=world.ruth)
        assert sees(world.jin, case)
        change_status(case, Status.OPEN, by=world.ruth, why="Away again.")
        assert sees(world.jin, case)


def test_one_that_had_closed_before_the_school_said_so_waits_as_it_opens_again(
    clock: Traveller, world: make.World
) -> None:
    numbered(world)
    case = make.closed(begins(world), by=world.ruth)
    clock.shift(DAY)
    by_hand(world)
    clock.shift(14 * DAY)
    change_status(case, Status.OPEN, by=world.ruth, why="Away again.")
    assert not sees(world.jin, case)
    assert waits(world) is not None
    clock.shift(8 * DAY)
    assert sees(world.jin, case)


def test_on_its_roll_it_sees_what_begins_later_at_once(world: make.World) -> None:
    by_roll(world)
    case = begins(world)
    assert sees(world.jin, case)
    assert waits(world) is None
    assert told("student.said_elsewhere") == set()


def test_the_case_that_its_own_request_began_it_sees_all_the_time(clock: Traveller, world: make.World) -> None:
    """Also once the school on whose roll the student is has asked, and takes the case over."""
    numbered(world)
    by_hand(world)
    case = asks(world)
    assert sees(world.jin, case)
    clock.shift(DAY)
    assert make.submitted(world.priya, world.whanau, contact=world.tom).id == case.id
    assert case.school_id == world.tawa.id
    assert (sees(world.jin, case), sees(world.mere, case)) == (True, True)
    make.closed(case, by=world.ruth)
    assert sees(world.jin, case)


def test_its_own_closed_case_it_sees_while_it_waits_for_another_schools(clock: Traveller, world: make.World) -> None:
    numbered(world)
    by_hand(world)
    own = make.closed(asks(world), by=world.ruth)
    own.close_reason = "rejected"
    clock.shift(DAY)
    later = make.submitted(world.priya, world.whanau, contact=world.tom)
    assert later.id != own.id
    assert (case_for(world.jin, own.number) is None, case_for(world.jin, later.number) is None) == (False, True)


def test_without_anybodys_day_nothing_is_shown(world: make.World) -> None:
    """Whatever else may once make a case of theirs: it is not seen because somebody forgot to write from when on."""
    numbered(world)
    case = begins(world)
    by_hand(world)
    for enrolment in db.session.scalars(select(Enrolment).where(Enrolment.source == EnrolmentSource.PERSON)):
        enrolment.cases_from = None
    db.session.flush()
    assert not sees(world.jin, case)


BORN = date(2011, 5, 4)
NAMED = Newcomer("Hemi Whanau", BORN, date(2026, 2, 2), 10, "Form of 2 February")


class TestOfALikelyMatch:
    """Puna Street School asks for a student without a number; later it is found to be Hēmi, who has a case of Tawa Awa College."""

    @pytest.fixture
    def case(self, clock: Traveller, world: make.World) -> Case:
        return begun(clock, world)

    def confirmed(self, of: make.World, *, is_on_roll: bool) -> Case:
        if is_on_roll:
            pupil = make.student(NAMED.legal_name, of.puna, born_on=BORN)
        else:
            added = add_newcomer(NAMED, by=of.jin)
            pupil = make.Pupil(added.id, added.public_id, added.name)
        request = make.filled(of.jin, pupil, contact=of.sione)
        new = submit(request, version=request.version, by=of.jin)
        db.session.execute(delete(Outbox))
        assert same_student(db.session.scalars(select(LikelyMatch)).one(), by=of.ruth)
        return new

    def test_by_its_own_word_the_school_waits(self, clock: Traveller, world: make.World, case: Case) -> None:
        """Its own case, which closed as a duplicate, it goes on reading; case and contact stay whose they are."""
        own = self.confirmed(world, is_on_roll=False)
        assert (case_for(world.jin, own.number) is None, case_for(world.jin, case.number) is None) == (False, True)
        assert case_for(world.sione, case.number) is None
        assert (case.school_id, make.head(world.ana, case).contact_name) == (world.tawa.id, world.tom.name)
        sent = db.session.scalars(select(Referral).where(Referral.school_id == world.puna.id)).one()
        assert (sent.case_id, sent.outcome) == (case.id, Outcome.JOINED)
        clock.shift(8 * DAY)
        assert case_for(world.jin, case.number) is not None
        assert case_for(world.sione, case.number) is not None
        assert told("contact.begun") == {world.sione.person_id}

    def test_who_sent_it_and_whom_it_names_are_told_and_the_first_school_learns_that_another_asked(
        self, world: make.World, case: Case
    ) -> None:
        self.confirmed(world, is_on_roll=False)
        assert told("referral.joined") == {world.jin.person_id, world.sione.person_id, world.ana.person_id}
        assert told("referral.second_school") == {world.mere.person_id, world.tom.person_id}
        assert told("contact.changed") == set()

    def test_on_its_roll_the_school_sees_it_at_once_and_acts(self, world: make.World, case: Case) -> None:
        self.confirmed(world, is_on_roll=True)
        assert case_for(world.jin, case.number) is not None
        assert (case.school_id, make.head(world.ana, case).contact_name) == (world.puna.id, world.sione.name)
        assert case_for(world.mere, case.number) is not None
        assert told("referral.second_school") == {world.mere.person_id}

    def test_a_closed_one_that_opens_again_by_it_waits_too(
        self, clock: Traveller, world: make.World, case: Case
    ) -> None:
        make.closed(case, by=world.ruth)
        clock.shift(timedelta(hours=1))
        self.confirmed(world, is_on_roll=False)
        assert case.status is Status.QUEUE
        assert case_for(world.jin, case.number) is None
        assert (waits_of(world) or core_clock.today()) > core_clock.today()


def waits_of(of: make.World) -> date | None:
    return db.session.scalars(select(Enrolment).where(Enrolment.source == EnrolmentSource.PERSON)).one().cases_from
