"""What is written of a case in many places, each time alike; and what is counted of all of them."""

from collections import Counter
from datetime import datetime, timedelta
from functools import cache

from app.cases.entries import Audience, EntryKind
from app.cases.models import Part, Status
from app.cases.rules import first_due
from demo.country.country import Country
from demo.country.plans import Step
from demo.country.sheet import Row, Sheet
from demo.country.staff import Member
from demo.country.telling import Teller


class Books:
    """Of the whole country."""

    def __init__(self, country: Country, sheet: Sheet, undo_for: timedelta) -> None:
        self.sheet, self.names, self.staff = sheet, country.names, country.staff
        self.ministry_id = country.places.ministry.id
        self.teller = Teller(sheet, country.read_until)
        self.undo_for = undo_for
        self.today = country.today
        self.first_due = cache(first_due)
        self._serials: Counter[int] = Counter()
        self._standing: Counter[tuple[int, str]] = Counter()
        self._entries = 0

    def next_serial(self, year: int) -> int:
        self._serials[year] += 1
        return self._serials[year]

    def became(self, case: Row, was: str | None, step: Step, *, why: str) -> None:
        """A change of status, as it is kept."""
        changed = {"was": was, "became": case["status"], "at": step.at, "by_id": step.by.id, "why": why}
        self.sheet.add("status_change", step.at, case_id=case, **changed)

    def name(self, case: Row, member: Member, part: Part, step: Step) -> Row:
        """Somebody is named on a case."""
        who = {"person_id": member.id, "organisation_id": member.organisation_id, "part": part.value, "best_times": ""}
        since = {"since": step.at, "until": None, "named_by_id": step.by.id}
        return self.sheet.add("case_person", step.at, case_id=case, **who, **since)

    def entry(
        self, case: Row, kind: EntryKind, step: Step, body: str, audience: Audience, *, waits: bool = False
    ) -> Row:
        """What happened now stands on the timeline; what waits opens to others later."""
        self._entries += 1
        return self.sheet.add(
            "entry",
            step.at,
            public_id=self.names.public_id("entry", self._entries),
            case_id=case,
            kind=kind.value,
            happened_at=step.at,
            recorded_at=step.at,
            opens_at=step.at + self.undo_for if waits else step.at,
            author_id=step.by.id,
            organisation_id=step.by.organisation_id,
            audience=audience.value,
            body=body,
            edited_at=None,
            retracted_at=None,
            retracted_by_id=None,
        )

    def stands(self, case: Row) -> None:
        """A case is told to its end: where it stands is counted."""
        if case["service_id"] is not None:
            self._standing[case["service_id"], case["status"]] += 1

    def write_counts(self, at: datetime) -> None:
        """The last serials, and how many cases each service has in each status."""
        for year, last in sorted(self._serials.items()):
            self.sheet.add("case_serial", at, year=year, last=last)
        for service_id in sorted({service_id for service_id, _ in self._standing}):
            for status in Status:
                cases = self._standing[service_id, status.value]
                self.sheet.add("status_count", at, organisation_id=service_id, status=status.value, cases=cases)
