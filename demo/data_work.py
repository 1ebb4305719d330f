"""What a service does on a case besides writing: it meets school and whānau, names barriers, makes a plan and reviews it, and
notes what is to be done next."""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from operator import itemgetter
from random import Random

from app.calendars.working_days import due_date
from app.cases.barriers.actions import name_barrier
from app.cases.barriers.models import NamedBy
from app.cases.barriers.rules import BarrierFacts
from app.cases.entries import Audience
from app.cases.meetings.actions import record_meeting
from app.cases.meetings.rules import Said
from app.cases.models import Case, Status
from app.cases.plans.actions import write_plan
from app.cases.plans.models import ReviewOutcome
from app.cases.plans.queries import plan_in_force
from app.cases.plans.rules import ActionFacts, GoalFacts, PlanFacts, Review
from app.cases.queries import CaseHead, case_for
from app.cases.tasks.actions import add_task
from app.core import clock
from app.people.queries import Actor
from demo.data_moments import ONE_DAY, between
from demo.data_people import REGIONS
from demo.data_plan import DAVID, Planned
from demo.invented import request_for
from demo.invented_work import AGREED_WITH, AIMS, NEXT, NOT_HOME, REVIEWED, SCHOOL_MET, VISITED

Step = Callable[[CaseHead], object]
Doing = tuple[datetime, Callable[[Case], object]]
SOON = timedelta(days=4)
"""From taking a case up to the first talk with the school."""
REVIEW_DAYS = 28


def work_on(plan: Planned, *, by: Actor, since: datetime, until: datetime, today: date) -> list[Doing]:
    """What is done from then till then, and when; `today` the demonstration begins. David writes down nothing of it: his cases
    show what is lacking."""
    if plan.manager == DAVID:
        return []
    chance = Random(f"work {plan.student.invented.national_number}")  # noqa: S311 - the same every time
    work, region = Work(plan, chance, today, by), REGIONS[plan.group.school]
    first = between(chance, since, min(since + SOON, until), region=region, size=1)
    rest = between(chance, first[0] if first else since, until, region=region, size=5)
    steps = zip([*first, *rest], work.steps(), strict=False)
    return sorted(((moment, work.as_seen(step)) for moment, step in steps), key=itemgetter(0))


class Work:
    """Of one case manager on one case, in the order of time."""

    def __init__(self, plan: Planned, chance: Random, today: date, by: Actor) -> None:
        self._plan, self._chance, self._today, self._by = plan, chance, today, by
        self._barriers = request_for(plan.student.invented).barriers

    def as_seen(self, step: Step) -> Callable[[Case], object]:
        """A step, for whoever has the case alone."""

        def carried_out(case: Case) -> object:
            head = case_for(self._by, case.number)
            if head is None:
                raise LookupError("the demonstration lets somebody work on what they may not see")
            return step(head)

        return carried_out

    def steps(self) -> Iterator[Step]:
        yield self._meet_school
        if self._chance.random() < 0.4:
            yield self._find_nobody
        yield self._visit
        yield self._make_plan
        status = self._plan.group.status
        if status is not Status.OPEN:
            yield self._review("better")
            return
        yield self._note_next
        if self._plan.group.is_in_school:
            yield self._review("more_complex")
        elif self._chance.random() < 0.5:
            yield self._review(self._chance.choice(("better", "same")))

    def _meet_school(self, head: CaseHead) -> None:
        said = Said("meeting", True, clock.today(), with_school=True, mode="in_person")
        self._record(head, said, SCHOOL_MET, Audience.SHARED)

    def _find_nobody(self, head: CaseHead) -> None:
        self._record(head, Said("visit", False, clock.today(), with_caregiver=True), NOT_HOME)

    def _visit(self, head: CaseHead) -> None:
        """There they say what is in the way."""
        self._record(head, Said("visit", True, clock.today(), with_student=True, with_caregiver=True), VISITED)
        for place, code in enumerate(self._barriers):
            named_by = self._chance.choice((NamedBy.STUDENT, NamedBy.WHANAU))
            name_barrier(head, code, BarrierFacts(AIMS[code].about, named_by, is_main=not place), by=self._by)

    def _make_plan(self, head: CaseHead) -> None:
        aims = [AIMS[code] for code in self._barriers]
        by_on = clock.today() + 7 * ONE_DAY
        goals = tuple(
            GoalFacts(self._said(aim.goal), actions=(ActionFacts(self._said(aim.action), aim.who, by_on),))
            for aim in aims
        )
        told = PlanFacts(goals, self._said(AGREED_WITH), review_on=self._next_review())
        write_plan(head, told, was=None, by=self._by)

    def _note_next(self, head: CaseHead) -> None:
        """Soon from today."""
        what = self._said(self._chance.choice(NEXT))
        due_on = due_date(self._today, self._chance.randint(1, 6), REGIONS[self._plan.group.school])
        add_task(head, what, due_on, by=self._by)

    def _review(self, outcome: str) -> Step:
        def reviewed(head: CaseHead) -> None:
            now = plan_in_force(head.case_id)
            if now:
                told = PlanFacts(now.facts.goals, now.facts.agreed_with, review_on=self._next_review())
                review = Review(ReviewOutcome(outcome), REVIEWED[outcome])
                write_plan(head, told, was=now, by=self._by, review=review)

        return reviewed

    def _next_review(self) -> date:
        """In four weeks, and in any case after today: nothing is late when the demonstration begins."""
        earliest = self._today + self._chance.randint(2, 12) * ONE_DAY
        return max(clock.today() + REVIEW_DAYS * ONE_DAY, earliest)

    def _record(self, head: CaseHead, said: Said, body: str, audience: Audience = Audience.SERVICE) -> None:
        record_meeting(head, said, body=self._said(body), audience=audience, by=self._by)

    def _said(self, text: str) -> str:
        return text.format(name=self._plan.student.invented.given_name)
