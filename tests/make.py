"""Factories that go through the real actions: two schools of one catchment and one of another, two services, a person for
each role, students with macrons, requests and cases. Everything is made in the caller's transaction."""

import hashlib
import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import update

from app.announcements.actions import add_issue, announce
from app.announcements.models import Announcement, KnownIssue
from app.announcements.rules import Said
from app.attendance.actions import state_absences
from app.attendance.rules import Absences, HalfDays, Week
from app.cases import actions as case_actions
from app.cases import queries as case_queries
from app.cases.agencies.actions import name_agency
from app.cases.agencies.models import Agency
from app.cases.agencies.rules import AgencyFacts
from app.cases.assignment.actions import assign
from app.cases.barriers.actions import name_barrier
from app.cases.barriers.models import Barrier, NamedBy
from app.cases.barriers.rules import BarrierFacts
from app.cases.comments.actions import add_comment, share_now
from app.cases.disclosures.actions import record_disclosure
from app.cases.disclosures.models import Disclosure
from app.cases.disclosures.rules import ToldFacts
from app.cases.entries import Audience, Entry
from app.cases.files.actions import Arrived
from app.cases.files.queries import files_on
from app.cases.meetings.actions import record_meeting
from app.cases.meetings.rules import Said as Happened
from app.cases.models import PAUSED_UNTIL_SIX, Case, CaseKind, CasePerson, Status
from app.cases.pauses.actions import ask_for_pause
from app.cases.pauses.queries import PauseOfCase, pause_for
from app.cases.plans.actions import write_plan
from app.cases.plans.rules import ActionFacts, GoalFacts, PlanFacts
from app.cases.queries import CaseHead
from app.cases.statuses.actions import Asked
from app.cases.statuses.rules import Change
from app.cases.tasks.actions import add_task
from app.cases.tasks.models import Task
from app.cases.transfers.actions import ask_for_transfer, offer_transfer
from app.cases.transfers.models import Transfer
from app.cases.transfers.queries import Offer, transfer_for
from app.cases.unsent import actions as unsent
from app.cases.unsent.queries import unsent_for
from app.cases.unsent.rules import opened
from app.core import clock
from app.core.db import db
from app.core.files import stored
from app.core.files.store import the_store
from app.core.files.stored import Kept
from app.core.security import random_key
from app.initiatives.actions import add_initiative
from app.initiatives.models import Initiative, InitiativeState
from app.initiatives.rules import InitiativeFacts
from app.letters import actions as letter_actions
from app.letters import making
from app.letters.dossiers import addressee_for
from app.letters.exceptions.actions import except_step
from app.letters.holds import HoldReason, LetterHold
from app.letters.letterheads.actions import change_logo
from app.letters.models import Letter, Letterhead, LetterPage, Method
from app.letters.queries import LetterOfCase, letter_for
from app.letters.rules import Sending
from app.letters.rulings import LetterException
from app.letters.signing.actions import ask_to_sign
from app.people.actions import add_person, end_role, grant_role
from app.people.models import Catchment, Kind, Organisation, Person, Role, School, Source
from app.people.queries import Actor, roles_of
from app.problems.actions import Screenshot, report_problem
from app.problems.models import ProblemReport
from app.problems.rules import Noticed
from app.referrals import actions as referral_actions
from app.referrals.declining.actions import decline
from app.referrals.declining.queries import live_requests
from app.referrals.files.actions import attach
from app.referrals.files.queries import files_of
from app.referrals.queries import Request, request_for
from app.students.actions import add_student, enrol
from app.students.caregivers.actions import add_caregiver
from app.students.models import Caregiver, Enrolment, LettersBy, Student
from app.students.queries import caregivers_of

YEAR_LEVEL = 10
A_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)
"""A PNG of one white pixel."""
SINCE = date(2025, 1, 30)


class Place(NamedTuple):
    """An organisation, usable outside the transaction that made it."""

    id: int
    name: str
    kind: Kind


class Pupil(NamedTuple):
    """A student, usable outside the transaction that made them."""

    id: int
    public_id: str
    name: str


WHO: tuple[tuple[str, str, Role, str], ...] = (
    ("priya", "Priya Nair", Role.OFFICE_SUPPORT, "9001"),
    ("mere", "Mere Fa‘asavalu", Role.ATTENDANCE_LEAD, "9001"),
    ("tom", "Tom Hargreaves", Role.PRIMARY_CONTACT, "9001"),
    ("aroha", "Aroha Ngata", Role.PRIMARY_CONTACT, "9001"),
    ("hana", "Hana Parata", Role.DELEGATED_AUTHORISER, "9001"),
    ("jin", "Jin Wu-Bennett", Role.ATTENDANCE_LEAD, "9002"),
    ("sione", "Sione Tau", Role.OFFICE_SUPPORT, "9002"),
    ("kahu", "Kahu Rangihuna", Role.ATTENDANCE_LEAD, "9003"),
    ("ruth", "Ruth Whaanga", Role.WORKFLOW_LEAD, "S01"),
    ("ana", "Ana Tuhoro", Role.CASE_MANAGER, "S01"),
    ("david", "David Chen", Role.CASE_MANAGER, "S01"),
    ("tane", "Tāne Eruera", Role.DELEGATED_AUTHORISER, "S01"),
    ("lupe", "Lupe Vainikolo", Role.WORKFLOW_LEAD, "S02"),
    ("wiremu", "Wiremu Paki", Role.CASE_MANAGER, "S02"),
    ("moana", "Moana Kereama", Role.INVESTIGATOR, "M01"),
    ("rachel", "Rachel Adair", Role.REGIONAL_ADVISER, "M01"),
    ("niko", "Niko Saulala", Role.NATIONAL_ANALYST, "M01"),
    ("petra", "Petra Lindqvist", Role.PROSECUTIONS_OFFICER, "M01"),
    ("wini", "Wini Rāpana", Role.DELEGATED_AUTHORISER, "M01"),
    ("oscar", "Oscar Neill", Role.OPERATOR, "O01"),
)

ANSWERS: Mapping[str, str] = {
    "caregiver_name": "Ngaire Te Whānau",
    "caregiver_relationship": "mother",
    "caregiver_phone": "04 555 0100",
    "address": "12 Kōwhai Street",
    "reason": "Away most Mondays since the start of term.",
    "action_1": "Rang home",
    "action_1_when": "last week",
    "engagement_later": "yes",
    "plan_later": "yes",
    "barriers": "The bus comes too early.",
    "whanau_knows": "yes",
}
URGENT = {"urgent": "yes", "urgent_why": "Has not been seen for two weeks."}
SAFETY = {"safety_kind": "dog", "safety_fact": "Ring first: there is a dog behind the gate."}


@dataclass
class World:
    """Who and where; people by their first names: `world.mere` is the attendance lead of Tawa Awa College."""

    tawa: Place
    puna: Place
    bay: Place
    te_awa: Place
    maunga: Place
    whanau: Pupil
    ng: Pupil
    other: Pupil
    people: dict[str, Actor] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Actor:
        try:
            return self.people[name]
        except KeyError:
            raise AttributeError(name) from None


def world() -> World:
    """Schools 9001 and 9002 in Te Awa (service S01), 9003 in Maunga (S02); three students, one at each school."""
    service, other_service = _organisation("S01", "Te Awa Attendance Service"), _organisation("S02", "Maunga Trust")
    near, far = catchment("Te Awa", "WGN", service), catchment("Maunga", "TKI", other_service)
    tawa, puna = school("9001", "Tawa Awa College", near), school("9002", "Puna Street School", near)
    bay = school("9003", "Kōwhai Bay Area School", far)
    ministry, operator = _organisation("M01", "Ministry"), _organisation("O01", "Operator")
    places = dict(
        zip(
            ("9001", "9002", "9003", "S01", "S02", "M01", "O01"),
            (tawa, puna, bay, service, other_service, ministry, operator),
            strict=True,
        )
    )
    made = World(
        place(tawa),
        place(puna),
        place(bay),
        place(service),
        place(other_service),
        whanau=student("Hēmi Whānau", tawa),
        ng=student("Grace Ng", tawa),
        other=student("Mikaere Whānau", puna),
    )
    made.people |= {key: person(name, role, places[at]) for key, name, role, at in WHO}
    return made


def school(number: str, name: str, in_catchment: Catchment) -> Organisation:
    made = _organisation(number, name)
    db.session.add(School(organisation_id=made.id, catchment_id=in_catchment.id))
    db.session.flush()
    return made


def catchment(name: str, region: str, service: Organisation | None) -> Catchment:
    made = Catchment(name=name, region=region, service_id=service.id if service else None)
    db.session.add(made)
    db.session.flush()
    return made


def person(name: str, role: Role, organisation: Organisation, *, email: str = "") -> Actor:
    """Somebody new in this role."""
    address = email or f"{name.split(maxsplit=1)[0].lower()}.{organisation.number}@example.nz"
    return actor(add_person(name=name, email=address, phone="04 555 0199"), role, organisation)


def actor(who: Person | Actor, role: Role, organisation: Organisation | Place) -> Actor:
    """This person in this role, which they are given."""
    there = db.session.get_one(Organisation, organisation.id)
    known = who if isinstance(who, Person) else db.session.get_one(Person, who.person_id)
    held = grant_role(known, there, role, source=Source.PERSON, by=None)
    return Actor(known.id, known.public_id, known.name, known.email, role, held.id, there.id, there.name, there.kind)


def seeing_service_cases(who: Actor) -> Actor:
    """This case manager with the setting *case managers see their service's cases* on."""
    return replace(who, sees_service_cases=True)


def student(
    name: str, at: Organisation | Place, *, preferred: str = "", born_on: date = date(2011, 5, 4), address: str = ""
) -> Pupil:
    """A student on this school's roll."""
    made = add_student(legal_name=name, preferred_name=preferred, born_on=born_on, address=address)
    enrolled(made.id, at)
    return Pupil(made.id, made.public_id, made.name)


def enrolled(student_id: int, at: Organisation | Place, *, from_on: date = SINCE, to_on: date | None = None) -> None:
    there = db.session.get_one(Organisation, at.id)
    made = enrol(
        db.session.get_one(Student, student_id), there, from_on=from_on, year_level=YEAR_LEVEL, tutor="10 Rātā"
    )
    made.to_on = to_on
    db.session.flush()


def draft(by: Actor, pupil: Pupil, **answers: str) -> Request:
    """A request begun, with only these answers."""
    started = referral_actions.start_draft(pupil.id, prefill=answers, by=by)
    return request_now(by, started.public_id)


def request_now(by: Actor, public_id: str) -> Request:
    """The request as this person would load it now."""
    found = request_for(by, public_id)
    assert found is not None
    return found


def filled(by: Actor, pupil: Pupil, *, contact: Actor, **more: str) -> Request:
    """A request that can be sent."""
    return draft(by, pupil, **{**ANSWERS, "primary_contact": contact.public_id, **more})


def submitted(by: Actor, pupil: Pupil, *, contact: Actor, **more: str) -> Case:
    """The case of a request that was sent."""
    request = filled(by, pupil, contact=contact, **more)
    return referral_actions.submit(request, version=request.version, by=by)


def assigned(case: Case, *, to: Actor, by: Actor) -> Case:
    assign(case.id, to=to.person_id, by=by)
    return case


def task(by: Actor, case: Case, what: str = "Ring Ngaire", *, days: int = 1, **more: Any) -> Task:
    """To be done so many days from today."""
    return add_task(head(by, case), what, clock.today() + timedelta(days=days), by=by, **more)


def closed(case: Case, *, by: Actor) -> Case:
    case_actions.change_status(case, Status.CLOSED, by=by, why="Attends again.")
    return case


def declined(by: Actor, case: Case, number: int = 0, /, **answers: str) -> bool:
    """The first of the requests of this case that nobody has answered, or another; its school agrees. Did the case close?"""
    said = {"ground": "improving", "with_whom": "Mere", "agreed": "yes", "why": "It gets better by itself.", **answers}
    request = live_requests(case.id)[number].referral
    return decline(head(by, case), request.public_id, Asked(Change.DECLINE, case.status, said), by=by)


def paused(case: Case, *, by: Actor, days: int = 7) -> Case:
    """Until a child’s sixth birthday, so many days from now."""
    case_actions.change_status(case, Status.PAUSED, by=by, why="Withdrawn until older.")
    case.pause_reason, case.pause_until = PAUSED_UNTIL_SIX, clock.today() + timedelta(days=days)
    db.session.flush()
    return case


def pauses_allowed(at: Place) -> None:
    """The service may put cases on hold for other reasons."""
    db.session.get_one(Organisation, at.id).has_other_pauses = True
    db.session.flush()


def pause_asked(by: Actor, case: Case, *, days: int = 7, why: str = "In hospital until then.") -> PauseOfCase:
    """Another pause, until so many days from now; the setting is on."""
    asked = ask_for_pause(head(by, case), clock.today() + timedelta(days=days), why, by=by)
    return pause_now(by, case, asked.public_id)


def pause_now(by: Actor, case: Case, public_id: str) -> PauseOfCase:
    """As this person loads it."""
    found = pause_for(by, case.number, public_id)
    assert found is not None
    return found


def head(who: Actor, case: Case) -> CaseHead:
    """The case as this person loads it."""
    found = case_queries.case_for(who, case.number)
    assert found is not None
    return found


def note(
    by: Actor,
    case: Case,
    audience: Audience = Audience.SHARED,
    body: str = "Talked with the whānau.",
    *,
    waits: bool = False,
) -> Entry:
    """A note or comment. A shared one is open to others: its writer pressed *Share now*, unless it `waits`."""
    seen = head(by, case)
    entry = add_comment(seen, by=by, body=body, audience=audience)
    if not waits:
        share_now(seen, entry, by=by)
    return entry


def arrived(*names: str, content: bytes = b"Kia ora") -> Arrived:
    """Files that are in the store and have no rows yet, by these names."""
    return Arrived([_kept(name, content) for name in names])


def event(
    by: Actor, case: Case, audience: Audience = Audience.SHARED, body: str = "", *, waits: bool = False, **said: Any
) -> Entry:
    """A visit to the school today, or what else is said. A shared one is open to others, unless it `waits`."""
    seen = head(by, case)
    what = {"kind": "visit", "is_done": True, "happened_on": clock.today(), "with_school": True, **said}
    entry = record_meeting(seen, Happened(**what), body=body, audience=audience, by=by)
    if not waits:
        share_now(seen, entry, by=by)
    return entry


def note_with(
    by: Actor, case: Case, audience: Audience, *names: str, body: str = "Here they are.", waits: bool = False
) -> Entry:
    """A note with these files."""
    seen = head(by, case)
    entry = add_comment(seen, by=by, body=body, audience=audience, arrived=arrived(*names))
    if not waits:
        share_now(seen, entry, by=by)
    return entry


def unsent_with(by: Actor, case: Case, *names: str, body: str = "") -> list[str]:
    """What somebody is writing on a case, with these files: their public ids."""
    unsent.attach(head(by, case), arrived(*names), by=by)
    if body:
        unsent.save(head(by, case), body, window=opened(), by=by)
    return [file.public_id for file in unsent_for(by, case.id).files]


def request_with(by: Actor, request: Request, *names: str) -> list[str]:
    """These files are put with the draft: the public ids of all it has."""
    attach(request.referral, arrived(*names), by=by)
    return [file.public_id for file in files_of([request.referral.id])[request.referral.id]]


def files_of_entry(by: Actor, entry: Entry) -> list[str]:
    """The public ids of its files, for whom may read it."""
    return [file.public_id for file in files_on(by, [entry]).get(entry.id, [])]  # type: ignore[list-item]


def open_case(of: World) -> Case:
    """Hēmi's case: asked for by Priya, contact Tom, with Ana of Te Awa."""
    return assigned(submitted(of.priya, of.whanau, contact=of.tom, **SAFETY), to=of.ana, by=of.ruth)


def gone(of: World, pupil: Pupil) -> Case:
    """A case of Ana’s that went to Maunga with the request of a school there; she reads on for a while."""
    assigned(submitted(of.priya, pupil, contact=of.tom), to=of.ana, by=of.ruth)
    enrolled(pupil.id, of.bay)
    return submitted(of.kahu, pupil, contact=of.kahu)


def moved(of: World, pupil: Pupil) -> Case:
    """A case with Ana: Tawa Awa College asked, with Tom as contact, and wrote; then the student went to Puna Street School."""
    case = assigned(submitted(of.priya, pupil, contact=of.tom), to=of.ana, by=of.ruth)
    note_with(of.tom, case, Audience.SHARED, "ours.txt", body="What we wrote.")
    before = clock.now() - timedelta(days=9)
    db.session.execute(update(CasePerson).where(CasePerson.case_id == case.id).values(since=before))
    left(pupil, of.tawa)
    enrolled(pupil.id, of.puna)
    return case


def wanted_elsewhere(of: World, pupil: Pupil, *, to: Place | None = None) -> Transfer:
    """A transfer of a case of Ana’s, which she asked for; to whom the Ministry offers it is open, unless it is said."""
    case = assigned(submitted(of.priya, pupil, contact=of.tom), to=of.ana, by=of.ruth)
    return ask_for_transfer(head(of.ana, case), to.id if to else None, "The whānau moved.", by=of.ana)


def offered(of: World, asked: Transfer, *, to: Place) -> Offer:
    """By Moana; as a lead there sees it."""
    seen = transfer_for(of.moana, asked.public_id)
    assert seen is not None
    offer_transfer(seen, to.id, by=of.moana)
    return seen


def at_provision(of: World, pupil: Pupil) -> Case:
    """A case that Wiremu has in Tawa Awa College, where Maunga’s people work; Te Awa is the provider there."""
    db.session.execute(update(School).where(School.organisation_id == of.tawa.id).values(provision_id=of.maunga.id))
    case = submitted(of.priya, pupil, contact=of.tom, service_choice="provision")
    return assigned(case, to=of.wiremu, by=of.lupe)


def twice(of: World, case: Case) -> Case:
    """Another case with Ana, of a second record of the same student: asked for with another date of birth, which was mended."""
    known = db.session.get_one(Student, case.student_id)
    again = student(known.legal_name, of.puna, born_on=known.born_on - timedelta(1000), address="3 Awa Lane")
    asked = submitted(of.sione, again, contact=of.jin, caregiver_phone="04 555 0123")
    db.session.get_one(Student, again.id).born_on = known.born_on
    db.session.flush()
    return assigned(asked, to=of.ana, by=of.ruth)


def place(organisation: Organisation) -> Place:
    return Place(organisation.id, organisation.name, organisation.kind)


def _organisation(number: str, name: str) -> Organisation:
    kind = {"9": Kind.SCHOOL, "S": Kind.SERVICE, "M": Kind.MINISTRY, "O": Kind.OPERATOR}[number[0]]
    made = Organisation(kind=kind, number=number, name=name, phone="04 555 0000")
    db.session.add(made)
    db.session.flush()
    return made


def end_roles(who: Actor) -> None:
    """This person holds no role any more."""
    for held in roles_of(who.person_id):
        end_role(held, by=None)


def left(pupil: Pupil, at: Place) -> None:
    """The student left this school the day before yesterday."""
    ended = clock.today() - timedelta(days=2)
    statement = update(Enrolment).where(Enrolment.student_id == pupil.id, Enrolment.school_id == at.id)
    db.session.execute(statement.values(to_on=ended))


def announced(by: Actor, *roles: Role, title: str = "The portal is closed on Friday evening") -> Announcement:
    """It stands from now on to the end of tomorrow."""
    today = clock.today()
    return announce(Said(title, "From 6 pm to 9 pm.", roles, today, today + timedelta(days=1)), by=by)


def known_issue(by: Actor, title: str = "Letters take long to print") -> KnownIssue:
    return add_issue(title, "Print them one by one until it is mended.", by=by)


def reported(
    by: Actor, screenshot: str = "", *, may_open: bool = False, doing: str = "Sending a request."
) -> ProblemReport:
    """A problem, perhaps with a screenshot by this name."""
    picture = _kept(screenshot, A_PICTURE, "image/png") if screenshot else None
    shot = Screenshot(picture, operator_may_open=may_open) if picture else None
    noticed = Noticed(page="/portal/", browser="Firefox", version="0.1.0")
    return report_problem(noticed, doing=doing, stops_work=False, by=by, screenshot=shot)


def _kept(name: str, content: bytes, media: str = "text/plain") -> Kept:
    key, sha256 = random_key(), hashlib.sha256(content).hexdigest()
    the_store().put_as(key, io.BytesIO(content))
    return Kept(key, name, media, len(content), sha256, sha256)


def caregiver(case: Case, by: Actor, name: str = "Ngaire Te Whānau", **known: Any) -> Caregiver:
    """Somebody who has responsibility, may be contacted, and can be written to; unless it is said otherwise."""
    usual: dict[str, Any] = {
        "relationship": "mother",
        "has_responsibility": True,
        "may_be_contacted": True,
        "address": "12 Kōwhai Street\nTawa\nWellington 5028",
    }
    return add_caregiver(case.student_id, given_by=by.organisation_id, name=name, **(usual | known))


def letter_ready(of: World, case: Case) -> Caregiver:
    """Everything that letter 1 of a case of Te Awa needs: days absent, a letterhead, and the caregiver it goes to; whoever
    was named in the request is named no more."""
    state_absences(head(of.ruth, case), absences(clock.today()), by=of.ruth)
    letterhead(of.te_awa, by=of.ruth)
    for named in caregivers_of(case.student_id):
        named.ended_at = clock.now()
    return caregiver(case, of.priya)


def enrolled_nowhere(of: World, case: Case, *, since: date) -> None:
    """The case is one of non-enrolment: the student was on the roll of Tawa Awa College until that day."""
    statement = update(Enrolment).where(Enrolment.student_id == case.student_id, Enrolment.school_id == of.tawa.id)
    db.session.execute(statement.values(to_on=since))
    case.kind = CaseKind.NEN
    db.session.flush()


def absences(told_on: date) -> Absences:
    """Two weeks of school, told on the day."""
    monday = told_on - timedelta(days=told_on.weekday() + 14)
    weeks = (Week(monday, HalfDays(10, 1, 3)), Week(monday + timedelta(days=7), HalfDays(10, 0, 5)))
    until = monday + timedelta(days=11)
    return Absences(monday, until, until, HalfDays(20, 1, 8), "Aroha Ngata, by phone", told_on, weeks)


def letterhead(at: Place, *, by: Actor, address: str = "1 Awa Road\nTawa\nWellington 5028") -> None:
    at_head = Letterhead(organisation_id=at.id, changed_at=clock.now(), changed_by_id=by.person_id)
    at_head.name_mi, at_head.address = "Te Ratonga Tae o Te Awa", address
    at_head.phone, at_head.email = "04 555 0000", "kiaora@te-awa.example"
    db.session.merge(at_head)
    db.session.flush()


def logo(*, by: Actor) -> None:
    """On the letterhead of this person's service."""
    change_logo(_kept("logo.png", A_PICTURE, "image/png"), by=by)


def preview(by: Actor, case: Case, to: Caregiver) -> Letter:
    """The next letter to this caregiver is asked for."""
    found = addressee_for(by, case.number, to.public_id)
    assert found is not None
    return making.preview_letter(found.dossier, by=by)


def rendered(letter: Letter, *, by: Actor) -> Letter:
    """As the worker leaves it, with two pages; the file is no real PDF."""
    name = f"letter {letter.step}.pdf"
    letter.file_id = stored.add(_kept(name, b"%PDF-1.7", "application/pdf"), scan=stored.Scan.NOT_SCANNED, by=by).id
    letter.rendered_at, letter.next_try_at, letter.page_count = clock.now(), None, 2
    letter.versions = '{"Waharoa": "0.4", "WeasyPrint": "70.0"}'
    db.session.flush()
    for page in (1, 2):
        db.session.add(LetterPage(letter_id=letter.id, number=page, width=909, height=1286, png=A_PICTURE))
    db.session.flush()
    return letter


def letter_now(by: Actor, case: Case, letter: Letter) -> LetterOfCase:
    """The letter as this person would load it now."""
    found = letter_for(by, case.number, letter.public_id)
    assert found is not None
    return found


def letter_made(by: Actor, case: Case, to: Caregiver) -> Letter:
    letter = rendered(preview(by, case, to), by=by)
    making.make_letter(letter_now(by, case, letter), by=by)
    return letter


def chose_email(to: Caregiver, email: str = "ngaire@whanau.example") -> None:
    """This caregiver gets letters by e-mail (LET-7)."""
    to.email, to.letters_by, to.letters_by_on = email, LettersBy.EMAIL, clock.today()
    db.session.flush()


def letter_sent(by: Actor, case: Case, to: Caregiver) -> Letter:
    """Made, and posted today."""
    letter = letter_made(by, case, to)
    posted = Sending(Method.POST, clock.today())
    letter_actions.record_sending(letter_now(by, case, letter), posted, by=by)
    return letter


def excepted(by: Actor, case: Case, to: Caregiver, step: int) -> LetterException:
    """A letter that may be written out of its turn."""
    found = addressee_for(by, case.number, to.public_id)
    assert found is not None
    return except_step(found.dossier, step, "The hearing is on Friday.", by=by)


def asked_to_sign(by: Actor, case: Case, to: Caregiver) -> Letter:
    """A formal warning, before its turn, for which a lead is asked."""
    letter = rendered(preview(by, case, to), by=by)
    ask_to_sign(letter_now(by, case, letter), no_contact_why="The school is closed.", by=by)
    return letter


def hold(by: Actor, case: Case, *, whom: Caregiver | None = None, why: str = "") -> LetterHold:
    """Letters wait for a week."""
    return letter_actions.hold_letters(
        head(by, case),
        HoldReason.MEDICAL,
        until_on=clock.today() + timedelta(days=7),
        why=why,
        caregiver_id=whom.id if whom else None,
        by=by,
    )


def barrier(by: Actor, case: Case, code: str = "transport", about: str = "No car on Mondays.", **more: Any) -> Barrier:
    """Named by the whānau, open."""
    return name_barrier(head(by, case), code, BarrierFacts(about, NamedBy.WHANAU, **more), by=by)


def planned(by: Actor, case: Case, goal: str = "At school on Mondays", *, is_shared: bool = True) -> PlanFacts:
    """A plan with one goal and one action, to be reviewed in four weeks."""
    action = ActionFacts("Bus card", "Ana", clock.today() + timedelta(days=7))
    review_on = clock.today() + timedelta(days=28)
    told = PlanFacts((GoalFacts(goal, actions=(action,)),), "Hēmi and his nan", "", review_on, is_shared)
    write_plan(head(by, case), told, was=None, by=by)
    return told


def initiative(by: Actor, name: str = "Walking bus", **more: Any) -> Initiative:
    """Planned from today on for Year 9 of no school in particular, or as it is said."""
    told = {"kind": "travel", "state": InitiativeState.PLANNED, "aim": "Fewer late starts", "group": "Year 9"}
    return add_initiative(InitiativeFacts(name, **{**told, "from_on": clock.today(), **more}), by=by)


def disclosure(by: Actor, case: Case, to: Agency, told: str = "The plan.") -> Disclosure:
    """Today, on the basis for agencies that look after children."""
    return record_disclosure(head(by, case), to, ToldFacts(told, clock.today(), "child_safety"), by=by)


def agency(by: Actor, case: Case, name: str = "Tawa team", **more: Any) -> Agency:
    """Of Oranga Tamariki; nobody has said whether it may be told."""
    return name_agency(head(by, case), "oranga_tamariki", AgencyFacts(name, **more), by=by)
