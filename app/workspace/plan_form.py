"""The form of a plan: goals, and under each its actions, with room for more; shape only, what is wrong the rules say."""

from collections.abc import Iterator, Mapping
from typing import Any

from wtforms import BooleanField, Field, FieldList, FormField, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import AnyOf

from app.cases.plans.models import GoalState, ReviewOutcome
from app.cases.plans.rules import OUTCOME_WORDS, STATE_WORDS, ActionFacts, Fault, GoalFacts, PlanFacts, Review
from app.core.text import nfc, one_line
from app.core.web.forms import DayField, OnceForm

STATES = {state.value: words for state, words in STATE_WORDS.items()}
OUTCOMES = {outcome.value: words for outcome, words in OUTCOME_WORDS.items()}
MOST = 20
"""Goals of a plan, and actions of a goal."""


class ActionForm(OnceForm):
    text = StringField("What is done?")
    who = StringField("Who does it?")
    by_on = DayField("By when?")
    done_on = DayField("Done on")

    @property
    def is_empty(self) -> bool:
        return not any(
            (one_line(self.text.data), one_line(self.who.data), any(self.by_on.texts), any(self.done_on.texts))
        )

    def facts(self) -> ActionFacts:
        return ActionFacts(one_line(self.text.data), one_line(self.who.data), self.by_on.data, self.done_on.data)


class GoalForm(OnceForm):
    text = TextAreaField("What is aimed at?")
    state = RadioField("How far is it?", choices=STATES, default=GoalState.OPEN.value, validate_choice=False)
    actions = FieldList(FormField(ActionForm), min_entries=1, max_entries=MOST)

    @property
    def filled(self) -> list[ActionForm]:
        return [each.form for each in self.actions if not each.form.is_empty]

    def facts(self) -> GoalFacts:
        state = self.state.data
        actions = tuple(each.facts() for each in self.filled)
        text = nfc((self.text.data or "").strip())
        return GoalFacts(text, GoalState(state) if state in STATES else GoalState.OPEN, actions)


class PlanForm(OnceForm):
    """A whole version, and the number of the one that the page was loaded with."""

    goals = FieldList(FormField(GoalForm), min_entries=1, max_entries=MOST)
    agreed_with = StringField("With whom is it agreed?")
    not_agreed_why = TextAreaField("If it is not agreed, why not?")
    review_on = DayField("When is it reviewed next?")
    is_kept = BooleanField("Keep this plan from the school: for our service only")
    version = HiddenField(default="0")

    @property
    def was(self) -> int:
        """A spoilt number is none that there ever was."""
        text = self.version.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 6 else -1

    @property
    def filled(self) -> list[GoalForm]:
        return [each.form for each in self.goals if (each.form.text.data or "").strip() or each.form.filled]

    def facts(self) -> PlanFacts:
        goals = tuple(each.facts() for each in self.filled)
        why_not = nfc((self.not_agreed_why.data or "").strip())
        return PlanFacts(goals, one_line(self.agreed_with.data), why_not, self.review_on.data, not self.is_kept.data)

    def mend(self, faults: Mapping[Fault, str]) -> None:
        """Say beside each field what is wrong with it."""
        for place, fault in faults.items():
            field = self._field(place)
            field.errors = field.errors or [fault]

    def _field(self, place: Fault) -> Field:
        if len(place) == 1:
            return self[str(place[0])]
        goal_place = int(place[1])
        goal = self.filled[goal_place] if goal_place < len(self.filled) else self.goals[-1].form
        return goal.filled[int(place[3])][str(place[4])] if len(place) > 3 else goal[str(place[2])]

    def make_room(self) -> None:
        """For another goal, and another action of each."""
        for each in self.goals:
            if len(each.form.actions) < MOST and each.form.filled:
                each.form.actions.append_entry()
        if len(self.goals) < MOST and (self.filled or not len(self.goals)):
            self.goals.append_entry()

    @property
    def summary(self) -> "Summary":
        return Summary(self)


class ReviewForm(PlanForm):
    """The same, and what the review found."""

    outcome = RadioField(
        "How has it gone?",
        choices=OUTCOMES,
        validators=[AnyOf([*ReviewOutcome], message="Say how it has gone")],
        validate_choice=False,
    )
    note = TextAreaField("What was said?")

    def review(self) -> Review:
        return Review(ReviewOutcome(self.outcome.data), nfc((self.note.data or "").strip()))


class Summary:
    """A form with the fields of its goals and actions, for the list of what is to be mended."""

    def __init__(self, form: PlanForm) -> None:
        self.form_errors = form.form_errors
        self.form = form

    def __iter__(self) -> Iterator[Any]:
        for field in self.form:
            if field is not self.form.goals:
                yield field
        for goal in self.form.goals:
            yield from (goal.form.text, goal.form.state)
            for action in goal.form.actions:
                yield from action.form


def filled(facts: PlanFacts, *, version: int, kind: type[PlanForm] = PlanForm, **more: Any) -> PlanForm:
    """The form with what the plan says, and room for more."""
    goals = [
        {
            "text": goal.text,
            "state": goal.state.value,
            "actions": [vars(action) for action in goal.actions],
        }
        for goal in facts.goals
    ]
    said = {"agreed_with": facts.agreed_with, "not_agreed_why": facts.not_agreed_why, "review_on": facts.review_on}
    form = kind(data={"goals": goals, **said, "is_kept": not facts.is_shared, "version": str(version), **more})
    form.make_room()
    return form
