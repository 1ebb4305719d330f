"""The rows of one case, step by step as its plan tells."""

from collections.abc import Callable, Iterator
from typing import Any

from app.cases.becoming import CHANGED
from app.cases.entries import Audience, EntryKind
from app.cases.models import Part, Status
from app.cases.rules import status_words
from app.core import clock
from app.core.text import nfc
from app.people.models import Kind, Role
from app.referrals.models import State
from demo.country.books import Books
from demo.country.plans import Asked, Became, Given, OfComment, Plan, Sent, Step, Wrote
from demo.country.pupils import schools_on
from demo.country.remarks import CHANGES, Remarks
from demo.country.requests import write_case, write_draft
from demo.country.sheet import Row
from demo.country.staff import Member
from demo.country.telling import APP, MAIL, Happening, Told


class CaseRows:
    """Of one plan, in the order of its steps; a row of an earlier step may change in a later one."""

    def __init__(self, books: Books, plan: Plan) -> None:
        self._books, self._plan = books, plan
        self._remarks = Remarks(books)
        self._named: Row = {}
        self._manager: Member | None = None

    def write(self) -> None:
        for step in self._plan.steps:
            ACTS[type(step)](self, step)
        self._books.stands(self._case)

    def ask(self, step: Asked) -> None:
        self._asked = step
        self._referral = write_draft(self._books, self._plan, step)

    def send(self, step: Sent) -> None:
        self._case = write_case(self._books, self._plan, self._asked, step, self._referral)

    def give(self, step: Given) -> None:
        if self._manager:
            self._named["until"] = step.at
            what = Happening("case.taken_from", step.at, step.by, "case_person", self._named, self._case)
            self._books.teller.record(what, [(self._manager, MAIL)])
        self._manager, self._named = step.to, self._books.name(self._case, step.to, Part.MANAGER, step)
        self._case["manager_id"] = step.to.id
        told = f"Case manager: {step.to.name}"
        if self._case["status"] == Status.QUEUE:
            self._become(step, Status.OPEN, told, tells_more=True)
        else:
            self._books.entry(self._case, EntryKind.STATUS, step, told, Audience.SHARED)
        what = Happening("case.assigned", step.at, step.by, "case_person", self._named, self._case)
        self._books.teller.record(what, [(step.to, MAIL), *self._contact(step)])
        self._referral["state"] = State.TAKEN_UP.value

    def change_status(self, step: Became) -> None:
        self._become(step, step.status, why=step.why)

    def comment(self, step: Wrote) -> None:
        self._remarks.write(self._case, step, self._to_tell)

    def change_comment(self, step: OfComment) -> None:
        self._remarks.change(step, self._to_tell)

    def _become(
        self, step: Step, status: Status, with_it: str = "", *, why: str = "", tells_more: bool = False
    ) -> None:
        """`tells_more`: whoever has the case now, and the contact, are told by the same act that it was given."""
        was = self._case["status"]
        self._case |= {"status": status.value, "status_at": step.at}
        self._books.became(self._case, was, step, why=why)
        body = status_words(status).label
        body = nfc(f"{body}. {with_it}" if with_it else body)
        entry = self._books.entry(self._case, EntryKind.STATUS, step, body, Audience.SHARED)
        manager = [(self._manager, APP)] if self._manager and self._manager is not step.by else []
        known = [*self._contact(step), *manager] if tells_more else []
        told = [each for each in (*self._at_school(step), *manager) if each not in known]
        self._books.teller.record(Happening(CHANGED, step.at, step.by, "entry", entry, self._case), told)

    def _to_tell(self, step: Step) -> Iterator[Told]:
        """A service's shared comment tells the school; a school's the case manager, in the queue the leads."""
        if step.by.organisation.kind is Kind.SERVICE:
            yield from self._at_school(step)
        elif self._case["status"] == Status.QUEUE:
            leads = self._books.staff.with_role(self._case["service_id"], Role.WORKFLOW_LEAD)
            yield from ((lead, APP) for lead in leads)
        elif self._manager:
            yield self._manager, APP

    def _at_school(self, step: Step) -> Iterator[Told]:
        contact = self._contact(step)
        told = {member for member, _ in contact}
        yield from contact
        if self._asked.contact in told:
            leads = self._books.staff.with_role(self._plan.school.id, Role.ATTENDANCE_LEAD)
            yield from ((lead, APP) for lead in leads if lead not in told)

    def _contact(self, step: Step) -> list[Told]:
        """The leads in their place, where the student is at another school by then (CASE-3, CASE-10)."""
        schools = schools_on(self._plan.pupil, clock.nz(step.at).date())
        if self._plan.school in schools:
            return [(self._asked.contact, MAIL)]
        held = (self._books.staff.with_role(school.id, Role.ATTENDANCE_LEAD) for school in schools)
        return [(lead, MAIL) for leads in held for lead in leads]


ACTS: dict[type[Step], Callable[[CaseRows, Any], None]] = {
    Asked: CaseRows.ask,
    Sent: CaseRows.send,
    Given: CaseRows.give,
    Became: CaseRows.change_status,
    Wrote: CaseRows.comment,
    **dict.fromkeys(CHANGES, CaseRows.change_comment),
}
