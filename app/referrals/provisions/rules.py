"""When a service in a school is asked to refer a case on, and what the request says then."""

from collections.abc import Mapping, Sequence

from app.cases.plans.models import ReviewOutcome
from app.cases.plans.rules import OUTCOME_WORDS
from app.referrals.advice import WHY, labels
from app.referrals.questions import PROVIDER, YES
from app.referrals.rules import LONGEST, actions_taken

NOT_ENOUGH = frozenset({ReviewOutcome.SAME, ReviewOutcome.NOT_SUSTAINED, ReviewOutcome.MORE_COMPLEX})
"""What a review of the plan may find, after which more than the school’s own service is offered (CASE-11)."""
MORE = "The in-school provision asks for more support than it can give."
SEE_CASE = "What the in-school provision did stands on the case."
Texts = Mapping[str, str]


def request_texts(
    asked: Texts, *, outcome: ReviewOutcome | None, barriers: Sequence[str], contact: str
) -> dict[str, str]:
    """Everything filled in: what the school had asked with (`asked`), brought up to date by what the case knows. What it said
    about the time to ask was about that time."""
    said = {field: text for field, text in asked.items() if field not in {*labels(), WHY}}
    found = f" The plan was reviewed: {OUTCOME_WORDS[outcome].lower()}." if outcome else ""
    said["reason"] = f"{MORE}{found}\n{said.get('reason', '')}".strip()[:LONGEST]
    said["service_choice"] = PROVIDER
    if barriers:
        said["barriers"] = "\n".join(barriers)[:LONGEST]
    if contact:
        said = {field: text for field, text in said.items() if not field.startswith("contact_")}
        said["primary_contact"] = contact
    return {**_unknown(said), **{field: text for field, text in said.items() if text}}


def _unknown(said: Texts) -> dict[str, str]:
    """What nobody had said, said to be so (REQ-2)."""
    has = {field for field, text in said.items() if text}
    missing = {
        "no_caregiver_details": "caregiver_name" not in has,
        "address_not_known": "address" not in has,
        **{f"{field}_later": field not in has for field in ("engagement", "plan", "barriers")},
    }
    texts = {field: YES for field, is_missing in missing.items() if is_missing}
    if not actions_taken(said):
        texts["no_actions_why"] = SEE_CASE
    return {**texts, "whanau_knows": "later"}
