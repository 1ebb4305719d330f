"""A plan of a case, played by the portal's own actions at the moments that the plan names."""

from collections.abc import Callable, Iterator
from datetime import datetime
from functools import partial, singledispatchmethod
from operator import itemgetter
from typing import Any

from sqlalchemy import delete, select, update

from app.cases.actions import change_status
from app.cases.assignment.actions import assign
from app.cases.comments import actions as comments
from app.cases.entries import Entry, Unsent
from app.cases.models import Case
from app.cases.queries import CaseHead, case_for
from app.cases.unsent.actions import KEPT_FOR
from app.core.db import db
from app.core.events import Channel, Outbox
from app.people.actions import add_person, take_claimed_roles
from app.people.models import Catchment, Organisation, Role, RoleHeld, School
from app.people.queries import Actor
from app.referrals.actions import start_draft, submit, take_up
from app.referrals.queries import request_for
from app.referrals.saving import Page, save_draft
from app.students.actions import add_student, enrol
from app.students.caregivers.actions import add_caregiver
from app.students.models import Enrolment, Student
from demo.country import plans
from demo.country.country import Country
from demo.country.staff import Member
from demo.country.students import Pupil, Stay
from demo.data_moments import at
from demo.data_people import _actor
from demo.people_and_cases import BEFORE

Act = tuple[datetime, Callable[[], object]]


def play_setting(country: Country) -> None:
    """Its places and its staff."""
    for each in country.places.organisations:
        db.session.add(Organisation(kind=each.kind, number=each.number, name=each.name, phone=each.phone))
        db.session.flush()
    for area in country.places.catchments:
        db.session.add(Catchment(name=area.name, region=area.region, service_id=area.service and area.service.id))
        db.session.flush()
    for school in country.places.schools:
        db.session.add(School(organisation_id=school.id, catchment_id=school.catchment.id))
    with at(country.began_at):
        for member in country.staff.members:
            person = add_person(name=member.name, email=member.email, phone=member.phone)
            person.public_id = member.public_id
            place = db.session.get_one(Organisation, member.organisation_id)
            take_claimed_roles(person, [(place, role) for role in member.roles])


def play(cases: list[plans.Plan]) -> None:
    """Everything that happens to these cases and their students, in the order of time."""
    acts = [act for plan in cases for act in (*_of_pupil(plan), *PlayedCase(plan).acts())]
    for moment, act in sorted(acts, key=itemgetter(0)):
        with at(moment):
            act()


def tell_and_read(until: datetime, now: datetime) -> None:
    """Whatever there was to tell is told, what was told before then is read, and old notes that nobody sent are gone."""
    mail = update(Outbox).where(Outbox.channel == Channel.APP_EMAIL)
    db.session.execute(mail.values(done_at=Outbox.made_at, result=BEFORE))
    db.session.execute(update(Outbox).where(Outbox.made_at < until).values(read_at=Outbox.made_at))
    db.session.execute(delete(Unsent).where(Unsent.at < now - KEPT_FOR))


def _of_pupil(plan: plans.Plan) -> Iterator[Act]:
    return PlayedPupil(plan.pupil).acts() if plan.is_first else iter(())


class PlayedPupil:
    """On the rolls."""

    def __init__(self, pupil: Pupil) -> None:
        self._pupil = pupil
        self._enrolments: list[Enrolment] = []

    def acts(self) -> Iterator[Act]:
        yield self._pupil.known_at, self._add
        for stay in self._pupil.stays:
            yield stay.known_at, partial(self._enrol, stay)
        yield self._pupil.known_at, self._name_caregivers

    def _add(self) -> None:
        who = self._pupil.invented
        self._student = add_student(
            legal_name=who.legal_name,
            born_on=who.born_on,
            preferred_name=who.preferred_name,
            national_number=who.national_number,
            address=who.address,
        )
        self._student.phone = who.phone

    def _enrol(self, stay: Stay) -> None:
        school = db.session.get_one(Organisation, stay.school.id)
        level: Any = {"year_level": stay.year_level, "tutor": stay.tutor, "is_main": stay.is_main}
        enrol(self._student, school, from_on=stay.from_on, **level).to_on = stay.to_on

    def _name_caregivers(self) -> None:
        for caregiver in self._pupil.invented.caregivers:
            add_caregiver(self._student.id, given_by=self._pupil.school.id, **vars(caregiver))


class PlayedCase:
    """As it comes to be."""

    def __init__(self, plan: plans.Plan) -> None:
        self._plan = plan
        self._entries: list[Entry] = []

    def acts(self) -> Iterator[Act]:
        for step in self._plan.steps:
            yield step.at, partial(self._carry_out, step)

    @singledispatchmethod
    def _carry_out(self, step: plans.Step) -> None:
        raise NotImplementedError(step)

    @_carry_out.register
    def _(self, step: plans.Asked) -> None:
        by = _actor_of(step.by)
        student = select(Student.id).where(Student.national_number == self._plan.pupil.invented.national_number)
        self._referral = start_draft(db.session.scalars(student).one(), prefill=step.known, by=by)
        request = request_for(by, self._referral.public_id)
        assert request
        save_draft(request, step.typed, page=Page(request.versions), by=by)

    @_carry_out.register
    def _(self, step: plans.Sent) -> None:
        request = request_for(_actor_of(step.by), self._referral.public_id)
        assert request
        self._case: Case = submit(request, version=request.version, by=_actor_of(step.by))

    @_carry_out.register
    def _(self, step: plans.Given) -> None:
        assert assign(self._case.id, to=step.to.id, by=_actor_of(step.by))
        take_up(self._case.id)

    @_carry_out.register
    def _(self, step: plans.Became) -> None:
        change_status(self._case, step.status, by=_actor_of(step.by), why=step.why)

    @_carry_out.register
    def _(self, step: plans.Wrote) -> None:
        by = _actor_of(step.by)
        self._entries.append(comments.add_comment(self._head(by), by=by, body=step.text, audience=step.audience))

    @_carry_out.register
    def _(self, step: plans.OfComment) -> None:
        by, entry = _actor_of(step.by), self._entries[step.of]
        match step:
            case plans.Edited():
                assert comments.edit(self._head(by), entry, step.text, version=entry.version, by=by)
            case plans.Retracted():
                comments.retract(self._head(by), entry, by=by)
            case plans.Undone():
                comments.undo(self._head(by), entry, by=by)
            case plans.SharedNow():
                assert comments.share_now(self._head(by), entry, by=by)
            case plans.Readdressed():
                comments.change_audience(self._head(by), entry, step.audience, by=by)

    def _head(self, by: Actor) -> CaseHead:
        """As this person sees the case: whoever acts may see it."""
        head = case_for(by, self._case.number)
        assert head
        return head


def _actor_of(member: Member) -> Actor:
    held = select(RoleHeld).where(RoleHeld.person_id == member.id, RoleHeld.role == Role(member.role))
    found = db.session.scalars(held).one()
    return _actor(found.person, found)
