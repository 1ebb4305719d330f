"""The texts of an organisation's letters, and one of them with its history."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import SelectField

from app.core.db import AnyRow
from app.core.errors import Refused, Unseen
from app.core.web.answers import done, elsewhere, show
from app.core.web.forms import OnceForm
from app.core.web.guards import needs
from app.letters.ladders import Step
from app.letters.languages import ENGLISH, name_of, names
from app.letters.purposes import Purpose
from app.letters.versions.queries import present_of
from app.letters.wordings.actions import end_text
from app.letters.wordings.policy import PURPOSES_OF, can_change_texts
from app.letters.wordings.queries import TextHere, text_for, texts_for
from app.written.wordings.places import (
    PURPOSE_WORDS,
    address_of,
    lang_of,
    name_in_words,
    previews,
    texts_address,
)

EARLIER = "On an earlier ladder, that cases may still go by"


class LanguageForm(OnceForm):
    """Which letter is to be written in which other language."""

    letter = SelectField("Which letter?", validate_choice=False)
    language = SelectField("In which language?", validate_choice=False)


@dataclass(frozen=True)
class Listed:
    """One letter in one language: what is in use, and whether something newer waits."""

    step: Step
    language: str
    rows: Sequence[AnyRow]
    at: str

    @property
    def in_use(self) -> AnyRow | None:
        return next((row for row in self.rows if row.used_at and not row.ended_at), None)

    @property
    def draft(self) -> AnyRow | None:
        return self.rows[0] if self.rows and not self.rows[0].used_at else None

    @property
    def address(self) -> str:
        return f"{texts_address()}{self.step.purpose}/{self.at}/{self.language}/"


@needs(can_change_texts, on=texts_for)
def texts(rows: Sequence[AnyRow]) -> Response:
    """Letter by letter, each in its languages."""
    listed = _listed(rows)
    form = LanguageForm()
    choices = {
        f"{each.step.purpose}-{each.at}": f"{PURPOSE_WORDS[each.step.purpose]} {each.step.number}: {each.step.name}"
        for of_purpose in listed.values()
        for each in of_purpose
    }
    form.letter.choices = list(choices.items())
    form.language.choices = [(tag, name) for tag, name in names().items() if tag != ENGLISH]
    return show("written/wordings/list.html", listed=listed, words=PURPOSE_WORDS, name_of=name_of, form=form)


@needs(can_change_texts, on=texts_for)
def new(_: Sequence[AnyRow]) -> Response:
    """On to the text of that letter in that language, whatever there is of it."""
    purpose, _between, step = request.args.get("letter", "").partition("-")
    found = text_for(g.actor, purpose, step, request.args.get("language", ""))
    if found is None:
        raise Unseen
    return elsewhere(f"{address_of(found)}edit")


@needs(can_change_texts, on=text_for)
def text(found: TextHere) -> Response:
    return _page(found, OnceForm())


@needs(can_change_texts, on=text_for)
def end(found: TextHere) -> Response:
    """Back to ours; in another language, to letters in English."""
    form = OnceForm(request.form)
    if not form.validate():
        return _page(found, form, status=422)
    try:
        end_text(found, by=g.actor)
    except Refused as refused:
        form.form_errors.append(refused.why)
        return _page(found, form, status=422)
    return done("Out of use. Letters that are asked for from now on are written without it.", address_of(found))


def _page(found: TextHere, form: OnceForm, *, status: int = 200) -> Response:
    return show(
        "written/wordings/text.html",
        status=status,
        form=form,
        text=found,
        name=name_in_words(found),
        here=address_of(found),
        all_texts=texts_address(),
        previews=previews(found, found.now),
        lang=lang_of(found),
        is_english=found.language == ENGLISH,
    )


def _listed(rows: Sequence[AnyRow]) -> Mapping[Purpose, list[Listed]]:
    found = {}
    for purpose in PURPOSES_OF.get(g.actor.organisation_kind, ()):
        steps = present_of(g.actor.organisation_id, purpose).steps
        found[purpose] = [each for step in steps for each in _in_languages(step, rows)]
        found[purpose] += _of_earlier(purpose, {(step.number, step.is_formal) for step in steps}, rows)
    return found


def _of_earlier(purpose: Purpose, now: Collection[tuple[int, bool]], rows: Sequence[AnyRow]) -> list[Listed]:
    """Texts in use for letters that are not on the ladder of today."""
    in_use = [row for row in rows if row.purpose == purpose and row.used_at and not row.ended_at]
    others = sorted({(row.step, row.is_formal, row.language) for row in in_use if (row.step, row.is_formal) not in now})
    return [
        Listed(
            Step(purpose, number, EARLIER, 0, is_formal),
            language,
            [row for row in rows if (row.purpose, row.step, row.is_formal, row.language) == (purpose, *key)],
            f"{number}-{'formal' if is_formal else 'other'}",
        )
        for key in others
        for number, is_formal, language in (key,)
    ]


def _in_languages(step: Step, rows: Sequence[AnyRow]) -> list[Listed]:
    """English first, then the others that somebody has written."""
    which = (step.purpose, step.number, step.is_formal)
    mine = [row for row in rows if (row.purpose, row.step, row.is_formal) == which]
    others = sorted({row.language for row in mine} - {ENGLISH})
    at = str(step.number)
    return [Listed(step, tag, [row for row in mine if row.language == tag], at) for tag in (ENGLISH, *others)]
