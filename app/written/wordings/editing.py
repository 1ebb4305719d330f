"""A text is edited, looked at beside its invented letters, and put to use (LET-9)."""

from collections.abc import Mapping
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.guards import needs
from app.letters.wordings.actions import save_text, use_text
from app.letters.wordings.checking import faults_of
from app.letters.wordings.comparing import compared
from app.letters.wordings.policy import can_change_texts
from app.letters.wordings.queries import TextHere, VersionHere, content_of, text_for, version_for
from app.written.wordings.forms import TextForm, WhyForm, faults, stepped, typed
from app.written.wordings.places import address_of, choices, lang_of, name_in_words, previews

OURS = "ours"
SAVED = "Saved. It is not in use yet: look at it, and put it to use."
LOOK, PAGES = "look", "pages"


@needs(can_change_texts, on=text_for)
def edit(found: TextHere) -> Response:
    """What stands there, or the version that was named, in boxes."""
    row = found.version(request.args.get("from", ""))
    begins = found.ours if request.args.get("from") == OURS else content_of(row) if row else found.newest
    return _editor(found, begins, _form(begins, found.mark))


@needs(can_change_texts, on=text_for)
def set_text(found: TextHere) -> Response:
    """Saved; or looked at, or a block of it moved: then nothing is kept, and nothing typed is lost."""
    form, content = TextForm(request.form), typed(request.form)
    if not form.validate():
        return _editor(found, content, form, status=422)
    if request.form.get("do", "save") not in {"save", LOOK, PAGES}:
        moved, at = stepped(content, request.form)
        return _editor(found, moved, form, at=at)
    if places := faults_of(content, found.purpose, found.language, clock.today()):
        return _editor(found, content, form, places=places, status=422)
    if request.form.get("do") == LOOK:
        return _editor(found, content, form, previews=previews(found, content))
    try:
        public_id = save_text(found, content, mark=form.mark.data or "", by=g.actor)
    except Conflict as conflict:
        return _both(found, content, form, str(conflict))
    on = "/pages" if request.form.get("do") == PAGES else ""
    return done(SAVED, f"{address_of(found)}versions/{public_id}{on}")


@needs(can_change_texts, on=version_for)
def version(found: VersionHere) -> Response:
    return _version(found, WhyForm())


@needs(can_change_texts, on=version_for)
def use(found: VersionHere) -> Response:
    form = WhyForm(request.form)
    if not form.validate():
        return _version(found, form, status=422)
    try:
        use_text(found, (form.why.data or "").strip(), by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        now = version_for(g.actor, found.text.purpose, found.text.at, found.text.language, found.row.public_id)
        return _version(now or found, form, status=409 if isinstance(why, Conflict) else 422)
    return done("In use. Letters that are asked for from now on are written with it.", address_of(found.text))


def _form(content: Mapping[str, Any], mark: str) -> TextForm:
    return TextForm(data={"title": content["title"], "heading": content["heading"], "mark": mark})


def _both(found: TextHere, content: Mapping[str, Any], form: TextForm, why: str) -> Response:
    """What somebody else wrote meanwhile, beside what was typed here: saved again, it goes on from theirs."""
    now = text_for(g.actor, found.purpose, found.at, found.language) or found
    theirs = compared(now.newest, content)
    form = _form(content, now.mark)
    form.form_errors = [why]
    return _editor(now, content, form, theirs=theirs, status=409)


def _editor(found: TextHere, content: Mapping[str, Any], form: TextForm, *, status: int = 200, **more: Any) -> Response:
    """`more`: `places` of faults, the block to go on with (`at`), `previews`, and the words of somebody else (`theirs`)."""
    places = more.get("places", {})
    values = {"at": 0, "theirs": (), "previews": [], **more, "places": places, "faults": faults(form, places)}
    return show(
        "written/wordings/edit.html",
        status=status,
        form=form,
        content=content,
        text=found,
        name=name_in_words(found),
        here=address_of(found),
        lang=lang_of(found),
        **values,
        **choices(found),
    )


def _version(found: VersionHere, form: WhyForm, *, status: int = 200) -> Response:
    text, row = found.text, found.row
    other = text.version(request.args.get("with", ""))
    against = other or (text.in_use if text.in_use and text.in_use.id != row.id else None)
    return show(
        "written/wordings/version.html",
        status=status,
        form=form,
        text=text,
        row=row,
        against=against,
        lines=compared(content_of(against) if against else text.ours, content_of(row)),
        previews=previews(text, content_of(row)),
        can_use=text.draft is not None and text.draft.id == row.id,
        name=name_in_words(text),
        here=address_of(text),
        lang=lang_of(text),
    )
