"""A school's requests, as its people may see them, and what submitting one would meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, select

from app.cases import policy as case_policy
from app.cases.arrivals.queries import waits_until
from app.cases.models import Case, Part
from app.cases.naming import plays
from app.cases.queries import Manager, ManagerPerson, Service
from app.core import clock
from app.core.db import AnyRow, db
from app.people.models import Kind, Organisation, Person, School
from app.people.queries import Actor, people_with
from app.people.rules import ROLES_OF
from app.referrals import policy
from app.referrals.advice import Advice, advise
from app.referrals.models import Answer, KeptText, Referral, State
from app.referrals.questions import Question, by_section, in_words
from app.referrals.requests import MORE
from app.referrals.requests import Request as Request  # noqa: PLC0414  (who asks for one knows it from here)
from app.students.models import Enrolment, Student
from app.students.privacy.queries import given_on
from app.students.queries import is_not_over

PAGE = 25
DRAFT = and_(Referral.state == State.DRAFT, Referral.discarded_at.is_(None))
"""A clause on Referral: a draft that nobody discarded."""
_YEAR_LEVEL = (
    select(func.max(Enrolment.year_level))
    .where(Enrolment.student_id == Student.id, Enrolment.school_id == Referral.school_id, is_not_over())
    .scalar_subquery()
    .label("year_level")
)
HAS_CHOICE = School.provision_id.is_not(None).label("has_choice")
"""Of a school with an in-school provision: it says which service it asks (REQ-6)."""
GIVEN = given_on(Referral.student_id, Referral.school_id).label("statement_given_on")
ENDED = (Referral.submitted_at, Referral.state, Referral.ended_at, Referral.ended_why)
"""When it was sent, and how it ended."""
STUDENT = (Student.legal_name, Student.preferred_name, Student.born_on, Student.national_number, _YEAR_LEVEL)


@dataclass(frozen=True)
class SentRequest:
    """A request as it was sent: who, when, from which school, its answers in words, and what they advised then."""

    row: Any
    texts: dict[str, str]
    advice: Advice | None

    @property
    def sections(self) -> list[tuple[str, list[Question], str]]:
        return by_section(self.texts)


def request_for(actor: Actor, public_id: str) -> Request | None:
    """One request this person may see, with every answer; a discarded draft is none."""
    return _request_where(actor, public_id, Referral.discarded_at.is_(None))


def kept_request_for(actor: Actor, public_id: str) -> Request | None:
    """The same; also a draft that was discarded and can be brought back."""
    return _request_where(actor, public_id, policy.in_reach())


def held_request_for(actor: Actor, public_id: str) -> Request | None:
    """The same as `kept_request_for`, for whoever is about to change it: of two at once the second waits, and sees what
    the first wrote."""
    return _request_where(actor, public_id, policy.in_reach(), hold=True)


def _request_where(actor: Actor, public_id: str, which: ColumnElement[bool], *, hold: bool = False) -> Request | None:
    if hold:  # by itself: PostgreSQL would look again at the changed row only, and lose it with whom it is joined to
        db.session.execute(select(Referral.id).where(Referral.public_id == public_id).with_for_update())
    statement = (
        select(Referral, *STUDENT, Person.name.label("changed_by_name"), HAS_CHOICE, GIVEN, *MORE)
        .join(Student, Student.id == Referral.student_id)
        .join(School, School.organisation_id == Referral.school_id)
        .join(Person, Person.id == Referral.changed_by_id)
        .where(Referral.public_id == public_id, policy.visible(actor), which)
    )
    row = db.session.execute(statement).first()
    if row is None:
        return None
    answers = db.session.scalars(select(Answer).where(Answer.referral_id == row.Referral.id))
    kept = kept_texts(row.Referral) if row.has_kept else []
    return Request(row.Referral, {answer.field: answer for answer in answers}, row, is_held=hold, kept=kept)


def kept_texts(referral: Referral) -> list[KeptText]:
    """Those of a draft; a request that was sent has none."""
    mine = select(KeptText).where(KeptText.referral_id == referral.id).order_by(KeptText.at, KeptText.id)
    return list(db.session.scalars(mine)) if referral.state is State.DRAFT else []


def sent_request(actor: Actor, referral_id: int) -> AnyRow | None:
    """Where a sent request went: its case, service, what submitting did, whether the case opens to this person now, and until
    when their school waits to see it."""
    visible = case_policy.visible(actor)
    seen = (case((visible, True), else_=False).label("opens"), case((visible, ManagerPerson.name)).label("manager"))
    columns = (Case.number, Case.status, Case.pause_until, *ENDED, Organisation.name, Organisation.phone)
    request = (Referral.outcome, Referral.submitted_by_id, Referral.case_id)
    statement = (
        select(*seen, *request, *columns, waits_until(Referral.school_id).label("waits_until"))
        .join(Case, Case.id == Referral.case_id)
        .outerjoin(Manager, plays(Manager, Part.MANAGER))
        .outerjoin(ManagerPerson, ManagerPerson.id == Manager.person_id)
        .outerjoin(Organisation, Organisation.id == Case.service_id)
        .where(Referral.id == referral_id)
    )
    return db.session.execute(statement).first()


def requests_on_case(case_id: int, *, school_id: int | None = None) -> list[SentRequest]:
    """Every request that led to this case, newest first, as sent; for a school only its own. A service in a school may have
    asked in its place (CASE-11)."""
    statement = (
        select(Referral.id, *ENDED, Organisation.name.label("school_name"), Person.name, Service.name.label("in_place"))
        .join(Organisation, Organisation.id == Referral.school_id)
        .join(Person, Person.id == Referral.submitted_by_id)
        .outerjoin(Service, Service.id == Referral.service_id)
        .where(Referral.case_id == case_id)
        .order_by(Referral.id.desc())
    )
    if school_id is not None:
        statement = statement.where(Referral.school_id == school_id)
    sent = db.session.execute(statement).all()
    texts = _texts_of([row.id for row in sent])
    return [_sent(row, texts.get(row.id, {})) for row in sent]


def _sent(row: AnyRow, texts: dict[str, str]) -> SentRequest:
    return SentRequest(row, in_words(texts), advise(texts, clock.nz(row.submitted_at).date()))


def _texts_of(referral_ids: Sequence[int]) -> dict[int, dict[str, str]]:
    """Answers by request; the primary contact by name."""
    statement = (
        select(Answer.referral_id, Answer.field, func.coalesce(Person.name, Answer.text).label("text"))
        .outerjoin(Person, and_(Answer.field == "primary_contact", Person.public_id == Answer.text))
        .where(Answer.referral_id.in_(referral_ids))
    )
    texts: dict[int, dict[str, str]] = {}
    for row in db.session.execute(statement) if referral_ids else ():
        texts.setdefault(row.referral_id, {})[row.field] = row.text
    return texts


def requests_for(actor: Actor, *, before: str = "") -> Sequence[AnyRow]:
    """Sent requests, newest first, a page and one more. The case stands there only for whoever may see it now (CASE-10)."""
    seen = case_policy.visible(actor)
    statement = (
        select(
            Referral.public_id,
            Referral.submitted_at,
            Referral.state,
            Student.legal_name,
            Student.preferred_name,
            case((seen, Case.number)).label("number"),
            case((seen, Case.status)).label("status"),
        )
        .join(Student, Student.id == Referral.student_id)
        .join(Case, Case.id == Referral.case_id)
        .where(policy.visible(actor), Referral.state != State.DRAFT)
    )
    if before:
        last = select(Referral.id).where(Referral.public_id == before, policy.visible(actor)).scalar_subquery()
        statement = statement.where(Referral.id < last)
    return db.session.execute(statement.order_by(Referral.id.desc()).limit(PAGE + 1)).all()


def draft_of(actor: Actor, student_id: int) -> str | None:
    """The public id of the draft this school already has for a student, where the actor may see it."""
    statement = select(Referral.public_id).where(Referral.student_id == student_id, DRAFT, policy.visible(actor))
    return db.session.scalar(statement)


def drafts_of(actor: Actor, student_ids: Sequence[int]) -> dict[int, str]:
    """The drafts of these students that the actor may see: student → public id."""
    statement = select(Referral.student_id, Referral.public_id).where(
        Referral.student_id.in_(student_ids), DRAFT, policy.visible(actor)
    )
    return {row.student_id: row.public_id for row in db.session.execute(statement)} if student_ids else {}


def contacts_of(school_id: int) -> dict[str, str]:
    """Who may be named primary contact: public id → name of everyone with a role at the school (R4)."""
    return {person.public_id: person.name for person in people_with(school_id, *ROLES_OF[Kind.SCHOOL])}


def draft_there(actor: Actor, student_id: int) -> AnyRow | None:
    """The draft that the actor's school has for this student, and whether they may see it."""
    statement = select(Referral.public_id, case((policy.visible(actor), True), else_=False).label("is_seen"))
    here = (Referral.student_id == student_id, Referral.school_id == actor.organisation_id)
    return db.session.execute(statement.where(*here, DRAFT)).first()
