"""Cases that a service had in another system come here with their status, their days and who works them (MEAS-5). Nobody is told
of each: the service's leads go through them."""

from collections.abc import Sequence

from app.cases import standing
from app.cases.actions import add_entry, open_case
from app.cases.contacts.actions import name_in_request
from app.cases.contacts.rules import Whom
from app.cases.entries import Audience, EntryKind
from app.cases.migrated.models import MigratedCase
from app.cases.migrated.queries import brought_already
from app.cases.migrated.rules import MIGRATED
from app.cases.models import PAUSED_UNTIL_SIX, Case, CaseKind, Part, Status, StatusChange
from app.cases.parts import case_managers_among, name_person
from app.cases.rules import first_due
from app.core import clock, events
from app.core.db import db
from app.core.text import nfc
from app.imports.columns import Brought, Faulty, Row
from app.imports.migrated.queries import has_case, regions, student_meant
from app.imports.migrated.rules import Former, former_of
from app.imports.queries import Operator, organisations
from app.people.models import Kind, Organisation
from app.people.queries import person_by_email
from app.referrals.matching import look_for_matches
from app.referrals.models import Outcome
from app.students.actions import add_student
from app.students.models import Student

NEW, SAME = "new", "as before"
FROM_ELSEWHERE = "So it stood in the other system."


class Cases:
    """Of one file."""

    def __init__(self, by: Operator) -> None:
        self.by = by
        self.known, self.regions = organisations(), regions()
        self._seen: set[tuple[int, str]] = set()

    def take(self, row: Row) -> str:
        service, school = self._there(row, "service", Kind.SERVICE), self._there(row, "school", Kind.SCHOOL)
        told = former_of(row)
        if (service.id, told.number) in self._seen:
            raise Faulty("A line above has the same former number")
        self._seen.add((service.id, told.number))
        if brought_already(service.id, [told.number]):
            return SAME
        self._bring(told, service, school)
        return NEW

    def _bring(self, told: Former, service: Organisation, school: Organisation) -> None:
        by, manager_id = self.by.at(service.id), _manager_of(told, self.by.at(service.id))
        student = _student_of(told, school)
        case = open_case(
            student_id=student.id,
            school_id=school.id,
            service_id=service.id,
            region=self._region(school),
            kind=told.kind,
            by=by,
        )
        if manager_id:
            name_person(case, manager_id, Part.MANAGER, organisation_id=service.id, by=by)
        _settle(case, told, by)
        self._keep(case, told, by)

    def _keep(self, case: Case, told: Former, by: Operator) -> None:
        at = clock.begin_of(told.referred_on)
        add_entry(case.id, EntryKind.STATUS, body=told.words, audience=Audience.SHARED, by=self.by, happened_at=at)
        if told.why:
            add_entry(case.id, EntryKind.STATUS, body=told.why, audience=Audience.SERVICE, by=self.by, happened_at=at)
        brought = {"service_id": case.service_id, "former_number": told.number, "referred_on": told.referred_on}
        db.session.add(MigratedCase(case_id=case.id, at=clock.now(), **brought))
        db.session.flush()
        name, email = told.contact
        if email:
            name_in_request(case, Whom(name=nfc(name), email=email), at_school=case.school_id, by=by)
        events.record(MIGRATED, by=self.by, on=case, about=case)
        look_for_matches(case, Outcome.NEW)

    def _region(self, school: Organisation) -> str:
        if (region := self.regions.get(school.id)) is None:
            raise Faulty("This school has no catchment yet; bring the schools first")
        return region

    def _there(self, row: Row, column: str, kind: Kind) -> Organisation:
        found = self.known.get(row[column])
        if found is None or found.kind is not kind:
            raise Faulty(f"“{column}” is the number of no {kind}; bring the {kind}s first")
        return found


def bring_cases(rows: Sequence[Row], brought: Brought, *, by: Operator) -> None:
    brought.take_each(rows, Cases(by).take)


def _manager_of(told: Former, by: Operator) -> int | None:
    if not told.manager:
        return None
    person = person_by_email(told.manager)
    if person is None or person.id not in case_managers_among([person.id], by.organisation_id):
        raise Faulty("“manager” is no case manager of this service here")
    return person.id


def _student_of(told: Former, school: Organisation) -> Student:
    """Who is not enrolled may have left every school; a case of attendance is of somebody on the roll."""
    found = student_meant(told.nsn, told.name, told.born_on, school.id)
    if found is None and told.kind is CaseKind.CA:
        raise Faulty("No such student is, or was, on the roll of this school; bring its roll first")
    student = found or add_student(legal_name=told.name, born_on=told.born_on, national_number=told.nsn or None)
    if has_case(student.id):
        raise Faulty("The student has a case here that is not closed")
    return student


def _settle(case: Case, told: Former, by: Operator) -> None:
    """As it stood there: its status with what that says besides, and the day from which its clocks run."""
    case.service_started_on, case.due_on = told.started_on, first_due(told.started_on, case.region)
    if told.status is not case.status:
        became = {"was": case.status, "became": told.status, "at": case.status_at, "why": FROM_ELSEWHERE}
        db.session.add(StatusChange(case_id=case.id, by_id=by.person_id, **became))
        standing.become([case], told.status, by=by)
    if told.status is Status.PAUSED:
        case.pause_reason, case.pause_until = PAUSED_UNTIL_SIX, told.sixth_birthday
    case.expected_end_on = told.expected_end_on
    db.session.flush()
