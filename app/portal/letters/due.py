"""Students past a step of the school's ladder in this term: the letter that is due to each caregiver, and what is in its way
(LET-2, L3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.known import absences_of_each
from app.attendance.many import AtSchool
from app.attendance.rules import Absences
from app.core import clock
from app.core.db import AnyRow
from app.core.seen import View
from app.core.web.answers import show
from app.core.web.guards import open_to
from app.letters.batches.answers import unanswered_for
from app.letters.batches.rules import why_not
from app.letters.purposes import Purpose
from app.letters.school.dossiers import SchoolDossier
from app.letters.school.ladders import Present, present_of
from app.letters.school.listing import PAGE, students_past
from app.letters.school.many import dossiers_at
from app.letters.school.naming import in_brief
from app.letters.school.policy import WRITERS
from app.letters.school.queries import OnRoll, students_on_roll
from app.letters.school.readiness import SchoolReadiness, readiness
from app.letters.school.rules import days_in_words
from app.letters.wordings.queries import own_texts
from app.portal.blueprint import bp
from app.portal.letters.places import letters_address


@dataclass(frozen=True)
class Due:
    """The letter to one caregiver, where one is due, and everything that is in its way."""

    dossier: SchoolDossier
    ready: SchoolReadiness

    @property
    def why_not(self) -> str:
        return why_not(self.ready) if self.ready.position.is_open else self.ready.position.waits_for


@dataclass(frozen=True)
class Past:
    """A student who has passed a step, as was told last."""

    head: OnRoll
    days: str
    told: Any
    """What the days are from; in this term or since before it."""
    to: Sequence[Due]

    @property
    def address(self) -> str:
        return letters_address(self.head)


@bp.get("/letters/")
@open_to(*WRITERS)
def students_with_letters() -> Response:
    """Who has missed most first; of one step, where that is asked. On the first page also which letters nobody answered."""
    present, at = present_of(g.actor.organisation_id), request.args.get("step", 0, type=int)
    rows = students_past(g.actor, present, at=at, after=request.args.get("after", ""))
    is_first = not at and "after" not in request.args
    unanswered, more = unanswered_for(g.actor) if is_first else ((), 0)
    g.view = View("students with letters due", None)
    return show(
        "portal/letters/due.html",
        students=_students(rows[:PAGE], present),
        has_more=len(rows) > PAGE,
        steps=[step for step in present.steps if step.days is not None],
        at=at if at in {step.number for step in present.steps} else 0,
        term=present.term,
        unanswered=unanswered,
        more_unanswered=more,
        stays_from=days_in_words(present.least_begun) if present.has_begun_otherwise else "",
    )


def _students(rows: Sequence[AnyRow], present: Present) -> list[Past]:
    """A few statements for all of them."""
    heads = students_on_roll(g.actor, [row.id for row in rows])
    told = absences_of_each([(each.student_id, each.school_id) for each in heads.values()])
    due: dict[int, list[Due]] = {}
    for each in _dossiers(list(heads.values()), present, told):
        due.setdefault(each.head.student_id, []).append(Due(each, readiness(each, clock.today())))
    return [
        Past(head, days_in_words(row.half_days), told.get((row.id, head.school_id)), due.get(row.id, ()))
        for row in rows
        if (head := heads.get(row.id))
    ]


def _dossiers(heads: Sequence[OnRoll], present: Present, told: Mapping[AtSchool, Absences]) -> list[SchoolDossier]:
    texts, writer = own_texts(g.actor.organisation_id, Purpose.SCHOOL), in_brief(g.actor)
    return [replace(each, texts=texts, writer=writer) for each in dossiers_at(heads, present, told)]
