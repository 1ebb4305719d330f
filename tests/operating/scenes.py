"""What happens, and whom it tells: each scene prepares, stops, goes on with what tells somebody, and may tidy up after that."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from sqlalchemy import delete, select, update
from time_machine import Traveller

from app.announcements.actions import change_issue
from app.announcements.rules import texts_of
from app.attendance.actions import state_absences
from app.attendance.prompts.actions import answer_prompt
from app.attendance.prompts.listing import prompts_for
from app.attendance.prompts.models import MarkPrompt
from app.attendance.prompts.queries import prompt_for
from app.attendance.prompts.rules import AnswerFacts
from app.attendance.rules import Absences, HalfDays, Week
from app.attendance.star.actions import notice_new_lines
from app.attendance.tallies.models import MarkWeek, TermTally
from app.cases.absences.actions import tell_absences
from app.cases.absences.rules import WORSE
from app.cases.actions import change_status
from app.cases.arrivals.actions import add_newcomer, enrol_with_case, show_to_new_school
from app.cases.arrivals.rules import Newcomer
from app.cases.assignment.actions import assign_from_queue
from app.cases.comments.actions import change_audience
from app.cases.contacts.actions import add_secondary, ask_for_missing, change_primary, cover_contact
from app.cases.contacts.rules import Whom
from app.cases.covers.actions import Days, cover_case, cover_caseload, end_caseload_cover, end_cover
from app.cases.entries import Audience
from app.cases.files.tells import tell_of_infected
from app.cases.handovers.actions import Given
from app.cases.handovers.actions import hand_over as hand_over_cases
from app.cases.models import Case, CaseKind, SafetyNote, Status
from app.cases.pauses.actions import approve_pause, refuse_pause
from app.cases.pauses.rules import OTHER
from app.cases.plans.models import Plan
from app.cases.prompts.actions import tell_of_absences, tell_of_returns
from app.cases.reminders.actions import remind_of_due
from app.cases.reminders.rules import (
    DUE_TOMORROW,
    ENGAGE_PASSED,
    ENGAGE_TOMORROW,
    OLD_ENOUGH,
    PASSED,
    PAUSE_REVIEW,
    PLAN_REVIEW,
    QUEUED,
    SAFETY_REVIEW,
    TRANSITION_ENDED,
    UNASSIGNED,
)
from app.cases.safety.actions import note_safety
from app.cases.services.actions import ask_for_group
from app.cases.statuses.actions import reopen_due
from app.cases.transfers.actions import accept_transfer, ask_for_transfer, refuse_transfer
from app.cases.updates.actions import ask_for_update, remind
from app.cases.updates.rules import LONG_SILENT, SILENT
from app.core import clock as core_clock
from app.core import events
from app.core.db import begin_write, db
from app.core.events import Channel
from app.core.files.stored import StoredFile
from app.core.versions import version_of
from app.letters.actions import record_back, record_sending, void_letter
from app.letters.batches.actions import choose
from app.letters.batches.models import BatchLine, BatchState, LineState
from app.letters.batches.rules import Rule
from app.letters.batches.tells import MADE, POSTED, UNDONE
from app.letters.emails.actions import send_by_email
from app.letters.emails.sending import fail
from app.letters.models import Back, Method
from app.letters.purposes import Purpose
from app.letters.rules import CameBack, Sending
from app.letters.signing.actions import send_back, sign_off
from app.people.models import Catchment, Organisation, Person, Role, RoleHeld
from app.people.queries import Actor
from app.people.role_requests.actions import ask_for_role, refuse
from app.people.role_requests.models import RoleRequest
from app.people.role_requests.rules import Applicant
from app.people.roles.actions import give_role
from app.referrals.actions import submit
from app.referrals.drafts.actions import announce_ends, discard, hand_over
from app.referrals.duplicates.actions import propose_merge
from app.referrals.duplicates.queries import pair_for
from app.referrals.duplicates.rules import Pair
from app.referrals.leaving.actions import end_and_hand_on
from app.referrals.leaving.rules import Heirs
from app.referrals.matches.actions import same_student
from app.referrals.matches.queries import match_for, matches_for
from app.referrals.provisions.actions import refer_to_provider
from app.referrals.provisions.queries import referable_for
from app.referrals.withdrawing.actions import withdraw
from app.students.models import Caregiver, Student
from tests import make
from tests.attendance import marked
from tests.letters import school
from tests.support.figures import FIGURES, UNDO_FOR

APP, MAIL = Channel.APP, Channel.APP_EMAIL
Told = Mapping[str, Channel]
Happens = Callable[[make.World, Traveller], Iterator[None]]
NOW = timedelta()
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Scene:
    """`told`: by what happened, who is told how; `listed`: what `notifications.csv` calls it; `after`: when they are told."""

    happens: Happens
    listed: Collection[str]
    told: Mapping[str, Told]
    after: timedelta = field(default=NOW)


def request_is_sent(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    make.submitted(world.priya, world.whanau, contact=world.tom)


def urgent_request_is_sent(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    make.submitted(world.priya, world.whanau, contact=world.tom, **make.URGENT)


def request_finds_no_service(world: make.World, clock: Traveller) -> Iterator[None]:
    db.session.execute(update(Catchment).values(service_id=None))
    yield
    make.submitted(world.priya, world.whanau, contact=world.tom)


def request_takes_the_case_elsewhere(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world)
    make.enrolled(world.whanau.id, world.bay)
    yield
    make.submitted(world.kahu, world.whanau, contact=world.kahu)


def request_asks_for_a_transfer(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world).kind = CaseKind.NEN
    make.enrolled(world.whanau.id, world.bay)
    yield
    make.submitted(world.kahu, world.whanau, contact=world.kahu)


def _says_the_student_is_theirs(world: make.World) -> None:
    db.session.get_one(Student, world.whanau.id).national_number = "123456"
    told = Newcomer("Hēmi Whānau", date(2011, 5, 4), date(2026, 2, 2), 10, "Enrolment form", national_number="123456")
    add_newcomer(told, by=world.jin)


def second_school_says_the_student_is_theirs(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world)
    yield
    _says_the_student_is_theirs(world)


def case_begins_of_whom_a_second_school_says_so(world: make.World, clock: Traveller) -> Iterator[None]:
    _says_the_student_is_theirs(world)
    yield
    make.submitted(world.priya, world.whanau, contact=world.tom)


def second_school_knows_by_its_own_hand_until_it_is_let_in(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    _says_the_student_is_theirs(world)
    yield
    make.submitted(world.jin, world.whanau, contact=world.sione)
    show_to_new_school(make.head(world.ana, case), by=world.ana)


def request_is_withdrawn(world: make.World, clock: Traveller) -> Iterator[None]:
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    submit(request, version=request.version, by=world.priya)
    yield
    withdraw(make.request_now(world.mere, request.referral.public_id), "Moved away.", by=world.mere)


def request_is_declined(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    make.event(world.ana, case, Audience.SERVICE)
    yield
    make.declined(world.ruth, case)


def likely_match_at_one_service(world: make.World, clock: Traveller) -> Iterator[None]:
    make.submitted(world.jin, make.student("Rangi Hoani", world.puna), contact=world.jin)
    yield
    make.submitted(world.priya, make.student("RANGI HOANI", world.tawa), contact=world.tom)


def likely_match_in_triage(world: make.World, clock: Traveller) -> Iterator[None]:
    make.submitted(world.jin, make.student("Rangi Hoani", world.puna), contact=world.jin)
    db.session.execute(update(Catchment).values(service_id=None))
    yield
    make.submitted(world.priya, make.student("RANGI HOANI", world.tawa), contact=world.tom)


def likely_match_is_one_student(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.submitted(world.jin, make.student("Rangi Hoani", world.puna), contact=world.jin)
    make.assigned(case, to=world.ana, by=world.ruth)
    make.submitted(world.priya, make.student("RANGI HOANI", world.tawa), contact=world.tom)
    yield
    match = match_for(world.ruth, matches_for(world.ruth)[0].public_id)
    assert match is not None
    same_student(match, by=world.ruth)


def two_records_are_proposed_as_one(world: make.World, clock: Traveller) -> Iterator[None]:
    pair = pair_of(world.ana, case := make.open_case(world), make.twice(world, case))
    assert pair is not None
    yield
    propose_merge(pair, pair.later, why="The same mother.", by=world.ana)


def pair_of(who: Actor, *cases: Case) -> Pair | None:
    one, other = (db.session.get_one(Student, case.student_id).public_id for case in cases)
    return pair_for(who, one, other)


def draft_is_handed_over(world: make.World, clock: Traveller) -> Iterator[None]:
    request = make.draft(world.tom, world.whanau)
    yield
    hand_over(request, to=world.aroha.person_id, by=world.tom, instead_of=world.tom.public_id)


def draft_is_left_alone(world: make.World, clock: Traveller) -> Iterator[None]:
    request = make.draft(world.tom, world.whanau, primary_contact=world.aroha.public_id)
    db.session.commit()
    clock.shift(FIGURES.draft_announced_after - DAY)
    announce_ends()
    yield
    clock.shift(DAY)
    announce_ends()
    announce_ends()
    yield
    discard(request, by=world.tom)
    db.session.commit()


def case_is_given(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    make.assigned(case, to=world.david, by=world.ruth)


def case_is_given_from_the_queue(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    yield
    make.assigned(case, to=world.ana, by=world.ruth)


def manager_steps_back(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    change_status(case, Status.TRANSITION, by=world.ruth)


def hold_ends_by_itself(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    make.paused(case, by=world.ana)
    db.session.commit()
    clock.shift(DAY)
    reopen_due()
    yield
    clock.shift(6 * DAY)
    reopen_due()
    reopen_due()
    yield
    make.closed(db.session.get_one(Case, case.id), by=world.ruth).close_reason = "rejected"
    db.session.commit()


def request_finds_it_closed(world: make.World, clock: Traveller) -> Iterator[None]:
    make.closed(make.open_case(world), by=world.ruth)
    yield
    make.submitted(world.priya, world.whanau, contact=world.tom)


def plan_is_shared(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    make.planned(world.ana, case)


def service_shares(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    make.note(world.ana, case, waits=True)


def service_shares_later(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    entry = make.note(world.ana, case, Audience.SERVICE)
    clock.shift(DAY)
    yield
    change_audience(make.head(world.ana, case), entry, Audience.SHARED, by=world.ana)


def service_shares_an_event(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    make.event(world.ana, case, waits=True)
    make.event(world.ana, case, Audience.SERVICE)
    make.event(world.ana, case, Audience.RESTRICTED)


def service_keeps_to_itself(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    make.note(world.ana, case, Audience.SERVICE)
    make.note(world.ana, case, Audience.RESTRICTED)


def school_writes(world: make.World, clock: Traveller) -> Iterator[None]:
    case = with_second_contact(world)
    yield
    make.note(world.mere, case)


def school_writes_in_the_queue(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.submitted(world.priya, world.whanau, contact=world.tom)
    yield
    make.note(world.mere, case)


def school_knows_of_a_dog(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    later = core_clock.today() + 30 * DAY
    note_safety(make.head(world.mere, case), "dog", "By the gate.", later, by=world.mere)
    note_safety(make.head(world.ana, case), "place", "No light.", later, by=world.ana)


def update_is_asked_for(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    ask_for_update(make.head(world.tom, case), by=world.tom)


def nothing_is_shared(event: str, days: int) -> Happens:
    """Not on the day before so many working days have come, and on that day, once."""

    def happens(world: make.World, clock: Traveller) -> Iterator[None]:
        case = make.open_case(world)
        db.session.commit()
        clock.shift(timedelta(weeks=days // 5) - DAY)
        remind(event, days)
        yield
        clock.shift(DAY)
        remind(event, days)
        remind(event, days)
        yield
        make.closed(db.session.get_one(Case, case.id), by=world.ruth).close_reason = "rejected"
        db.session.commit()

    return happens


def student_comes_with_a_case(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    student, school = db.session.get_one(Student, case.student_id), db.session.get_one(Organisation, world.puna.id)
    yield
    enrol_with_case(student, school, from_on=core_clock.today(), year_level=10)


def student_comes_into_another_catchment(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    student, school = db.session.get_one(Student, case.student_id), db.session.get_one(Organisation, world.bay.id)
    yield
    enrol_with_case(student, school, from_on=core_clock.today(), year_level=10)


def pause_is_asked_for(world: make.World, clock: Traveller) -> Iterator[None]:
    make.pauses_allowed(world.te_awa)
    case = make.open_case(world)
    yield
    make.pause_asked(world.ana, case)


def pause_is_refused(world: make.World, clock: Traveller) -> Iterator[None]:
    make.pauses_allowed(world.te_awa)
    case = make.open_case(world)
    asked = make.pause_asked(world.ana, case)
    yield
    refuse_pause(make.pause_now(world.ruth, case, asked.pause.public_id), "The school needs you now.", by=world.ruth)


def pause_is_approved(world: make.World, clock: Traveller) -> Iterator[None]:
    """By the second lead; the first one asked."""
    make.pauses_allowed(world.te_awa)
    case, there = make.open_case(world), db.session.get_one(Organisation, world.te_awa.id)
    nina, asked = make.person("Nina Bell", Role.WORKFLOW_LEAD, there), make.pause_asked(world.ruth, case)
    yield
    approve_pause(make.pause_now(nina, case, asked.pause.public_id), by=nina)


def attendance_gets_worse(world: make.World, clock: Traveller) -> Iterator[None]:
    case, today = make.open_case(world), core_clock.today()
    change_status(case, Status.TRANSITION, by=world.ana, why="Steady")
    case.status_at -= 14 * DAY
    began = today - 14 * DAY
    weeks = [Week(began - 7 * DAY, HalfDays(10, 0, 2)), Week(began, HalfDays(10, 0, 4))]
    told = Absences(began - 7 * DAY, began + 6 * DAY, today, HalfDays(20, 0, 6), "Our register", today, weeks)
    yield
    tell_absences(make.head(world.mere, case), told, school_id=world.tawa.id, by=world.mere)


def transfer_is_asked_for(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    ask_for_transfer(make.head(world.ana, case), None, "The whānau moved.", by=world.ana)


def transfer_is_offered(world: make.World, clock: Traveller) -> Iterator[None]:
    asked = make.wanted_elsewhere(world, world.whanau)
    yield
    make.offered(world, asked, to=world.maunga)


def transfer_is_refused(world: make.World, clock: Traveller) -> Iterator[None]:
    offered = make.offered(world, make.wanted_elsewhere(world, world.whanau), to=world.maunga)
    yield
    refuse_transfer(offered, "Too far.", by=world.lupe)


def transfer_is_accepted(world: make.World, clock: Traveller) -> Iterator[None]:
    offered = make.offered(world, make.wanted_elsewhere(world, world.whanau), to=world.maunga)
    yield
    accept_transfer(offered, by=world.lupe)


def provision_refers_to_the_provider(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.at_provision(world, world.whanau)
    found = referable_for(world.wiremu, case.number)
    assert found is not None
    yield
    refer_to_provider(found, by=world.wiremu)


def contact_changes(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    change_contact(world, case, Whom(person_id=world.aroha.person_id))


def contact_is_named_without_a_role(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    change_contact(world, case, Whom(name="Rina Tau", email="rina.tau@tawa.example.nz"))


def contact_is_added(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    add_secondary(make.head(world.tom, case), Whom(person_id=world.aroha.person_id), by=world.tom)


def cases_are_given_from_the_queue(world: make.World, clock: Traveller) -> Iterator[None]:
    """Of two that were ticked she has one already."""
    cases = [make.open_case(world), make.submitted(world.priya, world.ng, contact=world.tom)]
    yield
    assign_from_queue([case.number for case in cases], to=world.ana.person_id, by=world.ruth)


def caseload_is_handed_over(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    yield
    head = make.head(world.ruth, case)
    hand_over_cases(world.ana.person_id, [Given(head, world.david.person_id, "Ring first.")], by=world.ruth)


def manager_is_covered(world: make.World, clock: Traveller) -> Iterator[None]:
    head, today = make.head(world.ruth, make.open_case(world)), core_clock.today()
    yield
    cover_case(head, world.david.person_id, Days(today, today + DAY), by=world.ruth)


def caseload_is_covered(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world)
    today = core_clock.today()
    yield
    cover_caseload(world.ana.person_id, world.david.person_id, Days(today + DAY, today + DAY), by=world.ruth)


def cover_ends_early(world: make.World, clock: Traveller) -> Iterator[None]:
    head, today = make.head(world.ruth, make.open_case(world)), core_clock.today()
    cover_case(head, world.david.person_id, Days(today, today + DAY), by=world.ruth)
    yield
    end_cover(head.case_id, world.david.person_id, by=world.ruth)


def caseload_cover_ends_early(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world)
    today = core_clock.today()
    cover_caseload(world.ana.person_id, world.david.person_id, Days(today, today + DAY), by=world.ruth)
    yield
    end_caseload_cover(world.ana.person_id, world.david.person_id, by=world.ruth)


def after(days: int, *, is_given: bool, is_school_met: bool = False) -> Happens:
    """The worker looks so many days after a case was sent, again and again."""

    def happens(world: make.World, clock: Traveller) -> Iterator[None]:
        case = make.submitted(world.priya, world.whanau, contact=world.tom)
        if is_given:
            make.assigned(case, to=world.ana, by=world.ruth)
        case.met_school_on = core_clock.today() if is_school_met else None
        db.session.commit()
        for _ in range(1, days):
            clock.shift(DAY)
            remind_of_due()
        yield
        clock.shift(DAY)
        remind_of_due()
        remind_of_due()
        yield
        make.closed(db.session.get_one(Case, case.id), by=world.ruth)
        db.session.commit()

    return happens


def something_is_to_be_reviewed(what: str) -> Happens:
    """It has become so this morning."""

    def happens(world: make.World, clock: Traveller) -> Iterator[None]:
        today, case = core_clock.today(), make.open_case(world)
        case.met_school_on = today
        if what == "plan":
            make.planned(world.ana, case)
            db.session.execute(update(Plan).values(review_on=today))
        elif what == "safety":
            db.session.execute(update(SafetyNote).where(SafetyNote.case_id == case.id).values(review_by=today))
        elif what == "pause":
            make.pauses_allowed(world.te_awa)
            change_status(case, Status.PAUSED, by=world.ruth, sets={"pause_reason": OTHER, "pause_until": today})
        elif what == "transition":
            change_status(case, Status.TRANSITION, by=world.ana, why="Steady")
            case.expected_end_on = today - DAY
        else:
            born = core_clock.add_months(today, -(15 * 12 + 6))
            db.session.execute(update(Student).where(Student.id == case.student_id).values(born_on=born))
        db.session.commit()
        yield
        remind_of_due()
        remind_of_due()
        yield
        if what == "pause":
            change_status(db.session.get_one(Case, case.id), Status.OPEN, by=world.ruth)
        make.closed(db.session.get_one(Case, case.id), by=world.ruth)
        db.session.commit()

    return happens


def contact_is_covered(world: make.World, clock: Traveller) -> Iterator[None]:
    head, today = make.head(world.mere, make.open_case(world)), core_clock.today()
    yield
    cover_contact(head, world.priya.person_id, today, today + DAY, by=world.mere)


def contact_loses_the_role(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world)
    make.end_roles(world.tom)
    db.session.commit()
    yield
    ask_for_missing()
    ask_for_missing()


BATCH_TOLD = (MADE, POSTED, UNDONE)


def letter_goes_its_way(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    make.letter_ready(world, case)
    addressee = make.caregiver(case, world.ruth, "Mārama Ngata")
    yield
    letter, today = make.letter_sent(world.ruth, case, addressee), core_clock.today()
    record_sending(make.letter_now(world.ruth, case, letter), Sending(Method.COURIER, today), by=world.ruth)
    record_back(make.letter_now(world.ruth, case, letter), CameBack(Back.ANSWERED, today, "Rang"), by=world.ruth)
    void_letter(make.letter_now(world.ruth, case, letter), "Wrong days", by=world.ruth)


def batch_goes_its_way(world: make.World, clock: Traveller) -> Iterator[None]:
    """As the worker records it, once for all letters."""
    case = make.open_case(world)
    to = make.letter_ready(world, case)
    batch, _ = choose(Purpose.CA, Rule.TICKED, [case.number], by=world.ruth)
    line = db.session.scalars(select(BatchLine).where(BatchLine.batch_id == batch.id)).one()
    line.letter_id, line.state = make.letter_made(world.ruth, case, to).id, LineState.ASKED
    batch.state = BatchState.MADE
    yield
    for event in BATCH_TOLD:
        events.record(event, by=world.ruth, on=batch)


def warned(world: make.World) -> tuple[Case, Caregiver]:
    """A case whose formal warning may be written out of its turn."""
    case = make.open_case(world)
    to = make.letter_ready(world, case)
    make.excepted(world.ruth, case, to, 3)
    return case, to


def formal_warning_waits(world: make.World, clock: Traveller) -> Iterator[None]:
    case, to = warned(world)
    yield
    make.asked_to_sign(world.ana, case, to)


def formal_warning_is_signed(world: make.World, clock: Traveller) -> Iterator[None]:
    case, to = warned(world)
    letter = make.asked_to_sign(world.ana, case, to)
    yield
    sign_off(make.letter_now(world.ruth, case, letter), by=world.ruth)


def formal_warning_is_sent_back(world: make.World, clock: Traveller) -> Iterator[None]:
    case, to = warned(world)
    letter = make.asked_to_sign(world.ana, case, to)
    yield
    send_back(make.letter_now(world.ruth, case, letter), "Ring them first", by=world.ruth)


def what_a_letter_says_changes(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    make.letter_made(world.ana, case, make.letter_ready(world, case))
    yield
    told = replace(make.absences(core_clock.today()), source="Aroha Ngata, at school")
    state_absences(make.head(world.ruth, case), replace(told, half_days=HalfDays(20, 0, 9), weeks=()), by=world.ruth)


def letter_by_email_is_refused(world: make.World, clock: Traveller) -> Iterator[None]:
    case = make.open_case(world)
    make.chose_email(to := make.letter_ready(world, case))
    letter = make.letter_made(world.ana, case, to)
    mail = send_by_email(make.letter_now(world.ana, case, letter), by=world.ana)
    yield
    fail(mail, letter, "The mailbox is full.")


def letter_of_a_school_by_email_is_refused(world: make.World, clock: Traveller) -> Iterator[None]:
    make.chose_email(to := school.ready(world))
    letter = school.made(world.mere, world.ng, to)
    mail = send_by_email(school.now(world.mere, world.ng, letter), by=world.mere)
    yield
    fail(mail, letter, "The mailbox is full.")


def role_is_given(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    give_role(db.session.get_one(Person, world.aroha.person_id), Role.OFFICE_SUPPORT, by=world.hana)


def role_ends(world: make.World, clock: Traveller) -> Iterator[None]:
    make.open_case(world)
    make.actor(world.mere, Role.DELEGATED_AUTHORISER, world.tawa)
    yield
    held = db.session.get_one(RoleHeld, world.tom.role_held_id)
    end_and_hand_on(held, Heirs(at_school=world.aroha.person_id), by=world.hana)


def role_is_asked_for(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    asked_for(world)


def role_is_refused(world: make.World, clock: Traveller) -> Iterator[None]:
    request = asked_for(world)
    yield
    refuse(request, "Ask the dean.", by=world.hana)


def file_is_infected(world: make.World, clock: Traveller) -> Iterator[None]:
    make.note_with(world.ana, make.open_case(world), Audience.SHARED, "plan.txt")
    yield
    tell_of_infected(db.session.query(StoredFile).one())


def away_for(world: make.World, weeks: int) -> Iterator[None]:
    """Two students, so that those of a school are told of together."""
    for pupil in (world.ng, world.whanau):
        marked.term(world.tawa, pupil, *["T" * 10] * weeks)
    db.session.commit()
    yield
    tell_of_absences()
    tell_of_absences()
    yield
    no_marks(world)


def students_are_away_for_three_weeks(world: make.World, clock: Traveller) -> Iterator[None]:
    yield from away_for(world, 4)


def students_are_away_for_four_weeks(world: make.World, clock: Traveller) -> Iterator[None]:
    yield from away_for(world, 5)


def day_of_return_passes(world: make.World, clock: Traveller) -> Iterator[None]:
    """The one has a case, the other has none."""
    other = make.student("Wiki Ao", world.tawa)
    case = make.assigned(make.submitted(world.priya, other, contact=world.tom), to=world.ana, by=world.ruth)
    for pupil in (world.ng, other):
        marked.term(world.tawa, pupil, *["T" * 10] * 4)
    for row in prompts_for(world.mere):
        found = prompt_for(world.mere, row.public_id)
        assert found
        said = AnswerFacts("return_known", return_on=core_clock.today() + timedelta(days=1))
        answer_prompt(found, said, version="", by=world.mere)
    db.session.commit()
    clock.shift(timedelta(days=2))
    yield
    tell_of_returns()
    tell_of_returns()
    yield
    db.session.execute(update(Case).where(Case.id == case.id).values(status=Status.CLOSED))
    no_marks(world)


def no_marks(world: make.World) -> None:
    for table in (MarkWeek, TermTally, MarkPrompt):
        db.session.execute(delete(table).where(table.school_id == world.tawa.id))
    db.session.commit()


def students_pass_a_step(world: make.World, clock: Traveller) -> Iterator[None]:
    marked.absent_for(world.tawa, world.ng, 14)
    db.session.commit()
    yield
    notice_new_lines()
    notice_new_lines()
    yield
    for table in (MarkWeek, TermTally):
        db.session.execute(delete(table).where(table.student_id == world.ng.id))
    db.session.commit()


def group_needs_support(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    ask_for_group("year", "15", "fell", by=world.mere)


def group_without_a_provider(world: make.World, clock: Traveller) -> Iterator[None]:
    db.session.execute(update(Catchment).values(service_id=None))
    yield
    ask_for_group("year", "15", "fell", by=world.mere)


def problem_is_reported(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    make.reported(world.tom)


def something_is_announced(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    make.announced(world.oscar, Role.ATTENDANCE_LEAD)


def known_issue_changes(world: make.World, clock: Traveller) -> Iterator[None]:
    yield
    issue = make.known_issue(world.oscar)
    change_issue(issue, issue.title, issue.body, is_solved=True, version=version_of(texts_of(issue)), by=world.oscar)


def with_second_contact(world: make.World) -> Case:
    """Hēmi's, with Ana; Aroha follows it too."""
    case = make.open_case(world)
    add_secondary(make.head(world.tom, case), Whom(person_id=world.aroha.person_id), by=world.tom)
    return case


def change_contact(world: make.World, case: Case, whom: Whom) -> None:
    change_primary(make.head(world.priya, case), whom, best_times="", instead_of=world.tom.public_id, by=world.priya)


def asked_for(world: make.World) -> RoleRequest:
    """Niko of the Ministry would like to work at the school too."""
    begin_write()
    niko = db.session.get_one(Person, world.niko.person_id)
    return ask_for_role(niko, world.tawa.id, Role.OFFICE_SUPPORT, why="Why", by=Applicant(niko.id, world.tawa.id))


OTHERS = dict.fromkeys(sorted({name for name, *_ in make.WHO} - {"oscar"}), APP)
SCENES = (
    Scene(
        request_is_sent,
        ("request_submitted", "case_in_queue"),
        {"referral.submitted": {"priya": MAIL, "tom": MAIL, "ruth": APP}},
    ),
    Scene(
        urgent_request_is_sent,
        ("urgent_case_in_queue",),
        {"referral.submitted": {"priya": MAIL, "tom": MAIL, "ruth": MAIL}},
    ),
    Scene(
        request_finds_no_service,
        ("request_without_service",),
        {"referral.submitted": {"priya": MAIL, "tom": MAIL, "moana": MAIL}},
    ),
    Scene(
        request_takes_the_case_elsewhere,
        ("request_moved_case",),
        {
            "referral.submitted": {"kahu": MAIL, "lupe": MAIL},
            "case.taken_from": {"ana": MAIL},
            "case.moved_away": {"ruth": MAIL},
            "contact.replaced": {"tom": MAIL},
            "referral.second_school": {"mere": APP},
        },
    ),
    Scene(
        request_asks_for_a_transfer,
        ("transfer_asked", "transfer_offered"),
        {
            "referral.submitted": {"kahu": MAIL, "ana": APP},
            "case.transfer_asked": {"ruth": APP, "ana": APP, "moana": APP},
            "case.transfer_offered": {"lupe": MAIL},
            "contact.changed": {"ana": MAIL},
            "contact.replaced": {"tom": MAIL},
            "referral.second_school": {"mere": APP},
        },
    ),
    Scene(
        second_school_knows_by_its_own_hand_until_it_is_let_in,
        ("second_school_asked",),
        {
            "referral.submitted": {"jin": MAIL, "sione": MAIL, "ana": APP},
            "referral.second_school": {"mere": APP, "tom": APP},
            "contact.begun": {"jin": MAIL, "sione": MAIL},
        },
    ),
    Scene(
        second_school_says_the_student_is_theirs,
        ("second_school_asked", "former_school_case_review"),
        {"student.arrived": {"ana": APP}, "student.said_elsewhere": {"mere": APP, "tom": APP}},
    ),
    Scene(
        case_begins_of_whom_a_second_school_says_so,
        ("request_submitted", "case_in_queue", "second_school_asked"),
        {
            "referral.submitted": {"priya": MAIL, "tom": MAIL, "ruth": APP},
            "student.said_elsewhere": {"mere": APP},
        },
    ),
    Scene(transfer_is_asked_for, ("transfer_asked",), {"case.transfer_asked": {"ruth": APP, "moana": APP}}),
    Scene(transfer_is_offered, ("transfer_offered",), {"case.transfer_offered": {"lupe": MAIL}}),
    Scene(
        transfer_is_refused,
        ("transfer_answered",),
        {"case.transfer_refused": {"ruth": APP, "ana": APP, "moana": APP}},
    ),
    Scene(
        transfer_is_accepted,
        ("transfer_answered", "request_moved_case"),
        {
            "case.transfer_accepted": {"tom": MAIL, "moana": APP},
            "case.taken_from": {"ana": MAIL},
            "case.moved_away": {"ruth": MAIL},
            "case.status_changed": {"mere": APP},
        },
    ),
    Scene(
        student_comes_into_another_catchment,
        ("transfer_asked", "transfer_offered", "former_school_case_review"),
        {
            "student.arrived": {"ana": APP},
            "case.transfer_asked": {"ruth": APP, "ana": APP, "moana": APP},
            "case.transfer_offered": {"lupe": MAIL},
        },
    ),
    Scene(
        provision_refers_to_the_provider,
        ("request_submitted", "request_moved_case"),
        {
            "referral.submitted": {"wiremu": MAIL, "tom": MAIL, "ruth": MAIL},
            "case.moved_away": {"lupe": MAIL},
            "case.status_changed": {"mere": APP},
        },
    ),
    Scene(request_is_withdrawn, ("request_withdrawn",), {"referral.withdrawn": {"tom": APP, "ruth": APP}}),
    Scene(
        request_is_declined,
        ("request_declined",),
        {"referral.declined": {"priya": MAIL, "tom": MAIL}, "case.status_changed": {"mere": APP, "ana": APP}},
    ),
    Scene(
        likely_match_at_one_service,
        ("likely_match",),
        {"referral.submitted": {"priya": MAIL, "tom": MAIL, "ruth": APP}, "match.found": {"ruth": APP}},
    ),
    Scene(
        likely_match_in_triage,
        ("likely_match",),
        {"referral.submitted": {"priya": MAIL, "tom": MAIL, "moana": MAIL}, "match.found": {"ruth": APP, "moana": APP}},
    ),
    Scene(
        likely_match_is_one_student,
        (),
        {
            "referral.joined": {"priya": MAIL, "tom": MAIL, "ana": APP},
            "case.status_changed": {"mere": APP},
            "contact.changed": {"tom": MAIL, "ana": MAIL},
            "contact.replaced": {"jin": MAIL},
            "referral.second_school": {"jin": APP},
        },
    ),
    Scene(two_records_are_proposed_as_one, ("merge_proposed",), {"merge.proposed": {"ruth": APP}}),
    Scene(draft_is_handed_over, ("draft_handed_over",), {"draft.handed_over": {"aroha": MAIL}}),
    Scene(draft_is_left_alone, ("draft_expires",), {"draft.end_announced": {"tom": MAIL, "aroha": MAIL}}),
    Scene(
        case_is_given,
        ("case_assigned",),
        {"case.assigned": {"tom": MAIL, "aroha": MAIL, "david": MAIL}, "case.taken_from": {"ana": MAIL}},
    ),
    Scene(
        case_is_given_from_the_queue,
        ("case_assigned", "status_changed"),
        {"case.assigned": {"tom": MAIL, "ana": MAIL}, "case.status_changed": {"mere": APP}},
    ),
    Scene(
        manager_steps_back,
        ("status_changed",),
        {"case.status_changed": {"tom": MAIL, "aroha": APP, "mere": APP, "ana": APP}},
    ),
    Scene(
        request_finds_it_closed,
        ("request_submitted", "case_in_queue"),
        {
            "referral.submitted": {"priya": MAIL, "tom": MAIL, "ruth": APP},
            "case.taken_from": {"ana": MAIL},
            "case.status_changed": {"mere": APP},
        },
    ),
    Scene(plan_is_shared, ("service_shared",), {"plan.shared": {"tom": MAIL, "aroha": MAIL, "mere": APP}}),
    Scene(
        service_shares,
        ("service_shared",),
        {"comment.added": {"tom": MAIL, "aroha": MAIL, "mere": APP}},
        after=UNDO_FOR,
    ),
    Scene(
        service_shares_later,
        ("service_shared",),
        {"comment.audience_changed": {"tom": MAIL, "aroha": MAIL, "mere": APP}},
        after=UNDO_FOR,
    ),
    Scene(
        service_shares_an_event,
        ("service_shared",),
        {"meeting.recorded": {"tom": MAIL, "aroha": MAIL, "mere": APP}},
        after=UNDO_FOR,
    ),
    Scene(service_keeps_to_itself, (), {}),
    Scene(school_writes, ("school_added",), {"comment.added": {"ana": APP}}),
    Scene(school_knows_of_a_dog, ("school_added",), {"safety_note.added": {"ana": APP}}),
    Scene(school_writes_in_the_queue, ("school_added_in_queue",), {"comment.added": {"ruth": APP}}),
    Scene(update_is_asked_for, ("update_asked",), {"update.asked": {"ana": MAIL}}),
    Scene(nothing_is_shared(SILENT, 10), ("nothing_shared_10_working_days",), {SILENT: {"ana": APP}}),
    Scene(nothing_is_shared(LONG_SILENT, 20), ("nothing_shared_20_working_days",), {LONG_SILENT: {"ruth": APP}}),
    Scene(
        hold_ends_by_itself,
        ("paused_case_reopened",),
        {
            "case.reopened_by_itself": {"ana": MAIL, "ruth": MAIL},
            "case.status_changed": {"tom": MAIL, "aroha": APP, "mere": APP},
        },
    ),
    Scene(pause_is_asked_for, ("pause_asked",), {"pause.asked": {"ruth": APP}}),
    Scene(pause_is_refused, ("pause_answered",), {"pause.refused": {"ana": APP}}),
    Scene(
        pause_is_approved,
        ("pause_answered", "status_changed"),
        {"pause.approved": {"ruth": APP}, "case.status_changed": {"tom": MAIL, "mere": APP, "ana": APP}},
    ),
    Scene(
        attendance_gets_worse,
        ("attendance_worse_in_transition",),
        {WORSE: {"ana": APP}},
    ),
    Scene(student_comes_with_a_case, ("former_school_case_review",), {"student.arrived": {"ana": APP}}),
    Scene(
        contact_changes,
        ("primary_contact_changed",),
        {"contact.changed": {"aroha": MAIL, "ana": MAIL}, "contact.replaced": {"tom": MAIL}},
    ),
    Scene(
        contact_is_named_without_a_role,
        ("contact_named_without_role",),
        {
            "contact.changed": {"mere": MAIL, "ana": MAIL},
            "contact.replaced": {"tom": MAIL},
            "role.named": {"hana": MAIL, "mere": MAIL},
        },
    ),
    Scene(contact_is_added, (), {"contact.added": {"aroha": MAIL}}),
    Scene(
        cases_are_given_from_the_queue,
        ("case_assigned", "status_changed"),
        {"case.assigned": {"tom": MAIL}, "case.status_changed": {"mere": APP}, "cases.given": {"ana": MAIL}},
    ),
    Scene(
        caseload_is_handed_over,
        ("case_assigned",),
        {"case.assigned": {"tom": MAIL}, "cases.given": {"david": MAIL}, "cases.taken": {"ana": MAIL}},
    ),
    Scene(manager_is_covered, ("cover_started",), {"manager.covered": {"tom": MAIL, "ana": MAIL, "david": MAIL}}),
    Scene(
        caseload_is_covered,
        ("cover_started",),
        {
            "manager.covered_with_others": {"tom": MAIL},
            "cover.taken_over": {"david": MAIL},
            "cover.handed_over": {"ana": MAIL},
        },
    ),
    Scene(cover_ends_early, ("cover_started",), {"cover.ended": {"tom": MAIL, "ana": MAIL, "david": MAIL}}),
    Scene(
        caseload_cover_ends_early,
        ("cover_started",),
        {"cover.ended": {"tom": MAIL}, "cover.ended_together": {"david": MAIL, "ana": MAIL}},
    ),
    Scene(after(1, is_given=False), ("unassigned_1_working_day",), {UNASSIGNED: {"ruth": APP}}),
    Scene(after(7, is_given=False), ("queued_5_working_days",), {QUEUED: {"ruth": MAIL}}),
    Scene(after(6, is_given=True), ("clock_due_tomorrow",), {DUE_TOMORROW: {"ana": APP}}),
    Scene(after(8, is_given=True), ("clock_passed",), {PASSED: {"ana": APP, "ruth": APP}}),
    Scene(after(13, is_given=True, is_school_met=True), ("clock_due_tomorrow",), {ENGAGE_TOMORROW: {"ana": APP}}),
    Scene(after(15, is_given=True, is_school_met=True), ("clock_passed",), {ENGAGE_PASSED: {"ana": APP, "ruth": APP}}),
    Scene(something_is_to_be_reviewed("plan"), ("plan_review_due",), {PLAN_REVIEW: {"ana": APP}}),
    Scene(something_is_to_be_reviewed("safety"), ("safety_review_due",), {SAFETY_REVIEW: {"ana": APP}}),
    Scene(something_is_to_be_reviewed("pause"), ("pause_review_due",), {PAUSE_REVIEW: {"ruth": APP}}),
    Scene(something_is_to_be_reviewed("transition"), ("transition_end_passed",), {TRANSITION_ENDED: {"ana": APP}}),
    Scene(something_is_to_be_reviewed("age"), ("fifteen_and_a_half",), {OLD_ENOUGH: {"ana": APP}}),
    Scene(contact_is_covered, ("cover_started",), {"contact.covered": {"tom": MAIL, "ana": MAIL, "priya": MAIL}}),
    Scene(
        letter_goes_its_way,
        ("letter_made_or_sent",),
        {f"letter.{what}": {"ana": APP} for what in ("made", "sent", "sending_corrected", "came_back", "voided")},
    ),
    Scene(batch_goes_its_way, ("letter_made_or_sent",), {event: {"ana": APP} for event in BATCH_TOLD}),
    Scene(formal_warning_waits, ("letter_sign_off_asked",), {"letter.sign_off_asked": {"ruth": MAIL}}),
    Scene(
        formal_warning_is_signed,
        ("letter_signed_or_sent_back", "letter_made_or_sent"),
        {"letter.signed": {"ana": APP}},
    ),
    Scene(what_a_letter_says_changes, ("letter_facts_changed",), {"letter.facts_changed": {"ana": APP}}),
    Scene(letter_by_email_is_refused, ("letter_not_sent",), {"letter.mail_failed": {"ana": MAIL}}),
    Scene(letter_of_a_school_by_email_is_refused, ("letter_not_sent",), {"letter.mail_failed": {"mere": MAIL}}),
    Scene(formal_warning_is_sent_back, ("letter_signed_or_sent_back",), {"letter.sent_back": {"ana": APP}}),
    Scene(role_is_given, ("role_given",), {"role.given": {"aroha": MAIL}}),
    Scene(
        role_ends,
        ("role_ended",),
        {
            "role.ended": {"tom": MAIL},
            "role.handed_on": {"aroha": MAIL, "mere": MAIL},
            "contact.handed_on": {"ana": MAIL},
        },
    ),
    Scene(role_is_asked_for, (), {"role.asked": {"hana": MAIL}}),
    Scene(role_is_refused, (), {"role.refused": {"niko": MAIL}}),
    Scene(file_is_infected, ("file_infected",), {"file.infected": {"ana": MAIL}}),
    Scene(students_are_away_for_three_weeks, ("absent_15_school_days",), {"prompt.absent_fifteen": {"mere": APP}}),
    Scene(students_are_away_for_four_weeks, ("absent_20_school_days",), {"prompt.absent_twenty": {"mere": MAIL}}),
    Scene(
        day_of_return_passes,
        ("return_date_passed",),
        {"prompt.return_passed": {"mere": APP}, "student.return_passed": {"ana": APP}},
    ),
    Scene(students_pass_a_step, ("star_list",), {"star.passed": {"mere": APP, "priya": APP}}),
    Scene(group_needs_support, (), {"group.support_asked": {"ruth": MAIL}}),
    Scene(group_without_a_provider, (), {"group.support_asked": {"moana": MAIL}}),
    Scene(problem_is_reported, ("problem_reported",), {"problem.reported": {"oscar": MAIL}}),
    Scene(
        something_is_announced,
        ("announcement",),
        {"announcement.made": {"mere": APP, "jin": APP, "kahu": APP}},
    ),
    Scene(
        known_issue_changes,
        ("known_issue_changed",),
        {"known_issue.added": OTHERS, "known_issue.changed": OTHERS},
    ),
    Scene(contact_loses_the_role, ("primary_contact_missing",), {"contact.missed": {"mere": MAIL, "ana": MAIL}}),
)
