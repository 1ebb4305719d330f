"""What the page of a draft shows, gathered before anything is drawn: what is missing, faulty, or changed elsewhere too."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import g

from app.portal.referral_form import DraftForm, Loaded, as_loaded
from app.referrals.files.queries import files_of
from app.referrals.queries import Request, names_of
from app.referrals.questions import FIELDS, answer_words
from app.referrals.routing import known_case, route_of
from app.referrals.rules import faults, missing
from app.referrals.saving import Clash

Values = dict[str, Any]


@dataclass(frozen=True)
class Both:
    """Two texts of one field, in words, to choose from."""

    label: str
    theirs: str
    mine: str
    version: int
    who: str
    at: datetime


def values_of(
    found: Request, form: DraftForm, *, loaded: Loaded | None = None, clashes: Sequence[Clash] = ()
) -> Values:
    """The whole page; faults of what was typed stand beside their fields (REQ-3)."""
    return {
        **part_of(found, form, loaded=as_loaded(found.answers) if loaded is None else loaded, clashes=clashes),
        "student": found.student,
        "public_id": found.referral.public_id,
        "files": files_of([found.referral.id]).get(found.referral.id, []),
        "route": route_of(g.actor.organisation_id),
        "known": known_case(g.actor, found.referral.student_id),
    }


def part_of(found: Request, form: DraftForm, *, loaded: Loaded, clashes: Sequence[Clash] = ()) -> Values:
    """What changes on the page while somebody types."""
    for field in form.theirs():
        form.take(field, found.texts.get(field, ""))
    texts = form.texts()
    for field, fault in faults(texts).items():
        form[field].errors = [*form[field].errors, fault]
    for field, both in _in_words(form, clashes).items():
        form[field].clash = both
    return {
        "form": form,
        "fields": [form[field] for field in FIELDS],
        "clashing": [form[clash.field] for clash in clashes],
        "loaded": json.dumps(loaded, separators=(",", ":")),
        "missing": missing(texts, contacts=form.primary_contact.choices),
        "changed_at": found.referral.changed_at,
        "changed_by": g.actor.name
        if found.referral.changed_by_id == g.actor.person_id
        else found.student.changed_by_name,
        "theirs": {field: found.texts.get(field, "") for field in form.theirs()},
    }


def _in_words(form: DraftForm, clashes: Sequence[Clash]) -> dict[str, Both]:
    names = names_of([clash.by_id for clash in clashes]) if clashes else {}

    def words(field: str, text: str) -> str:
        return form.primary_contact.choices.get(text, text) if field == "primary_contact" else answer_words(field, text)

    return {
        clash.field: Both(
            FIELDS[clash.field].label,
            words(clash.field, clash.theirs),
            words(clash.field, clash.mine),
            clash.version,
            "you" if clash.by_id == g.actor.person_id else names[clash.by_id],
            clash.at,
        )
        for clash in clashes
    }
