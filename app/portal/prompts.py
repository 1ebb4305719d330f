"""What marks ask of the school, and its answers (ATT-3, T5)."""

from flask import g, request
from werkzeug.wrappers import Response
from wtforms import HiddenField, RadioField, StringField

from app.attendance.prompts.actions import answer_prompt
from app.attendance.prompts.listing import PAGE, counts_for, place_of, prompts_for
from app.attendance.prompts.policy import ANSWERERS, can_answer
from app.attendance.prompts.queries import PromptOfStudent, answers_about, prompt_for
from app.attendance.prompts.rules import (
    ASK_WORDS,
    TO_DO,
    AnswerFacts,
    Ask,
    Asks,
    answers_to,
    fault_of,
    words_of_answer,
)
from app.core import clock
from app.core.errors import Conflict, Refused
from app.core.seen import View
from app.core.text import one_line
from app.core.web.answers import done, show
from app.core.web.forms import DayField, OnceForm
from app.core.web.guards import needs, open_to
from app.portal.blueprint import bp

HERE = "/portal/attendance/prompts/"


class AnswerForm(OnceForm):
    """One of the answers that a prompt may have, and what it asks for; and which answer the page showed."""

    answer = RadioField("Your answer", validate_choice=False)
    return_on = DayField("When are they said to be back?")
    done_on = DayField("When was ENROL told?")
    note = StringField("In a line: why, or what it is")
    version = HiddenField(default="")

    def facts(self) -> AnswerFacts:
        return AnswerFacts(self.answer.data or "", self.return_on.data, self.done_on.data, one_line(self.note.data))


@bp.get("/attendance/prompts/")
@open_to(*ANSWERERS)
def prompts() -> Response:
    """Of one kind or tutor, where that is asked."""
    ask, tutor = (request.args.get(name, "") for name in ("ask", "tutor"))
    counts = counts_for(g.actor)
    rows = prompts_for(g.actor, ask=ask, tutor=tutor, after=request.args.get("after", ""))
    g.view = View("what marks ask", None)
    return show(
        "portal/prompts.html",
        rows=rows[:PAGE],
        more_after=place_of(rows[PAGE - 1]) if len(rows) > PAGE else "",
        counts={ask: sum(number for (of, _), number in counts.items() if of == ask) for ask in Ask},
        tutors=sorted({tutor for _, tutor in counts if tutor}),
        words=ASK_WORDS,
        to_do=TO_DO,
        ask=ask,
        tutor=tutor,
    )


@bp.get("/attendance/prompts/<public_id>")
@needs(can_answer, on=prompt_for, log="what marks ask of a student")
def prompt(found: PromptOfStudent) -> Response:
    return _page(found, AnswerForm(data={"version": found.version}))


@bp.post("/attendance/prompts/<public_id>")
@needs(can_answer, on=prompt_for)
def answer(found: PromptOfStudent) -> Response:
    form = AnswerForm(request.form)
    is_valid = form.validate()
    form.mend(fault_of(form.facts(), found.kind, clock.today()))
    if not is_valid or form.errors:
        return _page(found, form, status=422)
    try:
        answer_prompt(found, form.facts(), version=form.version.data or "", by=g.actor)
    except (Conflict, Refused) as why:
        form.form_errors.append(str(why))
        form.version.data = found.version
        return _page(found, form, status=409 if isinstance(why, Conflict) else 422)
    return done("Your answer is kept.", HERE)


def _page(found: PromptOfStudent, form: AnswerForm, *, status: int = 200) -> Response:
    answers = answers_to(found.kind, clock.today())
    form.answer.choices = [(each.code, each.words) for each in answers.values()]
    return show(
        "portal/prompt.html",
        status=status,
        found=found,
        form=form,
        asks={each.asks for each in answers.values()},
        Asks=Asks,
        former=answers_about(found.id),
        words=ASK_WORDS,
        to_do=TO_DO,
        words_of_answer=words_of_answer,
    )
