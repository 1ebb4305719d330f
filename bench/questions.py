"""What is asked, and as whom: each page with other things each time, as people do; the same from run to run."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from urllib.parse import urlencode

from sqlalchemy import func, select

from app.cases.models import Case, Status
from app.cases.policy import visible
from app.core.db import AnyRow, db
from app.core.security import random_token
from app.people.models import Organisation, Role, RoleHeld
from app.people.queries import actor_for
from app.students.models import Caregiver, Student
from bench.browser import Question
from bench.serving import SignedIn, Site

PAGES = ("home", "queue", "list", "case", "search", "comment")
DETAILS = "details"
"""Search by what else is known of a student; asked of two portals of different size only."""
OF_SCHOOL = ("home", "list", "case", "search", "comment")
TICKS: tuple[tuple[str, ...], ...] = (
    (),
    ("open",),
    ("queue",),
    ("closed",),
    ("transition", "paused"),
    ("open", "queue"),
)
COMMENTS = 16
"""In a round: the portal takes 120 forms a minute of one person."""


@dataclass(frozen=True)
class Asker:
    """Somebody signed in, and the cases in their scope: number, status, and how each student is known; in the list's order."""

    is_school: bool
    signed_in: SignedIn
    cases: Sequence[AnyRow]

    @property
    def words(self) -> str:
        return "school" if self.is_school else "lead"

    @property
    def start(self) -> str:
        return "/portal/" if self.is_school else "/workspace/"

    @property
    def pages(self) -> tuple[str, ...]:
        return OF_SCHOOL if self.is_school else PAGES

    def questions(self, page: str, count: int) -> list[Question]:
        """So many, of comments fewer; a form is another one each time."""
        most = COMMENTS if page == "comment" else count
        return list(islice(cycle(_OF[page](self)), min(count, most)))


def askers(site: Site) -> list[Asker]:
    """The workflow lead of the service with the most cases, and the attendance lead of the school with the most."""
    with site.app.app_context():
        return [
            _asker(site, Role.WORKFLOW_LEAD, Case.service_id),
            _asker(site, Role.ATTENDANCE_LEAD, Case.school_id),
        ]


def _asker(site: Site, role: Role, organisation: object) -> Asker:
    most = (
        select(RoleHeld)
        .join(Organisation, Organisation.id == RoleHeld.organisation_id)
        .join(Case, organisation == RoleHeld.organisation_id)
        .where(RoleHeld.role == role, RoleHeld.ended_at.is_(None))
        .group_by(RoleHeld.id)
        .order_by(func.count().desc(), RoleHeld.id)
    )
    signed_in = site.sign_in(db.session.scalars(most.limit(1)).one())
    return Asker(role is Role.ATTENDANCE_LEAD, signed_in, _cases(signed_in.token))


def _cases(token: str) -> Sequence[AnyRow]:
    actor = actor_for(token)
    if actor is None:
        raise RuntimeError("the sign-in has ended")
    phone = select(func.min(Caregiver.phone)).where(Caregiver.student_id == Student.id).scalar_subquery()
    known = (Student.legal_name, Student.born_on, Student.national_number, Student.address, phone.label("phone"))
    statement = select(Case.number, Case.status, *known).join(Student, Student.id == Case.student_id)
    seen = statement.where(visible(actor)).order_by(Case.urgency, Case.due_on, Case.id)
    return db.session.execute(seen).all()


def _spread(rows: Sequence[AnyRow], count: int = 40) -> list[AnyRow]:
    """So many of them, from the first to the last."""
    step = max(1, len(rows) // count)
    return list(rows[::step][:count])


def _home(asker: Asker) -> Iterator[Question]:
    yield Question(asker.start)


def _queue(asker: Asker) -> Iterator[Question]:
    yield Question(f"{asker.start}queue/")
    for case in _spread([case for case in asker.cases if case.status is Status.QUEUE], 20):
        yield Question(f"{asker.start}queue/?after={case.number}")


def _list(asker: Asker) -> Iterator[Question]:
    """Every second one further down."""
    for turn, (case, ticks) in enumerate(zip(_spread(asker.cases), cycle(TICKS), strict=False)):
        after = [("after", case.number)] if turn % 2 else []
        asked = urlencode([*(("status", status) for status in ticks), *after])
        yield Question(f"{asker.start}cases/{'?' if asked else ''}{asked}")


def _case(asker: Asker) -> Iterator[Question]:
    for case in _spread(asker.cases):
        yield Question(f"{asker.start}cases/{case.number}/")


def _search(asker: Asker) -> Iterator[Question]:
    """A whole name in both orders, its beginnings, two letters, a number, and a name that nobody has."""
    for turn, case in enumerate(_spread(asker.cases)):
        first, *_, last = case.legal_name.split() * 2
        typed = (
            f"{first} {last}",
            f"{last} {first}",
            last,
            first[:3],
            last[:2],
            f"{first[:2]} {last[:2]}",
            case.number,
            "Zyx",
        )
        yield Question(f"/search?{urlencode({'q': typed[turn % len(typed)]})}")


def _details(asker: Asker) -> Iterator[Question]:
    """A day of birth, a national student number, an address, a caregiver's phone; and a number that nobody has."""
    for turn, case in enumerate(_spread(asker.cases)):
        typed = (f"{case.born_on:%-d/%-m/%Y}", case.national_number, case.address, case.phone, "9900000000")
        yield Question(f"/search?{urlencode({'q': typed[turn % len(typed)] or ''})}")


def _comment(asker: Asker) -> Iterator[Question]:
    """On cases that are not closed; never the same text twice."""
    for case in cycle(_spread([case for case in asker.cases if case.status is not Status.CLOSED])):
        yield Question(
            f"{asker.start}cases/{case.number}/comments",
            (
                ("csrf_token", asker.signed_in.csrf),
                ("once", random_token()),
                ("window", random_token()),
                ("adopted", ""),
                ("turn", "0"),
                ("body", f"Seen at home today, all well. Their own room helps ({random_token()})."),
                ("audience", "shared"),
            ),
        )


_OF: dict[str, Callable[[Asker], Iterator[Question]]] = {
    "home": _home,
    "queue": _queue,
    "list": _list,
    "case": _case,
    "search": _search,
    DETAILS: _details,
    "comment": _comment,
}
