"""The cases of the last weeks, told through the actions of the portal itself, each step at its own time."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from operator import itemgetter
from random import Random
from typing import TypeVar

from app.cases.assignment.actions import assign
from app.cases.comments.actions import add_comment
from app.cases.entries import Audience
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.core import clock
from app.people.models import Role
from app.people.queries import Actor
from app.referrals.actions import start_draft, submit, take_up
from app.referrals.provisions.actions import refer_to_provider
from app.referrals.provisions.queries import referable_for
from app.referrals.queries import Request, request_for
from app.referrals.questions import PROVIDER, PROVISION
from app.referrals.saving import Page, save_draft
from demo import invented
from demo.data_answers import from_roll, half_typed, typed
from demo.data_endings import move
from demo.data_letters import say_what_letters_need
from demo.data_moments import Story, moments
from demo.data_people import PROVISIONS, REGIONS, SERVICES, Cast
from demo.data_plan import ANA, OF_PROVISION, Planned, planned, pools_of
from demo.data_rolls import OnRoll
from demo.data_work import work_on
from demo.invented_words import Comment

LEADS = {"S01": "Ruth Whaanga", "S02": "Lupe Vainikolo", "S03": "Anahera Pōhatu"}
DRAFTS = (
    ("Priya Nair", Role.OFFICE_SUPPORT, 1),
    ("Mere Fa‘asavalu", Role.ATTENDANCE_LEAD, 6),
    ("Tom Hargreaves", Role.PRIMARY_CONTACT, 12),
)
"""Who left a draft behind at the first school, and how many days ago."""
CHECKING = timedelta(minutes=12)
"""From the last answer to sending."""
REFERRED = timedelta(minutes=20)
"""From the last that was written to referring the case to the provider."""
Act = Comment | Status | Callable[[Case], object]
Thing = TypeVar("Thing")


def stories(cast: Cast, rolls: dict[str, list[OnRoll]]) -> Iterator[Story]:
    """Every case and draft of the demonstration."""
    chance = Random("cases")  # noqa: S311 - the same every time is what it is for
    pools = pools_of(chance, rolls)
    for plan in planned(chance, pools):
        people = cast.school_people(plan.group.school)
        yield CaseStory(cast, plan, chance.choice(people), chance.choice(people)).steps(chance)
    for (name, role, days_ago), student in zip(DRAFTS, pools["9001"], strict=False):
        times = moments(chance, days_ago=(days_ago, 1), region=REGIONS["9001"], later=0)
        yield _draft(cast.actor(name, role), student, times)
    chance = Random("in school")  # noqa: S311 - the same
    for plan in planned(chance, pools, OF_PROVISION):
        (contact,) = cast.school_people(plan.group.school)
        yield CaseStory(cast, plan, contact, contact).steps(chance)


def _draft(maker: Actor, student: OnRoll, times: list[datetime]) -> Story:
    """Started with what the roll knows, half filled in later that day or week, and left."""
    yield times[0]
    request = _start(maker, student)
    yield times[1]
    answers = half_typed(invented.request_for(student.invented), clock.today())
    save_draft(request, answers, page=Page(request.versions), by=maker)


def _start(maker: Actor, student: OnRoll) -> Request:
    referral = start_draft(student.student_id, prefill=from_roll(student.invented), by=maker)
    return _found(request_for(maker, referral.public_id))


def _found(thing: Thing | None) -> Thing:
    """Whoever acts here may see what they act on."""
    if thing is None:
        raise LookupError("the demonstration lets somebody act on what they may not see")
    return thing


class CaseStory:
    """From the request of a school to the status that the case has today."""

    def __init__(self, cast: Cast, plan: Planned, sender: Actor, contact: Actor) -> None:
        self.plan = plan
        self.sender = sender
        self.today = clock.today()
        self.voices = {
            "school": contact,
            "case_manager": cast.actor(plan.manager, Role.CASE_MANAGER),
            "workflow_lead": cast.actor(LEADS[_service_of(plan)], Role.WORKFLOW_LEAD),
        }

    def steps(self, chance: Random) -> Story:
        """The request, who takes it up, and what was written and decided since."""
        group, acts = self.plan.group, self._acts(chance)
        region = REGIONS[group.school]
        asked, given, *later = moments(chance, days_ago=self.plan.days_ago, region=region, later=len(acts))
        yield asked
        request = self._fill_in()
        yield asked + CHECKING
        case = submit(request, version=request.version, by=self.sender)
        if group.status is not Status.QUEUE:
            yield given
            assign(case.id, to=self.voices["case_manager"].person_id, by=self.voices["workflow_lead"])
            take_up(case.id)
            self._prepare_letters(case)
        for moment, act in self._agenda(given, [*zip(later, acts, strict=True)]):
            yield moment
            self._carry_out(act, case)

    def _agenda(self, given: datetime, written: list[tuple[datetime, Act]]) -> list[tuple[datetime, Act]]:
        """What is written and decided, and what the service does before that; a case in school that goes to the provider does
        so after all of it."""
        group, agenda = self.plan.group, written
        if group.status is not Status.QUEUE:
            until = next((moment for moment, act in written if isinstance(act, Status)), written[-1][0])
            by = self.voices["case_manager"]
            agenda = [*written, *work_on(self.plan, by=by, since=given, until=until, today=self.today)]
        if group.is_referred:
            agenda.append((max(moment for moment, _ in agenda) + REFERRED, self._refer))
        return sorted(agenda, key=itemgetter(0))

    def _refer(self, case: Case) -> None:
        by = self.voices["case_manager"]
        refer_to_provider(_found(referable_for(by, case.number)), by=by)

    def _prepare_letters(self, case: Case) -> None:
        """Ana asks at once what a letter needs; for David's cases the pages still say what is lacking."""
        if self.plan.manager == ANA:
            days_absent = invented.request_for(self.plan.student.invented).days_absent
            by = self.voices["case_manager"]
            say_what_letters_need(case, days_absent, contact=self.voices["school"], by=by)

    def _acts(self, chance: Random) -> list[Act]:
        """Comments, the lead's first, and among them the changes of status. In the queue only the school writes."""
        status, student = self.plan.group.status, self.plan.student.invented
        if status is Status.QUEUE:
            from_school = [each for each in invented.comments_for(student, 99) if each.voice == "school"]
            return [*from_school[: chance.randint(0, 1)]]
        comments = invented.comments_for(student, chance.randint(2, 5))
        acts: list[Act] = [*sorted(comments, key=lambda comment: comment.voice != "workflow_lead")]
        if status in {Status.TRANSITION, Status.CLOSED}:
            acts.insert(len(acts) - 1, Status.TRANSITION)
        return [*acts, Status.CLOSED] if status is Status.CLOSED else acts

    def _fill_in(self) -> Request:
        request = _start(self.sender, self.plan.student)
        answers = typed(
            invented.request_for(self.plan.student.invented), self.voices["school"].public_id, clock.today()
        )
        if self.plan.group.school in PROVISIONS:
            answers["service_choice"] = PROVISION if self.plan.group.is_in_school else PROVIDER
        save_draft(request, answers, page=Page(request.versions), by=self.sender)
        return request

    def _carry_out(self, act: Act, case: Case) -> None:
        if isinstance(act, Status):
            by = self.voices["case_manager"]
            move(_found(case_for(by, case.number)), act, today=self.today, by=by)
            return
        if not isinstance(act, Comment):
            act(case)
            return
        by = self.voices[act.voice]
        seen = _found(case_for(by, case.number))
        add_comment(seen, by=by, body=act.text, audience=Audience(act.audience))


def _service_of(plan: Planned) -> str:
    school = plan.group.school
    return PROVISIONS[school] if plan.group.is_in_school else SERVICES[school]
