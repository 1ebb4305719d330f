"""Give somebody a role: a colleague who is known here, or somebody new by name and e-mail."""

from collections.abc import Mapping

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import EmailField, HiddenField, RadioField, StringField
from wtforms.validators import Length

from app.core.figures import office_support_reads
from app.core.reach import NO_EMAIL, fault_of_email
from app.core.text import fold, one_line
from app.core.web.answers import done, show
from app.core.web.forms import OnceForm, Required
from app.core.web.guards import open_to
from app.people.actions import add_person
from app.people.models import Person, Role
from app.people.queries import person_by_email
from app.people.role_requests.actions import ask_for_role, settle
from app.people.roles.actions import give_role
from app.people.roles.queries import colleague, second_for
from app.people.roles.rules import roles_at
from app.people.rules import LABELS, OFFICE_WRITES, SEES
from app.written.places import people_address


class GivingForm(OnceForm):
    """Who, and which role; `person` is the public id of somebody who is known here."""

    person = HiddenField(default="")
    name = StringField(
        "Name",
        filters=[one_line],
        validators=[Required("Write their name"), Length(max=160, message="A name has at most 160 characters")],
    )
    email = EmailField(
        "E-mail address",
        filters=[lambda text: (text or "").strip()],
        validators=[Required(NO_EMAIL), Length(max=254, message=NO_EMAIL)],
    )
    role = RadioField("Role", validators=[Required("Choose a role")], validate_choice=False)

    def choose_from(self, roles: tuple[Role, ...]) -> None:
        self.role.choices = [(role.value, LABELS[role].capitalize()) for role in roles]

    def is_right(self) -> bool:
        """With its choices known, and an address that a mail can go to."""
        is_right = self.validate()
        if not self.email.errors and fault_of_email(self.email.data or ""):
            self.email.errors = [NO_EMAIL]
        if not self.role.errors and self.role.data not in {value for value, _ in self.role.choices}:
            self.role.errors = ["Choose a role from the list"]
        return is_right and not self.email.errors and not self.role.errors


@open_to(Role.DELEGATED_AUTHORISER)
def new() -> Response:
    known = colleague(g.actor, request.args.get("person", ""))
    return _page(GivingForm(), known)


@open_to(Role.DELEGATED_AUTHORISER)
def give() -> Response:
    """They can sign in with it at once, and are told. An authoriser's own role waits for a second one, where there is."""
    known = colleague(g.actor, request.form.get("person", ""))
    form = GivingForm(request.form)
    if known:
        form.name.data, form.email.data = known.name, known.email
        form.name.validators = form.email.validators = []
    form.choose_from(roles_at(g.actor.organisation_kind))
    if not form.is_right():
        return _page(form, known, status=422)
    person = known or _person(form)
    role = Role(form.role.data)
    if second := second_for(g.actor, person.id, role):
        ask_for_role(person, g.actor.organisation_id, role, why="An authoriser’s own role", by=g.actor)
        return done(
            f"This role sees cases, so a second person gives it to you: {second}. They are told.", people_address()
        )
    is_new = give_role(person, role, by=g.actor) is not None
    settle(person, role, by=g.actor)
    typed = person.name if known else form.name.data or ""
    return done(_said(person, role, typed, is_new=is_new), people_address())


def _person(form: GivingForm) -> Person:
    """Whoever has this address; the name that they gave themselves stays."""
    email = form.email.data or ""
    return person_by_email(email) or add_person(name=form.name.data or "", email=email)


def _said(person: Person, role: Role, typed: str, *, is_new: bool) -> str:
    """With what they are called, where that is not what was typed: from now on it stands in the list of people. Before they hold
    a role here nobody learns by an address whose it is."""
    if not is_new:
        return f"{person.email} is {LABELS[role]} here already. Nothing changed, and nobody was told."
    said = f"{person.email} is {LABELS[role]} now, and is told. They sign in with the account that has this address."
    if fold(typed) == fold(person.name):
        return said
    return f"{said} The portal knows them as {person.name}; the name that you typed was not used."


def _page(form: GivingForm, known: Person | None, *, status: int = 200) -> Response:
    form.choose_from(roles_at(g.actor.organisation_kind))
    form.person.data = known.public_id if known else ""
    return show("written/role_new.html", status=status, form=form, known=known, hints=_hints(), here=people_address())


def _hints() -> Mapping[Role, str]:
    return SEES if office_support_reads() else {**SEES, Role.OFFICE_SUPPORT: OFFICE_WRITES}
