"""What is done with one letter, a service's or a school's, and what its pages answer (LET-6, L2, L7)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import g, request
from werkzeug.wrappers import Response

from app.core import clock
from app.core.errors import Conflict, Refused, Unseen
from app.core.web.answers import as_it_was, done, elsewhere
from app.core.web.downloads import send
from app.core.web.forms import OnceForm
from app.core.web.parts import is_part_request
from app.letters.actions import SentMeanwhile
from app.letters.by_email import may_go_by_email
from app.letters.emails.queries import by_email, is_leaving
from app.letters.models import Method
from app.letters.queries import wait_for
from app.letters.rules import CameBack, Sending, back_words, sending_of, version_of_sending
from app.written.letter_forms import BackForm, SendingForm, VoidingForm, counts
from app.written.meanwhile import Changed

MADE = "The letter is made, and kept as it is. Print it and send it; then say here how it was sent."
ON_ITS_WAY = "The letter is on its way. Once the mail server has taken it, it stands here as sent."
CALLED_OFF = "It does not go by e-mail. Print it and send it, or send it by e-mail again."
VOID = "The letter is void. It stays here with its reason, and can be written again."
BOUNCED = (
    "Recorded. The e-mail address is marked as not current: letters are printed until another one is written down."
)
Page = Callable[..., Response]
S = TypeVar("S", bound=SendingForm)
B = TypeVar("B", bound=BackForm)


def pdf_of(found: Any) -> Response:
    """The PDF as it is kept; a preview has none."""
    if found.letter.made_at is None:
        raise Unseen
    return send(found.record.StoredFile, inline="in-place" in request.args)


@dataclass(frozen=True)
class LetterPages:
    """The pages of one letter for an audience. What was found has the letter, its `record`, and what it is about (`head`)."""

    own: Page
    """The letter's own page, given what was found and a form."""
    form_page: Page
    """One of its forms, given the name of its page, what was found and the form."""
    here: Callable[[Any], str]
    find: Callable[[Any], Any]
    """The same letter as it stands now, for whoever asks."""

    def shown(self, found: Any) -> Response:
        """A preview that is not there yet is waited for a moment; then the page asks again by itself, unlogged."""
        is_poll, is_waiting = is_part_request(), found.letter.next_try_at is not None
        if is_poll:
            g.view = None
        if is_poll and (is_waiting or is_leaving(found.letter.id)):
            return as_it_was()
        if is_waiting:
            wait_for(found.letter.id)
        return self.own(self.anew(found) if is_waiting else found, OnceForm())

    def pressed(self, found: Any, act: Callable[..., object], said: str) -> Response:
        """A button of its own page: why nothing was done stands above it, with the letter as it is now."""
        form = OnceForm(request.form)
        if not form.validate():
            return self.own(found, form, status=422)
        try:
            act(found, by=g.actor)
        except (Conflict, Refused) as why:
            form.form_errors.append(str(why))
            return self.own(self.anew(found), form, status=409 if isinstance(why, Conflict) else 422)
        return done(said, self.here(found))

    def by_email(self, found: Any) -> Response:
        """To whom, from whom, and what the mail says; the letter's own page says why one cannot leave so (LET-7)."""
        now = by_email(found.letter)
        if not now.can_leave:
            return elsewhere(self.here(found))
        return self.form_page("email", found, OnceForm(), email=now)

    def sending(self, found: Any, form: type[SendingForm], **known: Any) -> Response:
        """What was recorded, to be corrected; else today."""
        letter = found.letter
        if not counts(letter):
            return elsewhere(self.here(found))
        known |= {"method": letter.method, "sent_on": letter.sent_on or clock.today(), "served_by": letter.served_by}
        known["version"] = version_of_sending(letter)
        return self._sending_page(found, form(data=known))

    def set_sending(self, found: Any, form: S, record: Callable[[Any, S, Any], object], said: str) -> Response:
        _offering(found, form)
        if not form.validate() or form.sent_on.data is None:
            return self._sending_page(found, form, status=422)
        sending = form.as_sending(form.sent_on.data)
        try:
            record(found, form, sending)
        except SentMeanwhile as why:
            return self._sent_meanwhile(found, form, sending, str(why))
        except Refused as refused:
            form.sent_on.errors = [refused.why]
            return self._sending_page(found, form, status=422)
        return done(said, self.here(found))

    def _sent_meanwhile(self, found: Any, form: SendingForm, sending: Sending, why: str) -> Response:
        """What stands there now, beside what was typed, which can be sent again."""
        now = self.anew(found)
        sent = sending_of(now.letter)
        form.form_errors.append(why)
        form.version.data = version_of_sending(now.letter)
        both = Changed("How it was sent", sent.words if sent else "Not sent", sending.words)
        return self._sending_page(now, form, status=409, meanwhile=[both], who=now.record.sent_by)

    def _sending_page(self, found: Any, form: SendingForm, **values: Any) -> Response:
        return self.form_page("sending", found, _offering(found, form), **{"meanwhile": (), "who": "", **values})

    def back(self, found: Any, form: type[BackForm]) -> Response:
        """What was recorded, to be corrected; else today."""
        letter = found.letter
        if not counts(letter) or letter.sent_on is None:
            return elsewhere(self.here(found))
        known = {"back": letter.back, "back_on": letter.back_on or clock.today(), "back_note": letter.back_note}
        return self.form_page("back", found, _naming(found, form(data=known)))

    def set_back(
        self, found: Any, form: B, record: Callable[[Any, B, Any], object], said: Callable[[CameBack], str]
    ) -> Response:
        """`said`: in words, of what came back."""
        _naming(found, form)
        if not form.validate() or form.back_on.data is None:
            return self.form_page("back", found, form, status=422)
        came = form.as_came_back(form.back_on.data)
        try:
            record(found, form, came)
        except Refused as refused:
            form.back_on.errors = [refused.why]
            return self.form_page("back", found, form, status=422)
        return done(said(came), self.here(found))

    def voiding(self, found: Any) -> Response:
        if not counts(found.letter):
            return elsewhere(self.here(found))
        return self.form_page("voiding", found, VoidingForm())

    def set_voiding(self, found: Any, void: Callable[..., object]) -> Response:
        form = VoidingForm(request.form)
        if not form.validate():
            return self.form_page("voiding", found, form, status=422)
        void(found, (form.why.data or "").strip(), by=g.actor)
        return done(VOID, self.here(found))

    def anew(self, found: Any) -> Any:
        now = self.find(found)
        if now is None:
            raise Unseen
        return now


def _offering(found: Any, form: S) -> S:
    """By e-mail too, where this letter may go so, or went so."""
    if found.letter.method is Method.EMAIL or may_go_by_email(found.letter):
        form.offer_email()
    return form


def _naming(found: Any, form: B) -> B:
    """What can come back of a letter that was sent so."""
    form.back.choices = dict(back_words(found.letter.method))
    return form
