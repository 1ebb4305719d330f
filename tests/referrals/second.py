"""A student who has a case of Tawa Awa College, and is at Puna Street School too, as its roll says or its own people do."""

from datetime import date, timedelta

from sqlalchemy import delete, select
from time_machine import Traveller

from app.cases.arrivals.actions import add_newcomer, enrol_with_case
from app.cases.arrivals.rules import Newcomer
from app.cases.listing import counts_for
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.cases.school_list.queries import school_cases
from app.cases.school_list.rules import Wanted
from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Outbox
from app.people.models import Organisation
from app.people.queries import Actor
from app.people.telling.queries import told_to
from app.referrals.models import Referral
from app.referrals.withdrawing.actions import withdraw
from app.reports.queries import lines_for
from app.students.models import Student
from tests import make

DAY = timedelta(days=1)
HEMI = Newcomer("Hēmi Whānau", date(2011, 5, 4), date(2026, 2, 2), 10, "Form of 2 February", national_number="123456")
SHARED = "Shared with schools, for whoever reads the case."


def numbered(of: make.World) -> None:
    """So that whoever writes the number means the same student."""
    db.session.get_one(Student, of.whanau.id).national_number = "123456"
    db.session.flush()


def begun(clock: Traveller, of: make.World) -> Case:
    """Hēmi's, of Tawa Awa College, with something that is shared; nobody has been told of anything yet."""
    numbered(of)
    made = make.open_case(of)
    make.note(of.ana, made, body=SHARED)
    clock.shift(timedelta(minutes=10))
    db.session.execute(delete(Outbox))
    return made


def by_hand(of: make.World) -> None:
    add_newcomer(HEMI, by=of.jin)


def by_roll(of: make.World) -> None:
    student, school = db.session.get_one(Student, of.whanau.id), db.session.get_one(Organisation, of.puna.id)
    enrol_with_case(student, school, from_on=core_clock.today(), year_level=10)


def asks(of: make.World) -> Case:
    return make.submitted(of.jin, of.whanau, contact=of.sione)


def last_request(by: Actor) -> str:
    sent = select(Referral.public_id).where(Referral.school_id == by.organisation_id).order_by(Referral.id.desc())
    return str(db.session.scalar(sent.limit(1)))


def takes_back(of: make.World) -> None:
    assert withdraw(make.request_now(of.jin, last_request(of.jin)), "Not ours.", by=of.jin)


def sees(who: Actor, case: Case) -> bool:
    """By page, list, counts, search, report, and what they are told."""
    found = case_for(who, case.number) is not None
    assert found is (case.number in {row.number for row in school_cases(who, Wanted(tuple(Status)))})
    assert found is bool(sum(counts_for(who).values()))
    assert found is (case.number in {row.number for row in cases_found(who, sought(case.number)).cases})
    assert found is (case.number in {line.number for line in lines_for(who)})
    assert found or not [
        line for line in told_to(who).lines if line.place and line.place.path.startswith("/portal/cases/")
    ]
    return found


def told(event: str) -> set[int]:
    """By now."""
    of_event = (Outbox.event == event, Outbox.made_at <= core_clock.now())
    return set(db.session.scalars(select(Outbox.person_id).where(*of_event)))
