"""One button makes the request to the provider on behalf of the school, and the case goes there (CASE-11, REQ-7)."""

from sqlalchemy import insert

from app.cases import actions as cases
from app.cases.models import Case, CaseKind, Status
from app.cases.moves.actions import move_case
from app.cases.queries import case_to_change
from app.core import clock, events
from app.core.db import db
from app.core.errors import Conflict
from app.core.security import public_id
from app.core.text import nfc
from app.people.queries import Actor
from app.referrals import tells  # noqa: F401  (registers whom these events tell)
from app.referrals.models import Answer, Outcome, Referral, State
from app.referrals.provisions.queries import Referable, texts_for
from app.students.queries import hold_student

GONE = "This case is closed, or with the provider, meanwhile. Nothing was changed."


def refer_to_provider(found: Referable, *, by: Actor) -> Case:
    """The school’s contact stays; whoever managed the case reads on. Raises `Conflict` where it has gone meanwhile."""
    hold_student(found.head.student_id)
    case = case_to_change(found.case_id)
    if case.service_id != by.organisation_id or case.status is Status.CLOSED:
        raise Conflict(GONE)
    referral = _request(case, by)
    case.kind = CaseKind.CA
    provider = found.provider
    move_case(case, provider.id, provider.region, by=by, why=f"{by.organisation_name} referred it to the provider.")
    cases.tell_both(case, f"{by.organisation_name} referred the case to the provider, {provider.name}.", by=by)
    events.record("referral.submitted", by=by, on=referral, about=case)
    return case


def _request(case: Case, by: Actor) -> Referral:
    """As the school’s own, and it says who sent it in its place."""
    now, texts = clock.now(), texts_for(case)
    referral = Referral(
        public_id=public_id(),
        school_id=case.school_id,
        student_id=case.student_id,
        service_id=by.organisation_id,
        case_id=case.id,
        state=State.SUBMITTED,
        outcome=Outcome.MOVED,
        maker_id=by.person_id,
        owner_id=by.person_id,
        changed_by_id=by.person_id,
        submitted_by_id=by.person_id,
        made_at=now,
        changed_at=now,
        submitted_at=now,
    )
    db.session.add(referral)
    db.session.flush()
    of_all = {"referral_id": referral.id, "version": 1, "page": "", "turn": 0, "by_id": by.person_id, "at": now}
    db.session.execute(insert(Answer), [{**of_all, "field": field, "text": nfc(text)} for field, text in texts.items()])
    return referral
