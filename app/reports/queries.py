"""The lines of a report: so many statements, however many cases there are."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache

from sqlalchemy import ColumnElement, exists, func, or_, select
from sqlalchemy.orm import aliased

from app.attendance.models import AbsenceStatement
from app.cases import policy
from app.cases.clocks import met_on
from app.cases.listing import near, with_contact
from app.cases.models import Case
from app.cases.naming import is_at_service
from app.cases.pauses.models import Pause
from app.cases.queries import LISTED, Contact, ManagerPerson
from app.cases.sharing import update_wanted
from app.core import clock
from app.core.db import TODAY, AnyRow, AnySelect, db
from app.core.figures import the_figures
from app.people.models import Kind, Role, RoleHeld, School
from app.people.queries import Actor
from app.people.rules import ROLES_OF
from app.people.shapes import HERE, asked_by, like
from app.referrals.models import Referral
from app.referrals.policy import visible as visible_request
from app.referrals.queries import DRAFT
from app.reports.attended import Attended, attended, changes_of
from app.reports.rules import Line
from app.students.models import Enrolment, Student
from app.students.privacy.queries import given_on
from app.students.records.models import MergeState, ReachableChange, StudentMerge

MOST_DRAFTS = 10
ONE_DAY = timedelta(days=1)
TO_FRIDAY = 4
"""Days from a week's Monday to its last school day."""
Later = aliased(AbsenceStatement)
_YEAR_LEVEL = (
    select(func.max(Enrolment.year_level))
    .where(
        Enrolment.student_id == Case.student_id,
        Enrolment.school_id == HERE,
        or_(Enrolment.to_on.is_(None), Enrolment.to_on >= TODAY),
    )
    .scalar_subquery()
)
_HAS_ROLE = exists().where(
    RoleHeld.person_id == Contact.person_id,
    RoleHeld.organisation_id == Contact.organisation_id,
    RoleHeld.role.in_(ROLES_OF[Kind.SCHOOL]),
    RoleHeld.ended_at.is_(None),
)
_ALONE = (
    select(func.max(Pause.decided_at))
    .where(Pause.case_id == Case.id, Pause.service_id == HERE, Pause.is_alone)
    .correlate(Case)
    .scalar_subquery()
    .label("paused_alone_at"),
    select(func.max(StudentMerge.decided_at))
    .where(StudentMerge.into_id == Case.student_id, StudentMerge.organisation_id == HERE)
    .where(StudentMerge.is_alone, StudentMerge.state == MergeState.CONFIRMED)
    .correlate(Case)
    .scalar_subquery()
    .label("merged_alone_at"),
)
"""When one person at the service decided what takes two, there being nobody else (CASE-20)."""
_IS_PROVISION = exists().where(School.organisation_id == Case.school_id, School.provision_id == Case.service_id)


def lines_for(actor: Actor) -> list[Line]:
    """Every case that this person may see, by the students' family names; three statements, four where there are marks."""
    asked, today = asked_by(actor), clock.today()
    changes = changes_of(_attended(like(actor)), asked)
    return [Line(row, today, changes.get(row.case_id)) for row in db.session.execute(_lines(like(actor)), asked)]


def service_lines_for(actor: Actor) -> list[Line]:
    """Every case of the service that has it, for its lead; of a case manager those that they are named on, whatever else they may
    see (`permissions.md`, "Measures, reports"). By the students' family names; four statements, five where there are marks."""
    asked, reached = asked_by(actor), defaultdict[int, list[tuple[datetime, bool]]](list)
    for student_id, at, is_reachable in db.session.execute(_reached(like(actor)), asked):
        reached[student_id].append((at, is_reachable))
    found = db.session.execute(_service_lines(like(actor)), asked)
    changes, today = changes_of(_attended_everywhere(like(actor)), asked), clock.today()
    return [Line(row, today, changes.get(row.case_id), reached.get(row.student_id, ())) for row in found]


def drafts_ending(actor: Actor) -> tuple[int, Sequence[AnyRow]]:
    """How many drafts this person may see whose end is near enough to be told (REQ-3), and the first of them."""
    before = clock.end_of(clock.today() - the_figures().draft_announced_after)
    statement = (
        select(
            Referral.public_id,
            Referral.changed_at,
            Referral.announced_at,
            Student.legal_name,
            Student.preferred_name,
            func.count().over().label("every"),
        )
        .join(Student, Student.id == Referral.student_id)
        .where(visible_request(actor), DRAFT, Referral.changed_at < before)
        .order_by(Referral.changed_at, Referral.id)
        .limit(MOST_DRAFTS)
    )
    found = db.session.execute(statement).all()
    return (found[0].every if found else 0), found


@cache
def _lines(actor: Actor) -> AnySelect:
    return (
        with_contact(LISTED)
        .add_columns(
            Case.status_at,
            Case.close_reason,
            Case.service_id,
            _IS_PROVISION.label("is_provision"),
            _HAS_ROLE.label("contact_has_role"),
            _YEAR_LEVEL.label("year_level"),
            update_wanted().label("update_wanted_at"),
            given_on(Case.student_id, HERE).label("statement_given_on"),
            met_on(actor).label("met_on"),
        )
        .where(near(actor), policy.visible(actor))
        .order_by(Student.sort_key, Case.id)
    )


@cache
def _service_lines(actor: Actor) -> AnySelect:
    """Whoever leads the service, or is named on a case, knows of every meeting: the day is the one that is kept."""
    return (
        with_contact(LISTED)
        .add_columns(
            *(Case.status_at, Case.close_reason, Case.service_id, _IS_PROVISION.label("is_provision")),
            ManagerPerson.public_id.label("manager_public_id"),
            *(Case.student_id, Case.met_school_on.label("met_on"), Case.engaged_on),
            *_ALONE,
        )
        .where(*_of_service(actor))
        .order_by(Student.sort_key, Case.id)
    )


@cache
def _reached(actor: Actor) -> AnySelect:
    """Of the students of these cases: when it changed whether their whānau has current contact details."""
    of_case = Case.student_id == ReachableChange.student_id
    changes = select(ReachableChange.student_id, ReachableChange.at, ReachableChange.is_reachable)
    return changes.join(Case, of_case).where(*_of_service(actor)).order_by(ReachableChange.id)


def _of_service(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return is_at_service(actor), near(actor, is_mine=actor.role is Role.CASE_MANAGER)


@cache
def _attended(actor: Actor) -> Attended:
    return attended(near(actor), policy.visible(actor), at=HERE)


@cache
def _attended_everywhere(actor: Actor) -> Attended:
    return attended(*_of_service(actor), at=Case.school_id)
