"""A plan is made, changed and reviewed: each time a new version, whole, beside those before (CASE-16)."""

from sqlalchemy import insert

from app.cases.actions import add_entry
from app.cases.entries import Audience, EntryKind
from app.cases.plans import tells  # noqa: F401  (registers whom a shared plan tells)
from app.cases.plans.models import GoalState, Plan, PlanAction, PlanGoal
from app.cases.plans.queries import Version, versions_of
from app.cases.plans.rules import GoalFacts, PlanFacts, Review, fault_of
from app.cases.queries import CaseHead
from app.core import clock, events
from app.core.db import db, inserting
from app.core.errors import Conflict, refuse_faulty
from app.core.events import Happened
from app.core.figures import counted
from app.core.text import nfc

MEANWHILE = "Somebody else changed the plan meanwhile."


def write_plan(
    case: CaseHead, told: PlanFacts, *, was: Version | None, by: events.By, review: Review | None = None
) -> bool:
    """The next version. `was`: the version that the page showed, None where there was none; raises `Conflict` where another
    one is in force by now. False where it says so already and nothing was reviewed."""
    refuse_faulty(*fault_of(told, clock.today(), was=was.facts if was else None, is_review=bool(review)).values())
    if was and told == was.facts and review is None:
        _refuse_former(case, was)
        return False
    plan = _keep(case, told, was.number + 1 if was else 1, review, by)
    event = "plan.reviewed" if review else "plan.changed" if was else "plan.made"
    said = _said(told, was, review)
    events.record_all(Happened(event, plan, case), *(_tell(case, said, told, by) if said else ()), by=by)
    return True


def _refuse_former(case: CaseHead, was: Version) -> None:
    if versions_of(case.id)[0].number != was.number:
        raise Conflict(MEANWHILE)


def _keep(case: CaseHead, told: PlanFacts, number: int, review: Review | None, by: events.By) -> Plan:
    """Of two who write the same number at once the second waits for the first, and is told."""
    values = {
        "case_id": case.id,
        "number": number,
        "agreed_with": nfc(told.agreed_with),
        "not_agreed_why": nfc(told.not_agreed_why),
        "review_on": told.review_on,
        "is_shared": told.is_shared,
        "outcome": review.outcome if review else None,
        "review_note": nfc(review.note) if review else "",
        "made_at": clock.now(),
        "made_by_id": by.person_id,
    }
    kept = inserting(Plan).values(**values).on_conflict_do_nothing(index_elements=[Plan.case_id, Plan.number])
    plan: Plan | None = db.session.scalar(kept.returning(Plan))
    if plan is None:
        raise Conflict(MEANWHILE)
    _keep_goals(plan, told.goals)
    return plan


def _keep_goals(plan: Plan, goals: tuple[GoalFacts, ...]) -> None:
    rows = [
        {"plan_id": plan.id, "place": place, "text": nfc(goal.text), "state": goal.state}
        for place, goal in enumerate(goals)
    ]
    ids = dict(db.session.execute(insert(PlanGoal).returning(PlanGoal.place, PlanGoal.id), rows).all()) if rows else {}
    actions = [
        {
            "goal_id": ids[goal_place],
            "place": place,
            "text": nfc(action.text),
            "who": nfc(action.who),
            "by_on": action.by_on,
            "done_on": action.done_on,
        }
        for goal_place, goal in enumerate(goals)
        for place, action in enumerate(goal.actions)
    ]
    if actions:
        db.session.execute(insert(PlanAction), actions)


def _said(told: PlanFacts, before: Version | None, review: Review | None) -> str:
    """What the timeline says; nothing of a change between reviews, but that the plan is shared from now on."""
    goals = counted(sum(goal.state is GoalState.OPEN for goal in told.goals), "goal")
    then = f"Next review {told.review_on:%-d %B %Y}." if told.review_on else ""
    if review:
        return f"Plan reviewed. Open: {goals}. {then}"
    if before is None:
        return f"Plan made. Open: {goals}. {then}"
    return f"Plan shared. Open: {goals}. {then}" if told.is_shared and not before.facts.is_shared else ""


def _tell(case: CaseHead, said: str, told: PlanFacts, by: events.By) -> list[Happened]:
    audience = Audience.SHARED if told.is_shared else Audience.SERVICE
    entry = add_entry(case.id, EntryKind.PLAN, body=said, audience=audience, by=by)
    return [Happened("plan.shared", entry, case)] if told.is_shared else []
