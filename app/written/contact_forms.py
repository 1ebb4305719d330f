"""What is asked of a contact, and of whoever stands in for one (CASE-3)."""

from wtforms import EmailField, HiddenField, SelectField, StringField, TelField
from wtforms.validators import Length

from app.cases.contacts.rules import LONGEST_PHONE, LONGEST_TIMES, Whom
from app.core.reach import NO_EMAIL, NO_PHONE, fault_of_email, fault_of_phone
from app.core.text import one_line
from app.core.web.forms import DayField, OnceForm

ELSE = "Somebody else: write name and e-mail below"
Able = dict[str, tuple[int, str]]


class WhoForm(OnceForm):
    """Somebody who is known here, or a name and an e-mail address."""

    contact = SelectField("Who?", validate_choice=False)
    name = StringField(
        "Name",
        filters=[one_line],
        validators=[Length(max=160, message="A name has at most 160 characters")],
    )
    email = EmailField("E-mail address", filters=[lambda text: (text or "").strip()])
    phone = TelField(
        "Their phone at the school",
        filters=[one_line],
        validators=[Length(max=LONGEST_PHONE, message=NO_PHONE)],
    )
    best_times = StringField(
        "Best times to reach them",
        filters=[one_line],
        validators=[Length(max=LONGEST_TIMES, message=f"Say it in at most {LONGEST_TIMES} characters")],
    )
    has_now = HiddenField(default="")
    """Who it is now; of an other contact whose name or address is mended, which one."""

    def whom(self, able: Able) -> Whom | None:
        """Whoever was chosen or written; nobody where that is not right."""
        is_right = self.validate()
        if not self.phone.errors and fault_of_phone(self.phone.data):
            self.phone.errors = [NO_PHONE]
        chosen = able.get(self.contact.data or "")
        whom = self._chosen(chosen) if chosen else self._written()
        return whom if is_right and not self.errors else None

    def _chosen(self, chosen: tuple[int, str]) -> Whom:
        name = chosen[1].partition(" (")[0]
        if self.name.data or self.email.data:
            self.contact.errors = [f"You chose {name} and also wrote another name. Choose one."]
        return Whom(person_id=chosen[0], name=name, phone=self.phone.data or None)

    def _written(self) -> Whom:
        if not self.name.data:
            self.name.errors = ["Choose somebody above, or write their name"]
        if len(self.email.data) > 254 or not self.email.data or fault_of_email(self.email.data):
            self.email.errors = [NO_EMAIL]
        return Whom(name=self.name.data, email=self.email.data, phone=self.phone.data or None)


class CoverForm(OnceForm):
    """Who stands in, and from which day to which."""

    contact = SelectField("Who stands in?", validate_choice=False)
    first = DayField("First day", required="Say from which day")
    last = DayField("Last day", required="Say until which day")
