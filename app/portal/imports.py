"""Exports of half-day marks from the school's student management system: brought, looked at, kept, undone (T1)."""

from collections.abc import Callable

from flask import g, request
from werkzeug.wrappers import Response

from app.attendance.marks.actions import bring, keep_import, leave_import, undo_import
from app.attendance.marks.models import ImportState
from app.attendance.marks.policy import WRITERS, can_import
from app.attendance.marks.queries import PAGE, Found, import_for, imports_of
from app.core.errors import Conflict, Refused
from app.core.files.lines import MOST_BYTES, keep_table
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs, open_to
from app.core.web.parts import is_part_request
from app.core.web.taken import NOTHING_CHOSEN, kept, refusals
from app.core.web.uploads import first_scan, taken
from app.core.web.writes import Sent
from app.people.queries import Actor
from app.portal.blueprint import bp
from app.portal.import_page import AT, STATE_COLOURS, STATE_WORDS, WAY_WORDS, here, import_page

HERE = "/attendance/imports/<public_id>/"
MEGABYTES = MOST_BYTES // 1024**2
Act = Callable[..., None]


def own_school(actor: Actor) -> Actor:
    """What a new import belongs to."""
    return actor


@bp.get("/attendance/imports/")
@open_to(*WRITERS)
def imports() -> Response:
    """Newest first."""
    found = imports_of(g.actor, before=request.args.get("before", ""))
    return show(
        "portal/imports/list.html",
        rows=found[:PAGE],
        has_more=len(found) > PAGE,
        at=AT,
        states=STATE_WORDS,
        colours=STATE_COLOURS,
        ways=WAY_WORDS,
    )


@bp.get("/attendance/imports/new")
@needs(can_import, on=own_school)
def new_import(_: Actor) -> Response:
    return _new_page(OnceForm())


@bp.post("/attendance/imports/new")
@needs(can_import, on=own_school, sent=Sent.TABLE, keeping=keep_table)
def add_import(_: Actor) -> Response:
    """The worker reads it; nothing is kept of it before somebody has looked at what it changes."""
    form = OnceForm(request.form)
    is_valid, files = form.validate(), kept()
    if not taken():
        form.form_errors.append(NOTHING_CHOSEN)
    form.form_errors += refusals()
    if not is_valid or form.form_errors:
        return _new_page(form, status=422)
    brought = bring(files[0], scan=first_scan(), by=g.actor)
    return done("The file is being read. Nothing is kept before you say so.", f"{AT}{brought.public_id}/")


@bp.get(HERE)
@needs(can_import, on=import_for, log="import of half-day marks")
def one_import(found: Found) -> Response:
    """While the worker is at it the page asks again by itself, unlogged."""
    if is_part_request():
        g.view = None
    return import_page(found, OnceForm())


@bp.post(f"{HERE}keeping")
@needs(can_import, on=import_for)
def keep_marks(found: Found) -> Response:
    """Pressed twice, or by two at once, it is kept once."""
    return _carried_out(
        found, keep_import, "The marks are being kept. You can leave this page; it goes on without you."
    )


@bp.post(f"{HERE}leaving")
@needs(can_import, on=import_for)
def leave_marks(found: Found) -> Response:
    return _carried_out(found, leave_import, "Thrown away. No mark was changed.")


@bp.get(f"{HERE}undoing")
@needs(can_import, on=import_for)
def undoing_marks(found: Found) -> Response:
    if found.brought.state is not ImportState.KEPT:
        return elsewhere(here(found))
    return show("portal/imports/undoing.html", found=found, brought=found.brought, here=here(found), form=OnceForm())


@bp.post(f"{HERE}undoing")
@needs(can_import, on=import_for)
def undo_marks(found: Found) -> Response:
    return _carried_out(found, undo_import, "The import is being undone. That takes a moment.")


def _carried_out(found: Found, act: Act, said: str) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return import_page(found, form, status=409)
    try:
        act(found.brought.id, by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        return import_page(import_for(g.actor, found.brought.public_id) or found, form, status=409)
    return done(said, here(found))


def _new_page(form: OnceForm, *, status: int = 200) -> Response:
    return show("portal/imports/new.html", status=status, form=form, at=AT, megabytes=MEGABYTES)
