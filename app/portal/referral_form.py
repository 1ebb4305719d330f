"""The form of a support request: shape only. A draft keeps whatever was typed; what is missing stands beside it."""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from flask import g
from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, EmailField, Field, RadioField, SelectField, StringField, TelField, TextAreaField

from app.core.security import public_id
from app.portal.advice_form import AdviceForm
from app.referrals.models import Answer
from app.referrals.queries import Request, contacts_of
from app.referrals.questions import ACTION_ROWS, ACTIONS, FIELDS, KNOWS, SAFETY, SERVICES, TICKS, YES
from app.referrals.rules import rows_used
from app.referrals.saving import MINE, Choice, Page, mark


def _text(name: str) -> StringField:
    return StringField(FIELDS[name].label)


def _area(name: str) -> TextAreaField:
    return TextAreaField(FIELDS[name].label)


def _tick(name: str) -> BooleanField:
    return BooleanField(FIELDS[name].label)


Loaded = dict[str, tuple[int, str]]
"""Field → version and mark of its text."""
EMPTY_ROWS = 2
"""After what the school has done there is room for so many things more."""
MORE_ROWS = 6
"""And for so many where somebody asks for more."""


class DraftForm(AdviceForm):
    """Every question of REQ-2, none of them required while it is a draft."""

    service_choice = RadioField(FIELDS["service_choice"].label, choices=SERVICES, validate_choice=False)
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
    engagement_later = _tick("engagement_later")
    plan = _area("plan")
    plan_later = _tick("plan_later")
    barriers = _area("barriers")
    barriers_later = _tick("barriers_later")
    whanau_knows = RadioField(FIELDS["whanau_knows"].label, choices=KNOWS, validate_choice=False)
    primary_contact = SelectField(FIELDS["primary_contact"].label, validate_choice=False)
    contact_name = _text("contact_name")
    contact_email = EmailField(FIELDS["contact_email"].label)
    contact_phone = TelField(FIELDS["contact_phone"].label)
    meet_instead = _text("meet_instead")
    safety_kind = SelectField(FIELDS["safety_kind"].label, choices=SAFETY, validate_choice=False)
    safety_fact = _area("safety_fact")
    needs = _area("needs")
    agencies = _area("agencies")
    health = _area("health")
    files = StringField("Files")
    loaded = StringField("As loaded")
    page = StringField("Page")
    turn = StringField("Turn")

    def __init__(self, formdata: Any = None, *, texts: Mapping[str, str] | None = None) -> None:
        super().__init__(formdata, data=_typed(texts or {}))
        self.given: MultiDict[str, str] = formdata if formdata is not None else MultiDict()
        self.primary_contact.choices = {"": "Choose somebody"} | contacts_of(g.actor.organisation_id)
        self.page.data, self.turn.data = self.page.data or public_id(), self.turn.data or "0"
        self.questions = [self[name] for name in FIELDS if name in self]
        for field in self.questions:
            field.keeps = True

    def texts(self) -> dict[str, str]:
        """Field → text as it is kept."""
        return {field.name: _as_text(field) for field in self.questions}

    def touched(self) -> dict[str, str]:
        """Field → text, of those that the person changed on this page: the page carried what it was loaded with. And of
        those of which the page does not know whether they arrived, or whose own text was chosen."""
        loaded, theirs = self.as_loaded(), self.theirs()
        unsure = {*self.given.getlist("unsure"), *self.choices()}
        return {
            name: text
            for name, text in self.texts().items()
            if name not in theirs and (name in unsure or mark(text) != loaded.get(name, (0, UNANSWERED))[1])
        }

    def as_page(self, loaded: Loaded | None = None) -> Page:
        """Which page this is, what it carried, and what was chosen on it."""
        carried = self.as_loaded() if loaded is None else loaded
        return Page(
            {field: version for field, (version, _) in carried.items()},
            token=(self.page.data or "")[:20],
            turn=_number(self.turn.data),
            marks={field: text for field, (_, text) in carried.items()},
            chosen=self.choices(),
        )

    def as_loaded(self) -> Loaded:
        """What the page was loaded with; a spoilt field reads as nothing known."""
        try:
            given = json.loads(self.loaded.data or "{}").items()
            return {field: (int(version), str(mark)) for field, (version, mark) in given if field in FIELDS}
        except (ValueError, AttributeError, TypeError, OverflowError, RecursionError):
            return {}

    def choices(self) -> dict[str, Choice]:
        """Field → which text was chosen where another page had changed it too."""
        names = [field.name for field in self.questions]
        given = {field: [*self.given.get(f"choice-{field}", "").split(":"), "", ""][:3] for field in names}
        return {
            field: Choice(whose, _number(version), beside) for field, (whose, version, beside) in given.items() if whose
        }

    def theirs(self) -> list[str]:
        """The fields in which another text than this page's was chosen."""
        return [field for field, choice in self.choices().items() if choice.whose != MINE]

    def take(self, field: str, text: str) -> None:
        """Show this text instead of what was typed."""
        self[field].data = _typed({field: text})[field]

    def loaded_after(self, answers: Mapping[str, Answer], saved: Iterable[str]) -> Loaded:
        """What the page is loaded with from now on: these fields as they are now, the others as they were."""
        now = as_loaded(answers)
        return self.as_loaded() | {field: now[field] for field in saved if field in now}

    def action_rows(self) -> list[tuple[Field, Field]]:
        return [(self[what], self[when]) for what, when in ACTIONS if what in self]

    def has_more_rows(self) -> bool:
        """Could there be more of them?"""
        return len(self.action_rows()) < ACTION_ROWS


def typed_form(formdata: MultiDict[str, str]) -> DraftForm:
    """The form as it was sent, with the rows that the page had."""
    return _with_rows(max(rows_used(formdata.keys()), EMPTY_ROWS))(formdata)


def kept_form(found: Request, texts: Mapping[str, str], *, rows: int = 0) -> DraftForm:
    """The form with these texts: every row that says something, and some empty ones; at least so many `rows`."""
    used = {field for field, text in texts.items() if text} | {*found.unsettled}
    return _with_rows(min(max(rows_used(used) + EMPTY_ROWS, rows), ACTION_ROWS))(texts=texts)


@cache
def _with_rows(rows: int) -> type[DraftForm]:
    """Only as many as the page shows: each field of a form costs every save some time."""
    names = [name for fields in ACTIONS[:rows] for name in fields]
    return type("DraftFormWithRows", (DraftForm,), {name: _text(name) for name in names})


def as_loaded(answers: Mapping[str, Answer]) -> Loaded:
    return {field: (answer.version, mark(answer.text)) for field, answer in answers.items()}


def with_kept(found: Request, person_id: int) -> tuple[dict[str, str], Loaded]:
    """What the form opens with: the answers, but for what this person typed where another page had changed them; that is
    seen by nobody as theirs yet, so it is written only when it was chosen."""
    own = {kept.field: kept.text for kept in found.kept if kept.by_id == person_id and kept.field in found.unsettled}
    return found.texts | own, as_loaded(found.answers) | {field: (0, mark(text)) for field, text in own.items()}


def _typed(texts: Mapping[str, str]) -> dict[str, Any]:
    return {name: text == YES if name in TICKS else text for name, text in texts.items()}


def _as_text(field: Field) -> str:
    if field.name in TICKS:
        return YES if field.data else ""
    return str(field.data or "").strip().replace("\r\n", "\n")


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


UNANSWERED = mark("")
