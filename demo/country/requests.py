"""The rows of a support request, from its draft to the case that it begins."""

from datetime import datetime

from app.cases.entries import Audience, EntryKind
from app.cases.models import CaseKind, Part, Status
from app.cases.numbers import case_number
from app.core import clock
from app.core.figures import the_figures
from app.people.models import Role
from app.referrals.models import Outcome, State
from app.referrals.questions import YES
from app.referrals.rules import actions_taken
from demo.country.books import Books
from demo.country.plans import Asked, Plan, Sent
from demo.country.setting import find_by_caregiver, make_findable, write_caregiver
from demo.country.sheet import Row
from demo.country.staff import Member
from demo.country.telling import APP, MAIL, Happening, Told
from demo.invented import InventedCaregiver


def write_draft(books: Books, plan: Plan, step: Asked) -> Row:
    """The request, and every answer that says something."""
    referral = books.sheet.add(
        "referral",
        step.at,
        public_id=books.names.public_id("referral", plan.number),
        school_id=plan.school.id,
        student_id=plan.pupil.id,
        state=State.DRAFT.value,
        maker_id=step.by.id,
        owner_id=step.by.id,
        made_at=step.at,
        changed_at=step.at,
        changed_by_id=step.by.id,
        **dict.fromkeys(("announced_at", "discarded_at", "discarded_by_id", "submitted_at", "submitted_by_id")),
        case_id=None,
        outcome=None,
        ended_at=None,
        ended_by_id=None,
        ended_why="",
    )
    for field, text in (*step.known.items(), *step.typed.items()):
        if text:
            saved = {"version": 1, "page": "", "turn": 0, "by_id": step.by.id, "at": step.at}
            books.sheet.add("referral_answer", step.at, referral_id=referral, field=field, text=text, **saved)
    books.teller.record(Happening("referral.started", step.at, step.by, "referral", referral, None))
    return referral


def write_case(books: Books, plan: Plan, asked: Asked, step: Sent, referral: Row) -> Row:
    """The case that it begins, with what it brings along, and who is told."""
    texts = {**asked.known, **asked.typed}
    case = _write_case_row(books, plan, step)
    books.became(case, None, step, why="")
    books.name(case, asked.contact, Part.PRIMARY_CONTACT, step)
    if texts["urgent"] == YES:
        case |= {"urgency": 0, "urgent_why": texts["urgent_why"]}
    if texts["safety_kind"]:
        _write_safety_note(books, texts, case, step)
    _keep_caregiver(books, plan, texts, step.at)
    books.entry(case, EntryKind.REQUEST, step, _told(texts), Audience.SHARED)
    sent = {"state": State.SUBMITTED.value, "outcome": Outcome.NEW.value, "case_id": case}
    referral |= {**sent, "submitted_at": step.at, "submitted_by_id": step.by.id}
    what = Happening("referral.submitted", step.at, step.by, "referral", referral, case)
    books.teller.record(what, _to_tell(books, case, asked.contact, step.by))
    return case


def _write_case_row(books: Books, plan: Plan, step: Sent) -> Row:
    service, region = plan.school.catchment.service, plan.school.catchment.region
    today = clock.nz(step.at).date()
    case = books.sheet.add(
        "attendance_case",
        step.at,
        number=case_number(today.year, books.next_serial(today.year)),
        kind=CaseKind.CA.value,
        student_id=plan.pupil.id,
        school_id=plan.school.id,
        service_id=service.id if service else None,
        manager_id=None,
        region=region,
        status=(Status.QUEUE if service else Status.TRIAGE).value,
        status_at=step.at,
        close_reason="",
        urgency=1,
        urgent_why="",
        service_started_on=today,
        due_on=books.first_due(today, region),
        met_school_on=None,
        engaged_on=None,
        expected_end_on=None,
        pause_reason="",
        pause_until=None,
        made_at=step.at,
    )
    if service and plan.is_first:
        make_findable(books.sheet, step.at, plan.pupil, service.id)
    return case


def _write_safety_note(books: Books, texts: dict[str, str], case: Row, step: Sent) -> None:
    review_by = clock.add_months(clock.nz(step.at).date(), the_figures().safety_months)
    said = {"kind": texts["safety_kind"], "fact": texts["safety_fact"], "organisation_id": step.by.organisation_id}
    added = {"added_by_id": step.by.id, "added_at": step.at, "review_by": review_by}
    later = dict.fromkeys(("reviewed_at", "reviewed_by_id", "ended_at", "ended_by_id"))
    books.sheet.add("safety_note", step.at, case_id=case, **said, **added, **later)


def _keep_caregiver(books: Books, plan: Plan, texts: dict[str, str], at: datetime) -> None:
    """Of a student who came from another school, this one has named nobody before."""
    if plan.school is plan.pupil.school:
        return
    named = InventedCaregiver(*(texts[f"caregiver_{field}"] for field in InventedCaregiver.__dataclass_fields__))
    public_id = books.names.public_id("caregiver", plan.pupil.id, "asked", plan.number)
    who_said = {"student_id": plan.pupil.id, "given_by_id": plan.school.id}
    write_caregiver(books.sheet, at, named, public_id=public_id, **who_said)
    service = plan.school.catchment.service
    find_by_caregiver(books.sheet, at, plan.pupil, named, service.id if service else None, plan.school.id)


def _told(texts: dict[str, str]) -> str:
    tried = [f"{what} ({when})" for what, when in actions_taken(texts)]
    return f"{texts['reason']}\nDone so far: {'; '.join(tried)}"


def _to_tell(books: Books, case: Row, contact: Member, by: Member) -> list[Told]:
    """Whoever sent it, the primary contact, and the leads; without a service the investigators."""
    told: list[Told] = [(by, MAIL)]
    if contact is not by:
        told.append((contact, MAIL))
    if case["service_id"] is None:
        return [*told, *((each, MAIL) for each in books.staff.with_role(books.ministry_id, Role.INVESTIGATOR))]
    channel = APP if case["urgency"] else MAIL
    return [*told, *((each, channel) for each in books.staff.with_role(case["service_id"], Role.WORKFLOW_LEAD))]
