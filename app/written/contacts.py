"""The contacts of a case at the school: who they are, and somebody else (CASE-3)."""

from datetime import date, timedelta
from typing import Any

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, SelectField, StringField
from wtforms.validators import Length

from app.cases.contacts.actions import add_secondary, change_primary, cover_contact, end_contact
from app.cases.contacts.policy import can_cover, can_name_contacts
from app.cases.contacts.queries import Contacts, contacts_of, who_can_be_named
from app.cases.contacts.rules import LONGEST_TIMES, Whom, fault_of_cover
from app.cases.queries import CaseHead, case_for, safety_notes_for
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.reach import NO_EMAIL, fault_of_email
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs
from app.people.models import Kind
from app.written.places import case_address

ELSE = "Somebody else: write name and e-mail below"


class WhoForm(OnceForm):
    """Somebody who is known here, or a name and an e-mail address."""

    contact = SelectField("Who?", validate_choice=False)
    name = StringField(
        "Name",
        filters=[lambda text: " ".join((text or "").split())],
        validators=[Length(max=160, message="A name has at most 160 characters")],
    )
    email = EmailField("E-mail address", filters=[lambda text: (text or "").strip()])
    best_times = StringField(
        "Best times to reach them",
        filters=[lambda text: " ".join((text or "").split())],
        validators=[Length(max=LONGEST_TIMES, message=f"Say it in at most {LONGEST_TIMES} characters")],
    )
    has_now = HiddenField(default="")

    def whom(self, able: dict[str, tuple[int, str]]) -> Whom | None:
        """Whoever was chosen or written; nobody where that is not right."""
        is_right = self.validate()
        if chosen := able.get(self.contact.data or ""):
            return Whom(person_id=chosen[0]) if is_right else None
        if not self.name.data:
            self.name.errors = ["Choose somebody above, or write their name"]
        if not self.email.data or len(self.email.data) > 254 or fault_of_email(self.email.data):
            self.email.errors = [NO_EMAIL]
        is_right = is_right and not self.name.errors and not self.email.errors
        return Whom(name=self.name.data, email=self.email.data) if is_right else None


class CoverForm(OnceForm):
    """Who stands in, and from which day to which."""

    contact = SelectField("Who stands in?", validate_choice=False)
    first = DayField("First day", required="Say from which day")
    last = DayField("Last day", required="Say until which day")


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
    times, now = form.best_times.data, form.has_now.data or ""
    try:
        is_new = change_primary(head, whom, best_times=times, instead_of=now, by=g.actor)
    except (Conflict, Refused) as refused:
        form.form_errors.append(str(refused))
        return _who(head, form, is_primary=True, status=409)
    said = "The contact is kept. Whoever it concerns is told." if is_new else "Nothing changed, and nobody was told."
    return done(said, _here(head))


@needs(can_name_contacts, on=case_for, log="contacts")
def secondary(head: CaseHead) -> Response:
    return _who(head, WhoForm(), is_primary=False)


@needs(can_name_contacts, on=case_for)
def name_secondary(head: CaseHead) -> Response:
    form, known = WhoForm(request.form), contacts_of(head)
    whom = form.whom(who_can_be_named(g.actor, known))
    if whom is None:
        return _who(head, form, is_primary=False, status=422)
    try:
        is_new = add_secondary(head, whom, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _who(head, form, is_primary=False, status=409)
    return done("They are a contact now, and are told." if is_new else "They are a contact already.", _here(head))


@needs(can_name_contacts, on=case_for)
def end(head: CaseHead) -> Response:
    """One who is a contact beside the first one, or stands in for one."""
    form, known = OnceForm(request.form), contacts_of(head)
    if not form.validate():
        return _show(head, "written/contacts.html", form, known, status=422)
    person_id = next((row.id for row in known.rows if row.public_id == request.form.get("contact")), 0)
    is_new = bool(person_id) and end_contact(head, person_id, by=g.actor)
    return done("They are no contact any more." if is_new else "They were no contact any more.", _here(head))


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
    roleless = {row.public_id for row in known.rows if not row.has_role}
    return {key: who for key, who in who_can_be_named(g.actor, known).items() if key not in roleless}


def _who(head: CaseHead, form: WhoForm, *, is_primary: bool, status: int = 200) -> Response:
    known = contacts_of(head)
    able = {key: who for key, (_, who) in who_can_be_named(g.actor, known).items()}
    form.contact.choices = {"": ELSE} | able
    if is_primary and request.method == "GET" and known.primary:
        form.contact.data, form.best_times.data = known.primary.public_id, known.primary.best_times
    form.has_now.data = known.primary.public_id if known.primary else ""
    return _show(head, "written/contact.html", form, known, status=status, is_primary=is_primary)


def _cover(head: CaseHead, form: CoverForm, *, status: int = 200) -> Response:
    known = contacts_of(head)
    form.contact.choices = {"": "Choose somebody"} | {key: who for key, (_, who) in _colleagues(known).items()}
    return _show(head, "written/contact_cover.html", form, known, status=status)


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
        last_moment=timedelta(seconds=1),
        **more,
    )
