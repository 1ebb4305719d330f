"""A service in a school refers a case to the provider: everything is filled in, and one button sends it (CASE-11)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.policy import can_change
from app.core.web.answers import done
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.people.models import Role
from app.referrals.provisions.actions import refer_to_provider
from app.referrals.provisions.queries import Referable, referable_for, texts_for
from app.referrals.queries import contacts_of
from app.referrals.questions import by_section, in_words
from app.workspace.blueprint import bp
from app.workspace.case_pages import show_case


@bp.get("/cases/<number>/provider")
@needs(can_change, on=referable_for, log="request")
def provider(found: Referable) -> Response:
    """What will be sent."""
    return _page(found, OnceForm())


@bp.post("/cases/<number>/provider")
@needs(can_change, on=referable_for)
def refer(found: Referable) -> Response:
    form = OnceForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    case = refer_to_provider(found, by=g.actor)
    reads_on = found.head.manager_id == g.actor.person_id and g.actor.role is Role.CASE_MANAGER
    said = f"{found.provider.name} has the case now, and is told; so is the school’s contact."
    return done(said, f"/workspace/cases/{case.number}/" if reads_on else "/workspace/cases/")


def _page(found: Referable, form: OnceForm, *, status: int = 200) -> Response:
    texts = texts_for(found.head)
    contact = contacts_of(found.head.school_id).get(texts.get("primary_contact", ""))
    words = in_words({**texts, "primary_contact": contact or ""})
    return show_case(
        "workspace/provider.html",
        head=found.head,
        status=status,
        form=form,
        provider=found.provider,
        words=words,
        sections=by_section(words),
    )
