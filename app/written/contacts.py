"""The contacts of a case at the school: who they are, and somebody else (CASE-3)."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response

from app.cases.contacts.actions import add_secondary, change_primary, cover_contact, end_contact
from app.cases.contacts.policy import can_cover, can_name_contacts
from app.cases.contacts.queries import Contacts, asked_for_roles, contacts_of, who_can_be_named
from app.cases.contacts.rules import Whom
from app.cases.queries import CaseHead, case_for, safety_notes_for
from app.cases.rules import fault_of_cover
from app.core import clock
from app.core.db import AnyRow
from app.core.errors import Conflict, Refused
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.people.models import Kind, Role
from app.written.contact_forms import ELSE, CoverForm, WhoForm
from app.written.contact_words import said_of_primary, sees_nothing_yet
from app.written.places import case_address


@needs(can_name_contacts, on=case_for, log="contacts")
def contacts(head: CaseHead) -> Response:
    """Who they are; and the ways to somebody else."""
    return _show(head, "written/contacts.html", OnceForm(), contacts_of(head))


@needs(can_name_contacts, on=case_for, log="contacts")
def primary(head: CaseHead) -> Response:
    return _who(head, WhoForm(), is_primary=True)


@needs(can_name_contacts, on=case_for)
def set_primary(head: CaseHead) -> Response:
    form, known = WhoForm(request.form), contacts_of(head)
    whom = form.whom(who_can_be_named(g.actor, known))
    if whom is None:
        return _who(head, form, is_primary=True, status=422)
    whom, times = _of_themselves(whom, form.best_times.data, known)
    try:
        is_new = change_primary(head, whom, best_times=times, instead_of=form.has_now.data or "", by=g.actor)
    except (Conflict, Refused) as refused:
        form.form_errors.append(str(refused))
        return _who(head, form, is_primary=True, status=409)
    return done(said_of_primary(contacts_of(head).primary, known.primary, is_new=is_new), _next(head))


def _of_themselves(whom: Whom, times: str, known: Contacts) -> tuple[Whom, str]:
    """What the form said of the one before, and still says, is nobody else's: their phone, their times. Emptied by hand it
    is theirs no more."""
    was = known.primary
    if was and _is(was, whom):
        return replace(whom, phone=(whom.phone or "") if was.has_role else whom.phone), times
    phone = None if was and whom.phone == was.phone else whom.phone
    return replace(whom, phone=phone), "" if was and times == was.best_times else times


@needs(can_name_contacts, on=case_for, log="contacts")
def secondary(head: CaseHead) -> Response:
    """Another one; or one with the right name and address, in place of who was named by mistake (`instead`)."""
    return _who(head, WhoForm(), is_primary=False)


@needs(can_name_contacts, on=case_for)
def name_secondary(head: CaseHead) -> Response:
    form, known = WhoForm(request.form), contacts_of(head)
    whom = form.whom(who_can_be_named(g.actor, known))
    if whom is None:
        return _who(head, form, is_primary=False, status=422)
    is_new = add_secondary(head, whom, by=g.actor)
    now = next((row for row in contacts_of(head).rows if _is(row, whom)), None)
    wrong = next((row for row in _mendable(known) if row.public_id == form.has_now.data), None)
    if wrong and now and wrong.id != now.id:
        end_contact(head, wrong.id, by=g.actor)
    name = now.name if now else whom.name
    if not is_new:
        return done(f"{name} is a contact already.", _here(head))
    is_told = now and now.has_role
    return done(f"{name} is a contact now, and is told." if is_told else sees_nothing_yet(name), _here(head))


def _is(row: AnyRow, whom: Whom) -> bool:
    return bool(row.id == whom.person_id or row.email == whom.email.lower())


def _mendable(known: Contacts) -> list[AnyRow]:
    return [row for row in known.others if not row.has_role]


@needs(can_name_contacts, on=case_for)
def end(head: CaseHead) -> Response:
    """One who is a contact beside the first one, or stands in for one."""
    form, known = OnceForm(request.form), contacts_of(head)
    if not form.validate():
        return _show(head, "written/contacts.html", form, known, status=422)
    one = next((row for row in known.rows if row.public_id == request.form.get("contact")), None)
    if one and end_contact(head, one.id, by=g.actor):
        return done(f"{one.name} is no longer a contact beside the first one, and stands in no more.", _next(head))
    return done("They were no contact any more.", _here(head))


@needs(can_cover, on=case_for, log="contacts")
def cover(head: CaseHead) -> Response:
    return _cover(head, CoverForm())


@needs(can_cover, on=case_for)
def set_cover(head: CaseHead) -> Response:
    form = CoverForm(request.form)
    chosen = _colleagues(contacts_of(head)).get(form.contact.data or "")
    is_right, first, last = form.validate(), form.first.data, form.last.data
    if chosen is None:
        form.contact.errors = ["Choose somebody from the list"]
    elif is_right and first and last:
        if fault := fault_of_cover(first, last, clock.today()):
            form.last.errors = [fault]
            return _cover(head, form, status=422)
        return _covered(head, form, chosen[0], first, last)
    return _cover(head, form, status=422)


def _covered(head: CaseHead, form: CoverForm, person_id: int, first: date, last: date) -> Response:
    try:
        cover_contact(head, person_id, first, last, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _cover(head, form, status=409)
    return done("Cover is kept, and ends by itself. Whoever it concerns is told.", _here(head))


def _colleagues(known: Contacts) -> dict[str, tuple[int, str]]:
    """Who can stand in: not who sees nothing yet, and nobody for themselves."""
    unable = {row.public_id for row in known.rows if not row.has_role or row is known.primary}
    return {key: who for key, who in who_can_be_named(g.actor, known).items() if key not in unable}


def _who(head: CaseHead, form: WhoForm, *, is_primary: bool, status: int = 200) -> Response:
    known = contacts_of(head)
    able = {key: who for key, (_, who) in who_can_be_named(g.actor, known).items()}
    form.contact.choices = {"": ELSE} | able
    instead = known.primary if is_primary else _to_mend(known)
    if request.method == "GET" and instead:
        _fill(form, instead)
    form.has_now.data = instead.public_id if instead else ""
    return _show(head, "written/contact.html", form, known, status=status, is_primary=is_primary)


def _to_mend(known: Contacts) -> AnyRow | None:
    asked = request.form.get("has_now") if request.method == "POST" else request.args.get("instead")
    return next((row for row in _mendable(known) if row.public_id == asked), None)


def _fill(form: WhoForm, row: AnyRow) -> None:
    """As it is now; a name and an address that can be mended, where they have no role yet."""
    form.best_times.data = row.best_times
    if row.has_role:
        form.contact.data, form.phone.data = row.public_id, row.phone
    else:
        form.contact.data, form.name.data, form.email.data = "", row.name, row.email


def _cover(head: CaseHead, form: CoverForm, *, status: int = 200) -> Response:
    known = contacts_of(head)
    form.contact.choices = {"": "Choose somebody"} | {key: who for key, (_, who) in _colleagues(known).items()}
    return _show(head, "written/contact_cover.html", form, known, status=status)


def _next(head: CaseHead) -> str:
    """A contact who gave their own part away sees the case no more."""
    sees_it = g.actor.role is not Role.PRIMARY_CONTACT or case_for(g.actor, head.number)
    return _here(head) if sees_it else "/portal/cases/"


def _here(head: CaseHead) -> str:
    return f"{case_address(head)}contacts"


def _show(head: CaseHead, page: str, form: OnceForm, known: Contacts, *, status: int = 200, **more: Any) -> Response:
    is_service = g.actor.organisation_kind is Kind.SERVICE
    return show(
        page,
        status=status,
        case=head,
        header=f"{request.blueprint}/_case_header.html",
        safety_notes=safety_notes_for(g.actor, [head.case_id]).get(head.case_id, []) if is_service else [],
        form=form,
        contacts=known,
        back=case_address(head),
        here=_here(head),
        can_cover=can_cover(g.actor, head),
        asked=asked_for_roles(g.actor) or "the school",
        last_moment=timedelta(seconds=1),
        **more,
    )
