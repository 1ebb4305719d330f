"""What a plan may say (CASE-16), and how what two people changed at once comes together, without asking the database."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from app.cases.plans.models import GoalState, ReviewOutcome
from app.core import clock

T = TypeVar("T")
OUTCOME_WORDS = {
    ReviewOutcome.BETTER: "Better",
    ReviewOutcome.SAME: "The same",
    ReviewOutcome.NOT_SUSTAINED: "Better for a while, then not",
    ReviewOutcome.MORE_COMPLEX: "More complex than we knew",
}
STATE_WORDS = {GoalState.OPEN: "Open", GoalState.REACHED: "Reached", GoalState.DROPPED: "Dropped"}
LONGEST, LONGEST_WHO, LONGEST_AGREED = 2_000, 160, 300
MOST_MONTHS = 12
STAYS = "A goal stays: choose “Dropped” where it is given up"
Fault = tuple[str | int, ...]
"""Where it is: a field, or the place of a goal (and of an action in it) and a field of that."""


@dataclass(frozen=True)
class ActionFacts:
    """What somebody does towards a goal."""

    text: str
    who: str = ""
    by_on: date | None = None
    done_on: date | None = None

    def __str__(self) -> str:
        said = [self.text, self.who, f"by {_day(self.by_on)}" if self.by_on else ""]
        done = f"done {_day(self.done_on)}" if self.done_on else ""
        return ", ".join(part for part in (*said, done) if part)


@dataclass(frozen=True)
class GoalFacts:
    """What is aimed at, how far it is, and what is done for it."""

    text: str
    state: GoalState = GoalState.OPEN
    actions: tuple[ActionFacts, ...] = ()

    def __str__(self) -> str:
        lines = [f"{self.text} ({STATE_WORDS[self.state].lower()})", *(f"– {action}" for action in self.actions)]
        return "\n".join(lines)


@dataclass(frozen=True)
class PlanFacts:
    """A plan as it stands whole in one version."""

    goals: tuple[GoalFacts, ...] = ()
    agreed_with: str = ""
    not_agreed_why: str = ""
    review_on: date | None = None
    is_shared: bool = True

    @property
    def is_recorded(self) -> bool:
        """One goal and one action: then a plan counts as recorded."""
        return any(goal.actions for goal in self.goals)

    @property
    def texts(self) -> dict[str, str]:
        """Each part in words, by what it is called."""
        return {
            **{f"Goal {number}": str(goal) for number, goal in enumerate(self.goals, 1)},
            "Agreed with": self.agreed_with,
            "Not agreed, because": self.not_agreed_why,
            "Next review": _day(self.review_on),
            "Shared with the school": "Yes" if self.is_shared else "No",
        }

    def due_next(self) -> list[tuple[date | None, ActionFacts]]:
        """What is not done yet, of goals that are open, by its day; what has none comes last."""
        open_goals = (goal for goal in self.goals if goal.state is GoalState.OPEN)
        left = [(action.by_on, action) for goal in open_goals for action in goal.actions if not action.done_on]
        return sorted(left, key=lambda each: (each[0] is None, each[0] or date.max))


@dataclass(frozen=True)
class Review:
    """What a review found."""

    outcome: ReviewOutcome
    note: str


def differences(was: PlanFacts, now: PlanFacts) -> list[tuple[str, str, str]]:
    """What it is called, what it said, what it says: of every part that says something else."""
    before, after = was.texts, now.texts
    names = [*after, *(name for name in before if name not in after)]
    return [
        (name, before.get(name, ""), after.get(name, ""))
        for name in names
        if before.get(name, "") != after.get(name, "")
    ]


def fault_of(told: PlanFacts, today: date, *, was: PlanFacts | None, is_review: bool = False) -> dict[Fault, str]:
    """What is wrong with it: place → what to do. `was`: the version in force."""
    is_old = was is not None and told.review_on == was.review_on and not is_review
    demands: dict[Fault, str] = {
        ("agreed_with",): _fault_of_agreement(told),
        ("not_agreed_why",): _too_long(told.not_agreed_why, LONGEST),
        ("review_on",): "" if is_old else _fault_of_day(told.review_on, today),
        **dict(_faults_of_goals(told, today)),
    }
    if was:
        lost = range(len(told.goals), len(was.goals))
        demands |= {("goals", place, "text"): STAYS for place in lost}
    elif not told.goals:
        demands["goals", 0, "text"] = "Write the first goal"
    return {place: fault for place, fault in demands.items() if fault}


def merged(base: PlanFacts, now: PlanFacts, typed: PlanFacts) -> PlanFacts:
    """What a page goes on with that was loaded with `base`: what was typed on it, and of the rest what stands there `now`."""
    goals = _together(base.goals, now.goals, typed.goals)
    return PlanFacts(
        tuple(goals),
        _chosen(base.agreed_with, now.agreed_with, typed.agreed_with),
        _chosen(base.not_agreed_why, now.not_agreed_why, typed.not_agreed_why),
        _chosen(base.review_on, now.review_on, typed.review_on),
        _chosen(base.is_shared, now.is_shared, typed.is_shared),
    )


def _together(
    base: tuple[GoalFacts, ...], now: tuple[GoalFacts, ...], typed: tuple[GoalFacts, ...]
) -> Iterator[GoalFacts]:
    """Goals only ever come to be, so each has its place; those that both added stand one after another."""
    both = zip(base, now, typed, strict=False)
    yield from (_goal(*three) for three in both)
    yield from now[len(base) :]
    yield from (goal for goal in typed[len(base) :] if goal not in now[len(base) :])


def _goal(base: GoalFacts, now: GoalFacts, typed: GoalFacts) -> GoalFacts:
    """Action by action where none was taken away; else as it was typed."""
    length = len(base.actions)
    if min(len(now.actions), len(typed.actions)) < length:
        return _chosen(base, now, typed)
    same = zip(base.actions, now.actions, typed.actions, strict=False)
    added = [action for action in typed.actions[length:] if action not in now.actions[length:]]
    actions = (*(_chosen(*three) for three in same), *now.actions[length:], *added)
    text, state = _chosen(base.text, now.text, typed.text), _chosen(base.state, now.state, typed.state)
    return GoalFacts(text, state, actions)


def _chosen(base: T, now: T, typed: T) -> T:
    return now if typed == base else typed


def _faults_of_goals(told: PlanFacts, today: date) -> Iterator[tuple[Fault, str]]:
    for place, goal in enumerate(told.goals):
        yield ("goals", place, "text"), _too_long(goal.text, LONGEST) if goal.text else "Write what is aimed at"
        for number, action in enumerate(goal.actions):
            here = ("goals", place, "actions", number)
            for field, fault in _faults_of_action(action, today).items():
                yield (*here, field), fault


def _faults_of_action(action: ActionFacts, today: date) -> Mapping[str, str]:
    return {
        "text": _too_long(action.text, LONGEST) if action.text else "Say what is done",
        "who": _too_long(action.who, LONGEST_WHO) if action.who else "Say who does it",
        "done_on": "This day is still to come" if action.done_on and action.done_on > today else "",
    }


def _fault_of_agreement(told: PlanFacts) -> str:
    if told.agreed_with or told.not_agreed_why:
        return _too_long(told.agreed_with, LONGEST_AGREED)
    return "Say with whom it is agreed, or below why it is not"


def _fault_of_day(day: date | None, today: date) -> str:
    if day is None:
        return "Choose when the plan is reviewed next"
    if day <= today:
        return "Choose a day after today"
    return "Choose a day within a year" if day > clock.add_months(today, MOST_MONTHS) else ""


def _too_long(text: str, most: int) -> str:
    return f"Make this shorter, {most} characters at most" if len(text) > most else ""


def _day(day: date | None) -> str:
    return f"{day.day} {day:%B %Y}" if day else ""
