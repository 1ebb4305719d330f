"""What a line says of a case that another system had (MEAS-5)."""

from dataclasses import dataclass
from datetime import date

from app.cases.models import CaseKind, Status
from app.cases.statuses.rules import SCHOOL_AGE, birthday
from app.core import clock
from app.core.days import in_words
from app.core.reach import fault_of_email
from app.imports.columns import Columns, Faulty, Row

CASES = Columns(
    ("former_number", "service", "kind", "school", "name", "born", "referred_on", "status"),
    ("nsn", "started_on", "manager", "contact_name", "contact_email", "expected_end_on", "why"),
)
KINDS = {each.value.casefold(): each for each in CaseKind}
STATUSES = {each.value: each for each in (Status.QUEUE, Status.OPEN, Status.TRANSITION, Status.PAUSED)}
WORKED = {Status.OPEN, Status.TRANSITION}
LONGEST_FORMER, LONGEST_WHY = 40, 1000


@dataclass(frozen=True)
class Former:
    """One case, as the other system told of it."""

    number: str
    kind: CaseKind
    status: Status
    name: str
    born_on: date
    nsn: str
    referred_on: date
    started_on: date
    manager: str
    contact: tuple[str, str]
    """Name and e-mail."""
    expected_end_on: date | None
    why: str

    @property
    def sixth_birthday(self) -> date:
        return birthday(self.born_on, SCHOOL_AGE)

    @property
    def words(self) -> str:
        """For the timeline of both sides."""
        days = (
            f"Support was asked for on {in_words(self.referred_on)}; the service began on {in_words(self.started_on)}."
        )
        return f"From another system, where its number was {self.number}. {days}"


def former_of(row: Row) -> Former:
    """Raises `Faulty`."""
    referred_on = row.needed_day("referred_on")
    told = Former(
        row.filled("former_number", LONGEST_FORMER),
        KINDS[row.one_of("kind", KINDS)],
        STATUSES[row.one_of("status", STATUSES)],
        row.filled("name", 160),
        row.needed_day("born"),
        "".join(row["nsn"].split()),
        referred_on,
        row.day("started_on") or referred_on,
        row.text("manager", 254),
        (row.text("contact_name", 160), row.text("contact_email", 254)),
        row.day("expected_end_on"),
        row.text("why", LONGEST_WHY),
    )
    for fault in _faults(told, clock.today()):
        raise Faulty(fault)
    return told


def _faults(told: Former, today: date) -> list[str]:
    is_paused, ends = told.status is Status.PAUSED, told.expected_end_on
    name, email = told.contact
    faults = {
        "“referred on” and “started on” must follow one another, up to today": not (
            told.born_on < told.referred_on <= told.started_on <= today
        ),
        "A case that is open or in transition has a “manager”, by e-mail": told.status in WORKED and not told.manager,
        "A case in the queue or on hold has no “manager”": told.status not in WORKED and bool(told.manager),
        "A case in transition has “expected end on”, and no other has": (told.status is Status.TRANSITION)
        != bool(ends),
        "A case is on hold only while the child is under six": is_paused and told.sixth_birthday <= today,
        "A case of attendance (CA) has a primary contact: “contact name” and “contact email”": (
            told.kind is CaseKind.CA and not (name and email)
        ),
        "“contact name” and “contact email” go together": bool(name) != bool(email),
        fault_of_email(email): bool(fault_of_email(email)),
    }
    return [words for words, is_so in faults.items() if is_so]
