"""What the page of a draft shows, gathered before anything is drawn: what is missing, faulty, or changed elsewhere too."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from app.core import clock
from app.core.db import AnyRow
from app.core.text import nfc
from app.people.queries import names_of
from app.portal.referral_form import DraftForm, Loaded, as_loaded
from app.referrals.advice import advise
from app.referrals.drafts.rules import is_untouched
from app.referrals.files.queries import files_of
from app.referrals.present_contact import becomes
from app.referrals.queries import Request
from app.referrals.questions import FIELDS, answer_words
from app.referrals.routing import close_words, known_case, route_of
from app.referrals.rules import LONG, LONGEST, faults, missing, near_limit
from app.referrals.saving import Page, beside, mark_of

Values = dict[str, Any]


@dataclass(frozen=True)
class Both:
    """The texts of one field, in words, to choose from: what stands there, who changed it and when; what this page says,
    where that is something else; and those that others typed (number, who, when, text)."""

    label: str
    theirs: str
    mine: str | None
    beside: list[tuple[int, str, datetime, str]]
    who: str
    at: datetime
    version: int
    mark: str

    @property
    def seen(self) -> str:
        """What was seen by whoever chooses."""
        return f"{self.version}:{self.mark}" if self.mark else str(self.version)


def values_of(found: Request, form: DraftForm, *, loaded: Loaded | None = None, is_saved: bool = False) -> Values:
    """The whole page; faults of what was typed stand beside their fields (REQ-3)."""
    part = part_of(found, form, loaded=as_loaded(found.answers) if loaded is None else loaded)
    route = route_of(g.actor.organisation_id, form.texts()["service_choice"])
    form.service_choice.choices = route.services
    return {
        **part,
        "is_saved": is_saved,
        "is_untouched": not is_saved and is_untouched(found),
        "student": found.student,
        "public_id": found.referral.public_id,
        "files": _files(found, is_new=is_saved),
        "route": route,
        "short": LONG,
        "long": LONGEST,
        **known_now(found, form.texts(), form.primary_contact.choices),
    }


def _files(found: Request, *, is_new: bool) -> list[AnyRow]:
    """Some may have come with what was saved just now."""
    is_any = is_new or found.student.has_files
    return files_of([found.referral.id]).get(found.referral.id, []) if is_any else []


def known_now(found: Request, texts: Mapping[str, str], names: Mapping[str, str]) -> Values:
    """What becomes of an earlier case that this person may see already, why it had closed (REQ-7, REQ-10), and who takes
    the place of its contact. `names`: who can be chosen."""
    known = known_case(g.actor, found.referral.student_id)
    because = close_words(known.close_reason) if known else ""
    return {"known": known, "closed_because": because, "becomes": becomes(known, texts, names)}


def part_of(found: Request, form: DraftForm, *, loaded: Loaded, is_saved: bool = False) -> Values:
    """What changes on the page while somebody types."""
    for field in form.theirs():
        form.take(field, found.texts.get(field, ""))
    texts = form.texts()
    for field, fault in faults(texts).items():
        form[field].errors = [*form[field].errors, fault]
    for field, taken in near_limit(texts).items():
        form[field].near = taken
    unsettled = _in_words(found, form, form.as_page(loaded))
    for field, both in unsettled.items():
        form[field].clash = both
    return {
        "form": form,
        "advice": advise(texts, clock.today()),
        "fields": form.questions,
        "clashing": [form[field] for field in unsettled],
        "loaded": json.dumps(loaded, separators=(",", ":")),
        "missing": missing(found.texts | texts, contacts=form.primary_contact.choices, has_choice=found.has_choice),
        "changed_at": found.referral.changed_at,
        "changed_by": g.actor.name
        if found.referral.changed_by_id == g.actor.person_id
        else found.student.changed_by_name,
        "theirs": {field: found.texts.get(field, "") for field in form.theirs()},
    }


def _in_words(found: Request, form: DraftForm, page: Page) -> dict[str, Both]:
    """Every field of which more than one text is kept."""
    fields = [field for field in found.unsettled if field in form]
    people = {kept.by_id for kept in found.kept} | {found.answers[field].by_id for field in fields}
    names = names_of(list(people)) | {g.actor.person_id: "you"} if fields else {}
    return {field: _both(found, form, field, page=page, names=names) for field in fields}


def _both(found: Request, form: DraftForm, field: str, *, page: Page, names: dict[int, str]) -> Both:
    def words(text: str) -> str:
        return form.primary_contact.choices.get(text, text) if field == "primary_contact" else answer_words(field, text)

    typed = nfc(form.texts()[field])
    answer, others = found.answers[field], beside(found, field, page, g.actor)
    shown = [kept for kept in found.kept if kept.field == field and kept.text not in {answer.text, typed}]
    return Both(
        FIELDS[field].label,
        words(answer.text),
        words(typed) if typed != answer.text else None,
        [(kept.id, names[kept.by_id], kept.at, words(kept.text)) for kept in shown],
        names[answer.by_id],
        answer.at,
        answer.version,
        mark_of(others),
    )
