"""The draft of a request: filled in, kept as it is typed, and saved as often as one likes."""

from flask import g, request
from werkzeug.wrappers import Response

from app.core.errors import Conflict
from app.core.web.answers import done, elsewhere, kept, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.parts import is_part_request
from app.core.web.taken import not_put_anywhere
from app.core.web.writes import Sent
from app.portal.blueprint import bp
from app.portal.draft_ends import discarded_page
from app.portal.draft_files import put_with
from app.portal.draft_page import known_now, part_of, values_of
from app.portal.referral_form import MORE_ROWS, DraftForm, kept_form, typed_form, with_kept
from app.referrals import policy
from app.referrals.drafts.actions import leave
from app.referrals.models import State
from app.referrals.present_contact import FIELDS as CONTACT
from app.referrals.queries import Request, held_request_for, kept_request_for, sent_request
from app.referrals.questions import ACTION_ROWS, FIELDS
from app.referrals.rules import rows_used
from app.referrals.saving import Clash, save_draft

PAGE, PART = "portal/draft.html", "portal/_saved.html"
SAVED, REST_SAVED = "Draft saved.", "Everything else is saved."
GIVEN = "Saved. It is with the contact you named, and with your leads, now."
GIVEN_AWAY = "Not saved yet. Press Save draft to leave the request to this person: you will not see it after that"


@bp.get("/referrals/<public_id>/")
@needs(policy.can_edit, on=kept_request_for)
def draft(found: Request) -> Response:
    """The form. Once sent, the page about what was sent; once discarded, the way to bring it back."""
    if found.referral.state is not State.DRAFT:
        return elsewhere(f"/portal/referrals/{found.referral.public_id}/submitted")
    if found.referral.discarded_at:
        return discarded_page(found, OnceForm())
    texts, loaded = with_kept(found, g.actor.person_id)
    form = kept_form(found, texts, rows=request.args.get("rows", 0, int))
    return show(PAGE, **values_of(found, form, loaded=loaded))


@bp.post("/referrals/<public_id>/")
@needs(policy.can_edit, on=held_request_for, sent=Sent.FILES)
def save(found: Request) -> Response:
    return saved(found, SAVED, _address(found))


@bp.post("/referrals/<public_id>/check")
@needs(policy.can_edit, on=held_request_for, sent=Sent.FILES)
def save_and_check(found: Request) -> Response:
    return saved(found, "", f"{_address(found)}check")


@bp.post("/referrals/<public_id>/rows")
@needs(policy.can_edit, on=held_request_for, sent=Sent.FILES)
def save_and_more_rows(found: Request) -> Response:
    """What was typed is saved, and the form comes back with room for more of what the school has done."""
    rows = rows_used(request.form.keys())
    return saved(found, "", f"{_address(found)}?rows={rows + MORE_ROWS}#action_{min(rows + 1, ACTION_ROWS)}")


@bp.post("/referrals/<public_id>/list")
@needs(policy.can_edit, on=held_request_for, sent=Sent.FILES)
def save_and_bring_list(found: Request) -> Response:
    """What was typed is saved, and the page follows on which the school's own list is pasted or uploaded."""
    return saved(found, "", f"{_address(found)}actions")


@bp.post("/referrals/<public_id>/leaving")
@needs(policy.can_edit, on=held_request_for)
def leave_draft(found: Request) -> Response:
    """Begun by mistake, or only to look: it goes. Where something was typed since, that is asked once more."""
    if not leave(found, by=g.actor):
        return elsewhere(f"{_address(found)}discard")
    return done("The draft was not kept.", "/portal/referrals/new")


@bp.post("/referrals/<public_id>/fields")
@needs(policy.can_edit, on=held_request_for, sent=Sent.REPEATS)
def save_fields(found: Request) -> Response:
    """What was typed so far, sent by the page itself (REQ-4). Nobody types themselves out of the page: who would not
    see the draft any more is asked to press the button."""
    form = typed_form(request.form)
    texts = form.touched()
    if _is_given_away(found, texts.get("primary_contact")):
        del texts["primary_contact"]
        form.primary_contact.errors = [GIVEN_AWAY]
    try:
        clashes = save_draft(found, texts, page=form.as_page(), by=g.actor)
    except Conflict as conflict:
        return _ended_meanwhile(found, form, conflict)
    clashing = {clash.field for clash in clashes}
    loaded = form.loaded_after(found.answers, {*texts, *form.theirs()} - clashing)
    gather = part_of if is_part_request() else values_of
    values = gather(found, form, loaded=loaded, is_saved=True)
    if not CONTACT.isdisjoint(texts):
        values |= known_now(found, form.texts(), form.primary_contact.choices)
    return kept(SAVED, _address(found), PAGE, PART, is_all=not clashes, **values)


def saved(found: Request, message: str, url: str) -> Response:
    """The whole form with its files; where another page changed a field too, or a file was refused, the rest is saved and
    the page says so."""
    form = typed_form(request.form)
    if not form.validate():
        return show(PAGE, status=422, **values_of(found, form, loaded=form.as_loaded()))
    texts = form.touched()
    try:
        clashes = _save_contact_last(found, form, texts)
        _, not_added = put_with(found)
    except Conflict as conflict:
        return _ended_meanwhile(found, form, conflict)
    is_given = _is_given_away(found, found.texts.get("primary_contact"))
    if is_given:
        message, url = " ".join([GIVEN, *not_added]), "/portal/referrals/"
    is_all = not clashes and (is_given or not not_added)
    loaded = form.loaded_after(found.answers, {*texts, *form.theirs()} - {clash.field for clash in clashes})
    if not_added:
        form.files.errors = [" ".join([*not_added, *_said_beside(message, clashes)])]
    values = {} if is_all else values_of(found, form, loaded=loaded, is_saved=True) | {"why_not": not_added}
    return kept(message, url, PAGE, is_all=is_all, **values)


def _said_beside(message: str, clashes: list[Clash]) -> list[str]:
    """With what was refused: what else was done."""
    done_too = [] if message in {"", SAVED} else [message]
    return done_too if clashes else [*done_too, REST_SAVED]


def _save_contact_last(found: Request, form: DraftForm, texts: dict[str, str]) -> list[Clash]:
    """Whoever gives the draft away by naming somebody else chooses first what else is to be chosen."""
    contact = texts.get("primary_contact")
    is_last = _is_given_away(found, contact)
    others = {field: text for field, text in texts.items() if not (is_last and field == "primary_contact")}
    clashes = save_draft(found, others, page=form.as_page(), by=g.actor)
    if is_last and not clashes:
        return save_draft(found, {"primary_contact": contact or ""}, page=form.as_page(), by=g.actor)
    return clashes


def _is_given_away(found: Request, contact: str | None) -> bool:
    """Does the writer see the draft only while it names them, and it names somebody else now?"""
    return contact not in {None, g.actor.public_id} and policy.needs_to_be_named(g.actor, found.referral)


def _ended_meanwhile(found: Request, form: DraftForm, conflict: Conflict) -> Response:
    """A colleague sent or discarded it: what was typed since stands there to be copied, and the way to the case."""
    typed = {FIELDS[field].label: text for field, text in form.touched().items()}
    sent = sent_request(g.actor, found.referral.id)
    page, part = "portal/sent_meanwhile.html", "portal/_sent_meanwhile.html"
    return show(
        page,
        part,
        status=409,
        typed=typed,
        files=not_put_anywhere(),
        sent=sent,
        why=str(conflict),
        heading=conflict.heading,
    )


def _address(found: Request) -> str:
    return f"/portal/referrals/{found.referral.public_id}/"
