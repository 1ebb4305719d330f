"""The letterhead of a service, for its workflow leads, or of a school, for its attendance leads (LET-9)."""

from typing import Any

from flask import g, request
from werkzeug.exceptions import ServiceUnavailable
from werkzeug.wrappers import Response
from wtforms import BooleanField, EmailField, HiddenField, StringField, TelField, TextAreaField

from app.core.errors import Conflict
from app.core.files.keeping import keep_for_print
from app.core.files.store import Missing, StoreFailed
from app.core.files.stored import StoredFile
from app.core.pdf.press import PressFailed, Rendered
from app.core.text import filled_lines, one_line
from app.core.versions import version_of
from app.core.web.answers import done, show
from app.core.web.answers import kept as keep_open
from app.core.web.downloads import NO_STORE, picture, send, take_away
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.core.web.taken import kept, refusals
from app.core.web.writes import Sent
from app.letters.facts import lines
from app.letters.letterheads.actions import change_letterhead, change_logo, remove_logo
from app.letters.letterheads.colours import colour_of
from app.letters.letterheads.policy import can_change_letterhead
from app.letters.letterheads.queries import OwnLetterhead, letterhead_for, logo_for
from app.letters.letterheads.rules import FIELDS, LetterheadTexts, fault_of
from app.letters.letterheads.sample import sample_for
from app.letters.wording import Incomplete, WordingRefused
from app.people.models import Kind
from app.written.meanwhile import Texts

PAGE = "written/letterhead.html"


class LetterheadForm(OnceForm):
    """The texts of the letterhead, and which state of them the page was loaded with."""

    name_mi = StringField("Name in te reo Māori")
    address = TextAreaField("Address")
    phone = TelField("Phone")
    email = EmailField("E-mail")
    colour = StringField("Colour of lines and headings")
    removes_logo = BooleanField("Letters show no logo")
    version = HiddenField(default="")

    def texts(self) -> LetterheadTexts:
        kept = {field: one_line(self[field].data) for field in FIELDS}
        kept |= {"address": filled_lines(self.address.data), "colour": colour_of(self.colour.data or "")}
        return LetterheadTexts(**kept)


LABELS = {field: str(getattr(LetterheadForm, field).args[0]) for field in FIELDS}


@needs(can_change_letterhead, on=letterhead_for)
def letterhead(found: OwnLetterhead) -> Response:
    return show(PAGE, **_values(found, _filled(found.texts)))


@needs(can_change_letterhead, on=logo_for)
def letterhead_logo(logo: StoredFile) -> Response:
    return send(logo, inline=True)


@needs(can_change_letterhead, on=letterhead_for)
def letterhead_sample(found: OwnLetterhead) -> Response:
    """A letter as a PDF, with the letterhead as it is saved; people and facts in it are invented."""
    return take_away(_sample(found).pdf, "letterhead.pdf", "application/pdf")


@needs(can_change_letterhead, on=letterhead_for)
def letterhead_picture(found: OwnLetterhead) -> Response:
    """Its first page."""
    return picture(_sample(found).pictures[0].png)


@needs(can_change_letterhead, on=letterhead_for, sent=Sent.FILES, keeping=keep_for_print)
def set_letterhead(found: OwnLetterhead) -> Response:
    """A logo that came is taken whatever becomes of the texts: nobody chooses a file twice."""
    form = LetterheadForm(request.form)
    if not form.validate():
        return show(PAGE, status=422, **_values(found, form))
    has_logo = _take_logo(form)
    texts, version = form.texts(), form.version.data or ""
    form.form_errors += refusals()
    for field, fault in fault_of(texts).items():
        form[field].errors = [fault]
    if form.errors:
        return _refused(found, form, has_logo=has_logo)
    try:
        change_letterhead(texts, version=version, by=g.actor)
    except Conflict:
        return _both(found, texts, version, has_logo=has_logo)
    return done("Letterhead saved. Letters made from now on show it.", _here())


def _sample(found: OwnLetterhead) -> Rendered:
    try:
        return sample_for(g.actor, found, logo_for(g.actor))
    except (PressFailed, Incomplete, WordingRefused) as failure:
        raise ServiceUnavailable(str(failure)) from failure
    except (Missing, StoreFailed) as failure:
        raise ServiceUnavailable(NO_STORE) from failure


def _here() -> str:
    return f"/{request.blueprint}/settings/letterhead"


def _take_logo(form: LetterheadForm) -> bool:
    """Is there another logo now, or none any more?"""
    for logo in kept()[:1]:
        change_logo(logo, by=g.actor)
        return True
    return bool(form.removes_logo.data) and remove_logo(by=g.actor)


def _refused(found: OwnLetterhead, form: LetterheadForm, *, has_logo: bool) -> Response:
    """The texts are shown again; what became of the logo is kept."""
    if not has_logo:
        return show(PAGE, status=422, **_values(found, form))
    values = _values(letterhead_for(g.actor) or found, form, is_kept=True)
    return keep_open("", _here(), PAGE, is_all=False, **values)


def _both(found: OwnLetterhead, typed: LetterheadTexts, version: str, *, has_logo: bool) -> Response:
    """What another lead changed meanwhile, beside what was typed here."""
    now = letterhead_for(g.actor) or found
    texts = Texts(version, now.texts.texts, typed.texts)
    merged = LetterheadTexts(**texts.merged(now.texts.texts, typed.texts))
    form = _filled(merged, version=texts.next_version)
    values = {**_values(now, form, is_kept=has_logo), "meanwhile": texts.changed(LABELS)}
    if has_logo:
        return keep_open("", _here(), PAGE, is_all=False, **values)
    return show(PAGE, status=409, **values)


def _filled(texts: LetterheadTexts, *, version: str = "") -> LetterheadForm:
    return LetterheadForm(data={**texts.texts, "version": version or version_of(texts.texts)})


def _values(found: OwnLetterhead, form: LetterheadForm, *, is_kept: bool = False) -> dict[str, Any]:
    """For the page; plain, so that nothing is read after a commit."""
    return {
        "form": form,
        "head": found.row,
        "address": lines(found.texts.address),
        "meanwhile": [],
        "who": found.row.changed_by or "",
        "sample": version_of({**found.texts.texts, "logo": str(found.row.logo_id)}).replace(" ", ""),
        "is_logo_kept": is_kept,
        "here": _here(),
        "settings": "/workspace/settings/" if g.actor.organisation_kind is Kind.SERVICE else "/portal/",
    }
