"""A student whom a school added by mistake is taken back, where nothing hangs on them (REQ-10, CAL-5)."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update

from app.attendance.tallies.models import TallyDue
from app.cases.arrivals.actions import add_newcomer
from app.cases.arrivals.rules import Newcomer
from app.cases.models import Case
from app.cases.queries import case_for
from app.cases.transfers.queries import waiting_transfer
from app.core import clock
from app.core.db import db
from app.core.errors import Refused
from app.core.events import Audit
from app.people.models import Catchment, Role, School
from app.people.queries import Actor
from app.referrals.drafts.actions import discard
from app.referrals.models import Answer, Referral
from app.referrals.newcomers.actions import take_back
from app.referrals.newcomers.policy import can_take_back
from app.referrals.newcomers.queries import Added, added_for
from app.referrals.newcomers.rules import REASONS
from app.students.models import Enrolment, EnrolmentSource, NameWord, PrivacyStatementGiven, Student
from app.students.privacy.actions import mark_given
from app.students.queries import students_found
from tests import make
from tests.attendance import marked

ANI = Newcomer("Ani Rua", date(2012, 5, 4), date(2026, 2, 2), 9, "Enrolment form", preferred_name="Nan")
HEMI = Newcomer("Hēmi Whānau", date(2011, 5, 4), date(2026, 2, 2), 10, "Rang his nan", national_number="123456")


def of(actor: Actor, student: Student) -> Added:
    found = added_for(actor, student.public_id)
    assert found is not None
    return found


def pupil(student: Student) -> make.Pupil:
    return make.Pupil(student.id, student.public_id, student.name)


def count(table: type[object], *which: object) -> int:
    return db.session.scalar(select(func.count()).select_from(table).where(*which)) or 0  # type: ignore[arg-type]


def reason(added: Added) -> str:
    return next((name for name, said in REASONS.items() if said == (added.why_not, added.what_then)), "")


@pytest.fixture
def ani(world: make.World) -> Student:
    return add_newcomer(ANI, by=world.priya)


@pytest.fixture
def hemi(world: make.World) -> Student:
    """Of Tawa Awa College, with a number."""
    found = db.session.get_one(Student, world.whanau.id)
    found.national_number = "123456"
    db.session.flush()
    return found


def test_nothing_of_them_is_left_but_the_lines_of_the_audit(world: make.World, ani: Student) -> None:
    student_id, draft = ani.id, make.draft(world.tom, pupil(ani), reason="Why")
    discard(make.draft(world.priya, world.ng, reason="Another’s"), by=world.priya)
    mark_given(student_id, clock.today(), by=world.priya)
    added, draft_id = of(world.mere, ani), draft.referral.id
    assert (added.drafts, added.why_not) == (1, "")
    assert take_back(added, by=world.mere)
    assert students_found(world.mere, "nan rua") == []
    for table in (Enrolment, NameWord, PrivacyStatementGiven):
        assert count(table, table.student_id == student_id) == 0, table
    assert count(Student, Student.id == student_id) == 0
    assert count(Answer, Answer.referral_id == draft_id) == 0
    assert count(Referral) == 1, "a draft for somebody else stays"
    lines = db.session.execute(select(Audit.event, Audit.person_id).order_by(Audit.id.desc()).limit(3)).all()
    assert {event for event, _ in lines} == {"draft.deleted", "enrolment.taken_back", "student.deleted"}
    assert {person for _, person in lines} == {world.mere.person_id}
    assert added_for(world.mere, added.student.public_id) is None
    assert not take_back(added, by=world.mere), "pressed by two at once"


def test_whoever_adds_them_may_take_them_back_and_nobody_elsewhere_finds_them(world: make.World, ani: Student) -> None:
    added = of(world.tom, ani)
    able = {role for role in Role if can_take_back(replace(world.tom, role=role), added)}
    assert able == {Role.ATTENDANCE_LEAD, Role.OFFICE_SUPPORT}
    assert added_for(world.jin, ani.public_id) is None
    assert added_for(world.hana, ani.public_id) is None, "gives roles, and sees no student"


def test_whoever_is_known_elsewhere_stays_there_as_they_are(world: make.World, hemi: Student) -> None:
    """With a case that this school may not see: it is told nothing of it, and the transfer asked for by itself ends."""
    number = make.open_case(world).number
    bay = db.session.get_one(School, world.bay.id)
    db.session.execute(update(Catchment).where(Catchment.id == bay.catchment_id).values(service_id=world.maunga.id))
    kept = count(NameWord, NameWord.student_id == hemi.id)
    added = of(world.kahu, add_newcomer(HEMI, by=world.kahu))
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    assert added.student.id == hemi.id
    assert waiting_transfer(case.id)
    assert added.why_not == "", "a refusal would tell of the case"
    assert take_back(added, by=world.kahu)
    assert db.session.scalars(select(Enrolment.school_id).where(Enrolment.student_id == hemi.id)).all() == [
        world.tawa.id
    ]
    assert count(NameWord, NameWord.student_id == hemi.id) == kept
    assert case_for(world.kahu, number) is None
    assert waiting_transfer(case.id) is None
    events = db.session.scalars(select(Audit.event).where(Audit.case_id == case.id)).all()
    assert "enrolment.taken_back" in events
    assert case_for(world.mere, number) is not None


def test_on_the_roll_by_now_they_stay(world: make.World, ani: Student) -> None:
    added = of(world.priya, ani)
    db.session.execute(update(Enrolment).where(Enrolment.student_id == ani.id).values(source=EnrolmentSource.ROLL))
    assert reason(of(world.priya, ani)) == "on_roll"
    with pytest.raises(Refused, match="Your roll names"):
        take_back(added, by=world.priya)
    assert count(Student, Student.id == ani.id) == 1


def test_their_marks_are_counted_anew_without_the_time_at_this_school(world: make.World, ani: Student) -> None:
    marked.term(world.tawa, pupil(ani), "TTPPPPPPPP")
    assert marked.tally(world.tawa, pupil(ani))
    assert take_back(of(world.mere, ani), by=world.mere)
    assert db.session.get_one(TallyDue, world.tawa.id).from_on == marked.TERM_1
    assert db.session.get(TallyDue, world.puna.id) is None
    marked.counted(world.tawa, marked.TERM_1)
    assert marked.tally(world.tawa, pupil(ani)) is None


def test_whom_others_recorded_here_they_take_back(world: make.World, ani: Student) -> None:
    recorded = update(Enrolment).where(Enrolment.student_id == ani.id).values(recorded_by_id=world.ana.person_id)
    db.session.execute(recorded)
    assert reason(of(world.priya, ani)) == "by_others"


def test_asked_for_they_stay(world: make.World, ani: Student) -> None:
    added = of(world.priya, ani)
    make.submitted(world.priya, pupil(ani), contact=world.tom)
    assert reason(of(world.priya, ani)) == "is_asked_for"
    with pytest.raises(Refused, match="asked for support"):
        take_back(added, by=world.priya)


def test_with_a_case_that_the_school_sees_they_stay(world: make.World, hemi: Student) -> None:
    make.open_case(world)
    there = add_newcomer(HEMI, by=world.kahu)
    here = (Enrolment.student_id == there.id, Enrolment.school_id == world.bay.id)
    db.session.execute(update(Enrolment).where(*here).values(cases_from=clock.today() - timedelta(days=1)))
    assert reason(of(world.kahu, there)) == "has_case"


def test_with_something_else_recorded_they_stay(world: make.World, ani: Student) -> None:
    other = make.open_case(world)
    given = make.caregiver(other, world.priya, "Mele Rua")
    given.student_id = ani.id
    db.session.flush()
    assert reason(of(world.priya, ani)) == "has_record"
