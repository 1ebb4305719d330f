"""A service's own ladders of letters, for its workflow leads: what they are, every version, and a new one (LET-1, LET-2)."""

from collections.abc import Sequence

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import BooleanField, HiddenField, StringField, TextAreaField
from wtforms.validators import Length

from app.core.errors import Conflict, Refused
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import needs
from app.letters.ladders import Step
from app.letters.purposes import Purpose
from app.letters.versions.actions import change_ladder, go_back_to_ours
from app.letters.versions.policy import can_change_ladders
from app.letters.versions.queries import LadderHere, ladder_for, ladders_for
from app.letters.versions.rules import LONGEST_WHY, MOST_STEPS, PURPOSES, fault_of
from app.workspace.blueprint import bp

HERE = "/workspace/settings/ladders/"
NUMBERS = range(1, MOST_STEPS + 1)
SAVED = "Saved. Cases whose first letter is made from now on go by it; those that have begun stay with theirs until somebody moves them."
BACK = "Saved. Cases whose first letter is made from now on go by Waharoa’s ladder again; those that have begun stay with theirs."


class OursForm(OnceForm):
    """Why, for the history; and which version the page was loaded with."""

    why = TextAreaField(
        "Why?",
        validators=[
            Required("Write why: it stands in the history of the ladder for good"),
            Length(max=LONGEST_WHY, message=f"Write it in {LONGEST_WHY:,} characters"),
        ],
    )
    version = HiddenField(default="")

    @property
    def number(self) -> int:
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


class LadderForm(OursForm):
    """Letter by letter: its name, and how long it waits. Rows at the end that are left empty are no letters."""

    name_1 = StringField("Letter 1: what it is called")
    name_2 = StringField("Letter 2: what it is called")
    gap_2 = StringField("Letter 2: working days after letter 1")
    name_3 = StringField("Letter 3: what it is called")
    gap_3 = StringField("Letter 3: working days after letter 2")
    name_4 = StringField("Letter 4: what it is called")
    gap_4 = StringField("Letter 4: working days after letter 3")
    name_5 = StringField("Letter 5: what it is called")
    gap_5 = StringField("Letter 5: working days after letter 4")
    name_6 = StringField("Letter 6: what it is called")
    gap_6 = StringField("Letter 6: working days after letter 5")
    has_formal = BooleanField("The last letter is a formal warning")

    def steps(self, purpose: Purpose) -> list[Step]:
        """Up to the last row in which something is typed."""
        rows = [(one_line(self[f"name_{number}"].data), self._gap(number)) for number in NUMBERS]
        count = max((number for number, row in zip(NUMBERS, rows, strict=True) if any(row)), default=0)
        return [
            Step(purpose, number, name, _whole(gap), bool(self.has_formal.data) and number == count)
            for number, (name, gap) in zip(NUMBERS, rows[:count], strict=False)
        ]

    def _gap(self, number: int) -> str:
        return one_line(self[f"gap_{number}"].data) if number > 1 else ""

    @property
    def rows(self) -> list[tuple[StringField, StringField | None]]:
        return [(self[f"name_{number}"], self[f"gap_{number}"] if number > 1 else None) for number in NUMBERS]


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 3 else 0


@bp.get("/settings/ladders/")
@needs(can_change_ladders, on=ladders_for)
def ladders(found: list[LadderHere]) -> Response:
    return show("workspace/ladders.html", ladders=found, on=PURPOSES)


@bp.get("/settings/ladders/<purpose>")
@needs(can_change_ladders, on=ladder_for)
def ladder(found: LadderHere) -> Response:
    return _page(found, _filled(found.steps, found.number))


@bp.post("/settings/ladders/<purpose>")
@needs(can_change_ladders, on=ladder_for)
def set_ladder(found: LadderHere) -> Response:
    form = LadderForm(request.form)
    is_valid, steps = form.validate(), form.steps(found.purpose)
    form.mend(fault_of(steps))
    if not is_valid or form.errors:
        return _page(found, form, status=422)
    try:
        change_ladder(found.purpose, steps, (form.why.data or "").strip(), version=form.number, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(found, form, status=422)
    except Conflict as conflict:
        return _meanwhile(form, conflict, found.purpose)
    return done(SAVED, HERE)


@bp.get("/settings/ladders/<purpose>/ours")
@needs(can_change_ladders, on=ladder_for)
def ladder_ours(found: LadderHere) -> Response:
    return _ours_page(found, OursForm(data={"version": str(found.number)}))


@bp.post("/settings/ladders/<purpose>/ours")
@needs(can_change_ladders, on=ladder_for)
def set_ladder_ours(found: LadderHere) -> Response:
    form = OursForm(request.form)
    if not form.validate():
        return _ours_page(found, form, status=422)
    try:
        go_back_to_ours(found.purpose, (form.why.data or "").strip(), version=form.number, by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        return _ours_page(found, form, status=409 if isinstance(why, Conflict) else 422)
    return done(BACK, HERE)


def _meanwhile(form: LadderForm, why: Conflict, purpose: Purpose) -> Response:
    """What was typed stays; what another lead made of it meanwhile stands above, and is replaced if this is saved again."""
    now = ladder_for(g.actor, purpose.lower())
    assert now is not None  # noqa: S101 (it was loaded before)
    form.form_errors.append(f"{why} Look at what it is now; if you save again, yours takes its place.")
    form.version.data = str(now.number)
    return _page(now, form, status=409)


def _filled(steps: Sequence[Step], number: int) -> LadderForm:
    names = {f"name_{step.number}": step.name for step in steps}
    gaps = {f"gap_{step.number}": str(step.gap) for step in steps if step.number > 1}
    return LadderForm(data={**names, **gaps, "has_formal": steps[-1].is_formal, "version": str(number)})


def _page(found: LadderHere, form: LadderForm, *, status: int = 200) -> Response:
    return show("workspace/ladder.html", status=status, ladder=found, on=PURPOSES[found.purpose], form=form)


def _ours_page(found: LadderHere, form: OursForm, *, status: int = 200) -> Response:
    return show("workspace/ladder_ours.html", status=status, ladder=found, on=PURPOSES[found.purpose], form=form)
