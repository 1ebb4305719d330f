"""Who reads an entry, changed later (P8, SHARE-2)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import RadioField

from app.cases.comments.actions import change_audience
from app.cases.comments.policy import can_change_audience, can_change_own
from app.cases.comments.queries import readers_since
from app.cases.entries import Audience
from app.cases.heading import readers_of
from app.cases.timeline import EntryOfCase, audience_history, entry_for
from app.core.figures import counted, the_figures
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case
from app.written.places import undo_address

CHOICES = {
    Audience.SHARED.value: "Shared: the school and our service",
    Audience.SERVICE.value: "Our service only",
    Audience.RESTRICTED.value: "Restricted: case manager, cover and leads",
}


class AudienceForm(OnceForm):
    """The three audiences; the present one is chosen."""

    audience = RadioField("Who may read it?", choices=CHOICES)


@bp.get("/cases/<number>/entries/<public_id>/audience")
@needs(can_change_audience, on=entry_for, log="who reads a note")
def audience(found: EntryOfCase) -> Response:
    return _page(found, AudienceForm(data={"audience": found.entry.audience}))


@bp.post("/cases/<number>/entries/<public_id>/audience")
@needs(can_change_audience, on=entry_for)
def set_audience(found: EntryOfCase) -> Response:
    form = AudienceForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    change_audience(found.head, found.entry, Audience(form.audience.data), by=g.actor)
    minutes = counted(the_figures().undo_minutes, "minute")
    undo = undo_address(found.head, found.entry) if found.entry.waits and can_change_own(g.actor, found) else ""
    can = "undo" if undo else "change it back"
    later = f" {readers_of(found.head)} can read it in {minutes}; until then you can {can}."
    said = f"Who reads the note was changed; the change is kept.{later if found.entry.waits else ''}"
    return done(said, f"/workspace/cases/{found.head.number}/", undo=undo)


def _page(found: EntryOfCase, form: AudienceForm, *, status: int = 200) -> Response:
    return show_case(
        "workspace/audience.html",
        head=found.head,
        status=status,
        entry=found.entry,
        form=form,
        history=audience_history(found.entry),
        seen=readers_since(found.entry),
    )
