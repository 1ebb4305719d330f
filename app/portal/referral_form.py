"""The form of a support request: shape only. A draft keeps whatever was typed; what is missing stands beside it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from flask import g
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, Field, RadioField, SelectField, StringField, TelField, TextAreaField

from app.core.security import digest
from app.core.text import nfc
from app.core.web.answers import show
from app.core.web.forms import OnceForm
from app.referrals.actions import Clash
from app.referrals.queries import Request, contacts_of
from app.referrals.questions import ACTION_ROWS, FIELDS, KNOWS, SAFETY, TICKS, YES
from app.referrals.routing import known_case, route_of
from app.referrals.rules import faults, missing


def _text(name: str) -> StringField:
    return StringField(FIELDS[name].label)


def _area(name: str) -> TextAreaField:
    return TextAreaField(FIELDS[name].label)


def _tick(name: str) -> BooleanField:
    return BooleanField(FIELDS[name].label)


Loaded = dict[str, tuple[int, str]]
"""Field → version and mark of its text."""


class DraftForm(OnceForm):
    """Every question of REQ-2, none of them required while it is a draft."""

    caregiver_name = _text("caregiver_name")
    caregiver_relationship = _text("caregiver_relationship")
    caregiver_phone = TelField(FIELDS["caregiver_phone"].label)
    caregiver_email = EmailField(FIELDS["caregiver_email"].label)
    caregiver_language = _text("caregiver_language")
    caregiver_address = _text("caregiver_address")
    no_caregiver_details = _tick("no_caregiver_details")
    address = _text("address")
    address_not_known = _tick("address_not_known")
    address_other = _text("address_other")
    reason = _area("reason")
    urgent = _tick("urgent")
    urgent_why = _text("urgent_why")
    no_actions_why = _text("no_actions_why")
    engagement = _area("engagement")
    engagement_later = BooleanField("Will tell at the meeting")
    plan = _area("plan")
    plan_later = BooleanField("Will tell at the meeting")
    barriers = _area("barriers")
    barriers_later = BooleanField("Will tell at the meeting")
    whanau_knows = RadioField(FIELDS["whanau_knows"].label, choices=KNOWS, validate_choice=False)
    primary_contact = SelectField(FIELDS["primary_contact"].label, validate_choice=False)
    meet_instead = _text("meet_instead")
    safety_kind = SelectField(FIELDS["safety_kind"].label, choices=SAFETY, validate_choice=False)
    safety_fact = _area("safety_fact")
    needs = _area("needs")
    agencies = _area("agencies")
    health = _area("health")
    loaded = StringField("As loaded")

    def __init__(self, formdata: Any = None, *, texts: Mapping[str, str] | None = None) -> None:
        super().__init__(formdata, data=_typed(texts or {}))
        self.primary_contact.choices = {"": "Choose somebody"} | contacts_of(g.actor.organisation_id)

    def texts(self) -> dict[str, str]:
        """Field → text as it is kept."""
        return {name: _as_text(self[name]) for name in FIELDS}

    def touched(self) -> dict[str, str]:
        """Field → text, of those that the person changed on this page: the page carried what it was loaded with."""
        loaded = self.as_loaded()
        return {
            name: text for name, text in self.texts().items() if _mark(text) != loaded.get(name, (0, UNANSWERED))[1]
        }

    def seen(self) -> dict[str, int]:
        """The versions that the page carried."""
        return {field: version for field, (version, _) in self.as_loaded().items()}

    def as_loaded(self) -> Loaded:
        """What the page was loaded with; a spoilt field reads as nothing known."""
        try:
            given = json.loads(self.loaded.data or "{}").items()
            return {field: (int(version), str(mark)) for field, (version, mark) in given if field in FIELDS}
        except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
            return {}

    def action_rows(self) -> list[tuple[Field, Field]]:
        return [(self[f"action_{row}"], self[f"action_{row}_when"]) for row in range(1, ACTION_ROWS + 1)]


for _row in range(1, ACTION_ROWS + 1):
    setattr(DraftForm, f"action_{_row}", StringField(f"What was done ({_row})"))
    setattr(DraftForm, f"action_{_row}_when", StringField(f"When, or about when ({_row})"))


def page_of(found: Request, form: DraftForm, *, status: int = 200, clashes: Sequence[Clash] = ()) -> Response:
    """The form with what is still missing; faults of what was typed stand beside their fields (REQ-3)."""
    texts = form.texts()
    for field, fault in faults(texts).items():
        form[field].errors = [*form[field].errors, fault]
    now = {field: (answer.version, _mark(answer.text)) for field, answer in found.answers.items()}
    clashing = {clash.field: now[clash.field] for clash in clashes}
    return show(
        "portal/draft.html",
        status=status,
        found=found,
        form=form,
        clashes=[(FIELDS[clash.field].label, clash) for clash in clashes],
        loaded=json.dumps(now if status == 200 else form.as_loaded() | clashing),
        missing=missing(texts, contacts=form.primary_contact.choices),
        route=route_of(g.actor.organisation_id),
        known=known_case(g.actor, found.referral.student_id),
    )


def _mark(text: str) -> str:
    """Enough of a digest to tell whether a text was touched."""
    return digest(nfc(text))[:12]


def _typed(texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: text == YES if name in TICKS else text for name, text in texts.items()}


def _as_text(field: Field) -> str:
    if field.name in TICKS:
        return YES if field.data else ""
    return str(field.data or "").strip().replace("\r\n", "\n")


UNANSWERED = _mark("")
