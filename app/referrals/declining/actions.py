"""A service declines a request: it ends, with ground and why, and the case with it where it was there for that alone (CASE-6)."""

from app.cases import actions as cases
from app.cases.entries import Audience, EntryKind
from app.cases.models import Case
from app.cases.queries import CaseHead
from app.cases.statuses.actions import Answers, Asked, held, keep_facts
from app.cases.statuses.demands import REASON, TALKED, WHY, decline_questions, in_words
from app.cases.statuses.queries import ATTEMPTS, talked_with_school
from app.cases.statuses.questions import Lacking, Question, refuse_lacking
from app.cases.statuses.reasons import REJECTED, grounds
from app.cases.statuses.rules import Change, possible
from app.core import clock, events
from app.core.errors import Conflict, Refused
from app.core.events import Happened
from app.core.text import nfc
from app.people.models import Role
from app.referrals import tells
from app.referrals.declining import queries
from app.referrals.models import Referral, State

NOT_TALKED = (
    "No talk with the school since the request came is recorded, and no attempts on two days, in the last 10 working days. "
    "Talk with the school first, and record it."
)
LEAD_DECIDES = "Nobody at the school could be reached, so a workflow lead decides whether the request is declined."
ENDED = {
    State.WITHDRAWN: "The school withdrew this request meanwhile. Nothing was changed.",
    State.DECLINED: "This request was declined meanwhile. Nothing was changed.",
}
ANSWERED = "This request belongs to an earlier time of the case. Nothing was changed."


def decides(role: str) -> bool:
    """Without the school's agreement only a lead does."""
    return role == Role.WORKFLOW_LEAD


def demands_of(head: CaseHead, request: queries.Asked, role: str) -> tuple[list[Question], str, str]:
    """What is asked of whoever declines it, the talk with the school that is recorded, and what stands in the way."""
    talked = talked_with_school(head.case_id, head.region, since=request.sent_on)
    is_lead = decides(role)
    is_reached = not talked.startswith(ATTEMPTS)
    waits = NOT_TALKED if not talked else "" if is_reached or is_lead else LEAD_DECIDES
    return decline_questions(decides=is_lead, is_reached=is_reached), talked, waits


def decline(head: CaseHead, public_id: str, asked: Asked, *, by: events.By) -> bool:
    """Carry it out; did the case close with it? Raises `Conflict` where case or request stand otherwise meanwhile, `Refused`
    where something is missing."""
    case = held(head, asked.stands)
    request = _still_there(case, public_id)
    facts = _facts(head, request, asked, by)
    said, declined = _end(request.referral, facts, by), Happened(tells.DECLINED, request.referral, case)
    if request.ends_case:
        told = " ".join(["The request was declined.", *([said] if request.is_here else [])])
        change_id = cases.close_case(
            case, REJECTED, by=by, why=asked.why, with_it=told, told_as=(tells.LISTED,), also=(declined,)
        )
        keep_facts(change_id, {name: text for name, text in facts.items() if name != WHY})
    else:
        _say(case, request, said, facts, by)
        events.record_all(declined, by=by)
    return request.ends_case


def _still_there(case: Case, public_id: str) -> queries.Asked:
    request = next(one for one in queries.requests_of(case.id, hold=True) if one.referral.public_id == public_id)
    if not request.is_live:
        raise Conflict(ENDED.get(request.referral.state, ANSWERED))
    return request


def _facts(head: CaseHead, request: queries.Asked, asked: Asked, by: events.By) -> dict[str, str]:
    """What it rests on, as it is kept."""
    today = clock.today()
    if Change.DECLINE not in possible(head.status, head.born_on, today, has_request=True):
        raise Refused(f"No request is declined while its case is “{head.words.label}”.")
    questions, talked, waits = demands_of(head, request, by.role)
    if waits:
        raise Lacking({"": waits})
    refuse_lacking(questions, asked.answers, today)
    answers = {question.name: asked.answers.get(question.name, "").strip() for question in questions}
    return {**answers, REASON: REJECTED, TALKED: talked}


def _end(referral: Referral, facts: Answers, by: events.By) -> str:
    """What the school reads."""
    said = nfc(f"{grounds()[facts['ground']]}. {facts[WHY]}")
    referral.state, referral.ended_why = State.DECLINED, said
    referral.ended_at, referral.ended_by_id = clock.now(), by.person_id
    return said


def _say(case: Case, request: queries.Asked, said: str, facts: Answers, by: events.By) -> None:
    """The case goes on: both sides read that, the service what it rests on."""
    audience = Audience.SHARED if request.is_here else Audience.SERVICE
    told = f"The request of {request.row.school_name} was declined; the case goes on. {said}"
    cases.add_entry(case.id, EntryKind.STATUS, body=told, audience=audience, by=by)
    rest = in_words((name, text) for name, text in facts.items() if text and name not in {WHY, REASON, "ground"})
    body = "\n".join(f"{question}: {answer}" for question, answer in rest)
    cases.add_entry(case.id, EntryKind.STATUS, body=body, audience=Audience.SERVICE, by=by)
