"""“Nothing was lost. Send it now?”: what one typed after one's sign-in had ended, and on cases that one may not open now
(SHARE-9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.cases.meetings.undone import typed_in
from app.cases.unsent.queries import out_of_reach
from app.core import kept
from app.core.db import db
from app.core.errors import Unseen
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import open_to
from app.core.web.parts import own_path
from app.core.web.writes import Sent
from app.everyone.blueprint import bp
from app.everyone.typed_words import Said, form_words, said
from app.people.queries import Actor
from app.people.rules import same_page

NOT_SENT_AGAIN = frozenset({"csrf_token", "once", "kept"})


@dataclass(frozen=True)
class Offer:
    """One form: what it was, what was typed, and where it goes when it is sent."""

    public_id: str
    what: str
    at: datetime
    until: datetime
    elsewhere: str = ""
    said: tuple[Said, ...] = ()
    files: tuple[str, ...] = ()
    action: str = ""
    button: str = ""
    once: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    page: str = ""
    is_readable: bool = True


@dataclass(frozen=True)
class Begun:
    """What was typed on a case that its writer may not open now: nothing can be sent of it, but it can be copied."""

    number: str
    at: datetime
    said: Sequence[Said]


def instead(actor: Actor, path: str) -> tuple[str, str] | None:
    """To whoever comes to a page that is not theirs: what they have instead; on a case that they may not open, what they had
    typed there, if anything. Words and address."""
    return same_page(actor, path) or _begun_there(actor, path)


def _begun_there(actor: Actor, path: str) -> tuple[str, str] | None:
    _, page, number, *_ = [*path.strip("/").split("/"), "", "", ""]
    left = out_of_reach(actor, number) if page == "cases" and number else []
    return ("What you had typed there and did not send", "/kept/") if left else None


@bp.get("/kept/")
@open_to()
def kept_forms() -> Response:
    """Only one's own, and their text only while one works for the organisation it was typed for."""
    return _page(OnceForm())


@bp.post("/kept/<public_id>/thrown-away")
@open_to()
def throw_away(public_id: str) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(form, status=422)
    if not kept.drop(g.actor.person_id, public_id=public_id):
        raise Unseen
    return done("Thrown away. Nothing was sent.", own_path(request.form.get("page", "")) or g.actor.home)


def _page(form: OnceForm, *, status: int = 200) -> Response:
    if status != 200:
        db.session.rollback()
    secret = current_app.extensions["settings"].secret_key
    offers = [_offer(found) for found in kept.kept_for(g.actor.person_id, secret=secret)]
    wanted = own_path(request.args.get("next", ""))
    return show(
        "everyone/kept.html",
        status=status,
        form=form,
        offers=offers,
        begun=_begun(),
        go_on=wanted or g.actor.home,
    )


def _offer(found: kept.Kept) -> Offer:
    typed = found.typed
    if typed is None:
        return Offer(found.public_id, "Something you sent", found.at, found.until, is_readable=False)
    if typed.organisation_id != g.actor.organisation_id:
        return Offer(found.public_id, "Something you sent", found.at, found.until, elsewhere=typed.organisation)
    endpoint, arguments = _view_of(found.path)
    return Offer(
        found.public_id,
        form_words(endpoint, arguments),
        found.at,
        found.until,
        said=tuple(said(typed.fields)),
        files=typed.files,
        action=(found.path + (f"?{typed.query}" if typed.query else "")) if endpoint else "",
        button="Save it now" if _repeats(endpoint) else "Send it now",
        once=dict(typed.fields).get("once", ""),
        fields=tuple(field for field in typed.fields if field[0] not in NOT_SENT_AGAIN),
        page=typed.page,
    )


def _begun() -> list[Begun]:
    found = [Begun(left.number, left.at, said(typed_in(g.actor, left))) for left in out_of_reach(g.actor)]
    return [each for each in found if each.said]


def _view_of(path: str) -> tuple[str, dict[str, str]]:
    """The view that takes it; none where there is no such address any more."""
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, arguments = adapter.match(path, method="POST") if adapter else ("", {})
    except HTTPException:
        return "", {}
    return endpoint, dict(arguments)


def _repeats(endpoint: str) -> bool:
    return getattr(current_app.view_functions.get(endpoint), "sent", Sent.ONCE) is Sent.REPEATS
