"""A case is moved, on purpose, from the ladder that it began with to the one that cases begin with now (LET-2)."""

from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField

from app.cases.queries import case_for
from app.cases.timeline import OfCase
from app.core import clock
from app.core.errors import Conflict
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.policy import can_write_letters
from app.letters.queries import PURPOSES
from app.letters.versions.actions import move
from app.letters.versions.queries import goes_by, present_of
from app.letters.versions.rules import GoesBy, differences
from app.people.queries import Actor
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.workspace.letters.places import address_of


class MovingForm(OnceForm):
    """To which version, as the page showed it; 0 is ours."""

    version = HiddenField(default="")

    @property
    def number(self) -> int:
        typed = self.version.data or ""
        return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1


@dataclass(frozen=True)
class LadderOfCase(OfCase):
    """What the case goes by, and what cases begin with now."""

    was: GoesBy
    now: GoesBy


def ladder_of_case(actor: Actor, number: str) -> LadderOfCase | None:
    head = case_for(actor, number)
    if head is None:
        return None
    purpose = PURPOSES[head.kind]
    return LadderOfCase(head, goes_by(head.id, head.service_id, purpose), present_of(head.service_id, purpose))


@bp.get("/cases/<number>/letters/ladder")
@needs(can_write_letters, on=ladder_of_case, log="letters")
def case_ladder(found: LadderOfCase) -> Response:
    return _page(found, MovingForm())


@bp.post("/cases/<number>/letters/ladder")
@needs(can_write_letters, on=ladder_of_case)
def set_case_ladder(found: LadderOfCase) -> Response:
    form = MovingForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    head = found.head
    try:
        now = move(head, PURPOSES[head.kind], to=form.number, by=g.actor)
    except Conflict as conflict:
        form.form_errors.append(str(conflict))
        return _page(found, form, status=409)
    return done(f"The letters of this case go by {now.words} from now on.", address_of(head))


def _page(found: LadderOfCase, form: MovingForm, *, status: int = 200) -> Response:
    return show_case(
        "workspace/letters/moving.html",
        status=status,
        head=found.head,
        form=form,
        to=found.now.number,
        was=found.was,
        becomes=found.now,
        is_behind=found.was.is_behind(clock.today()),
        changed=differences(found.was.steps, found.now.steps),
    )
