"""What people do, one step at a time: each `yield` is where they read, or type, before they go on."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

from bench.visitor import Page, Visitor

SCHOOL_CASES, SERVICE_CASES = r"/portal/cases/[\d-]+/", r"/workspace/cases/[\d-]+/"
DRAFT = r"/portal/referrals/[\w-]+/"
SYLLABLES = ("ar", "ma", "li", "te", "an", "ta", "mo", "ha", "si", "wi")
SAID = (
    "Rang home at nine; nobody answered, so we try again after lunch.",
    "Was in class on Monday and Tuesday, and stayed for the whole day.",
    "Met the whānau at home. We agreed on three mornings next week to start with.",
    "The bus is what is hard: the school van can come by from Thursday.",
)
_numbers = count(1)


@dataclass
class Person:
    """Somebody at a browser of their own; `place` of `places` people who see the same lists."""

    visitor: Visitor
    chance: Random
    place: int = 0
    places: int = 1

    def one_of(self, found: list[str]) -> str:
        """Another one than colleagues take, where there are enough."""
        return self.chance.choice(found[self.place :: self.places] or found)

    def words(self) -> str:
        """Never the same twice."""
        return f"{self.chance.choice(SAID)} ({self.place}.{next(_numbers)})"


Journey = Callable[[Person], Iterator[None]]


def school_comments(person: Person) -> Iterator[None]:
    person.visitor.read("home", "/portal/")
    yield
    listed = person.visitor.read("list", "/portal/cases/?status=open&status=transition")
    if cases := listed.links(SCHOOL_CASES):
        yield
        case = person.visitor.read("case", person.one_of(cases))
        yield from _writes(person, "comment", case)


def school_asks(person: Person) -> Iterator[None]:
    """A request is begun, and kept as it is typed."""
    found = person.visitor.read("find a student", f"/portal/referrals/new?q={person.chance.choice(SYLLABLES)[0]}")
    forms = found.forms("/portal/referrals/")
    if not forms:
        return
    yield
    page = person.visitor.send("start a draft", person.chance.choice(forms), 'id="draft"')
    draft, text = page.forms(DRAFT)[0], person.words()
    for length in (20, 45, len(text)):
        yield
        person.visitor.save("autosave", draft, 'id="saved"', reason=text[:length])


def manager_writes(person: Person) -> Iterator[None]:
    home = person.visitor.read("home", "/workspace/")
    if cases := home.links(SERVICE_CASES):
        yield
        case = person.visitor.read("case", person.one_of(cases))
        yield from _writes(person, "note", case, audience="service")
        yield
        person.visitor.read("letters", f"{case.path}letters/")


def lead_gives(person: Person) -> Iterator[None]:
    """From the queue to a case manager."""
    person.visitor.read("home", "/workspace/")
    yield
    queue = person.visitor.read("queue", "/workspace/queue/")
    if cases := queue.links(SERVICE_CASES):
        yield
        case = person.visitor.read("case", person.one_of(cases))
        yield
        page = person.visitor.read("assignment", f"{case.path}assignment")
        managers = re.findall(r'name="case_manager" type="radio" value="([^"]+)"', page.html)
        if managers:
            yield
            form = page.forms(f"{case.path}assignment")[0]
            person.visitor.send("assign", form, "has the case", case_manager=person.chance.choice(managers))


def school_searches(person: Person) -> Iterator[None]:
    return _searches(person, SCHOOL_CASES)


def service_searches(person: Person) -> Iterator[None]:
    return _searches(person, SERVICE_CASES)


def _searches(person: Person, cases: str) -> Iterator[None]:
    found = person.visitor.read("search", f"/search?q={person.chance.choice(SYLLABLES)}").links(cases)
    if found:
        yield
        person.visitor.read("case", person.one_of(found))


def _writes(person: Person, kind: str, case: Page, **values: str) -> Iterator[None]:
    """The text is kept as it is typed, then sent; it must stand on the page that follows."""
    forms, text = case.forms(f"{case.path}comments"), person.words()
    if forms:
        yield
        person.visitor.save(f"{kind} kept", forms[0], "not sent", body=text[:30])
        yield
        person.visitor.send(kind, forms[0], text, body=text, **values)


OF_ROLE: dict[str, tuple[Journey, ...]] = {
    "attendance_lead": (school_comments, school_comments, school_asks, school_searches),
    "case_manager": (manager_writes, manager_writes, service_searches),
    "workflow_lead": (lead_gives, lead_gives, service_searches),
}
