"""A marker in every field: no page shows it to somebody who may not read it."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from app.attendance.actions import state_absences
from app.cases.entries import Audience
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.letters.actions import record_back, record_sending, void_letter
from app.letters.models import Back, Method
from app.letters.rules import CameBack, Sending
from app.people.models import Organisation
from app.referrals.actions import submit
from app.referrals.drafts.actions import discard
from app.referrals.questions import FIELDS
from app.students.models import Caregiver
from tests import make
from tests.access import TABLE
from tests.support.client import Client

TYPED = ("caregiver_name", "caregiver_relationship", "caregiver_language", "caregiver_address", "address", "address_other", "reason", "urgent_why", "action_1", "action_1_when", "engagement", "plan", "barriers", "meet_instead", "safety_fact", "needs", "agencies", "health")  # fmt: skip
MARK = "Zqxwv{}qz"
STRANGERS = (
    "aroha",
    "hana",
    "jin",
    "sione",
    "kahu",
    "david",
    "tane",
    "lupe",
    "wiremu",
    "moana",
    "rachel",
    "niko",
    "petra",
    "oscar",
)
OF_LETTERS = ("addressee", "another", "lives", "source", "told", "paper", "held", "served", "back", "void")
OF_EVENTS = ("met", "others", "by", "step", "list")
OF_PLAN = ("goal", "barrier", "agency", "disclosed", "task")
TOLD_OF_EVENT = {"with_others": "others", "done_by": "by", "next_step": "step"}
NEVER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(STRANGERS, ("",)),
    **dict.fromkeys(
        ("mere", "priya", "tom"),
        ("service", "restricted", "unsent", *(what for what in OF_LETTERS if what != "told"), *OF_EVENTS, *OF_PLAN),
    ),  # who told days absent of its own students a school reads, and the form of the service says so
    "ruth": ("unsent",),
    "david": (
        *TYPED,
        *Audience,
        "home",
        "unsent",
        "second",
        "third",
        *OF_LETTERS,
        *OF_EVENTS,
        *OF_PLAN,
    ),  # what *find* shows is the name
}


def mark(what: str) -> str:
    return MARK.format(what)


def marked(world: make.World) -> dict[str, str]:
    """A case with a marker in every field; what addresses name."""
    pupil = make.student(
        f"{mark('given')} {mark('family')}", world.tawa, preferred=mark("preferred"), address=mark("home")
    )
    texts = {field: mark(field) for field in TYPED}
    assert texts.keys() <= FIELDS.keys()
    request = make.filled(world.priya, pupil, contact=world.tom, **{**texts, "urgent": "yes", "safety_kind": "dog"})
    case = submit(request, version=request.version, by=world.priya)
    make.assigned(case, to=world.ana, by=world.ruth)
    for audience in Audience:
        note = make.note_with(world.ana, case, audience, f"{mark(audience.value)}.txt", body=mark(audience.value))
    make.unsent_with(world.ana, case, f"{mark('unsent')}.txt", body=mark("unsent"))
    of_letters, of_events, of_plan = lettered(world, case), met(world, case), planned(world, case)
    another = make.student(f"{mark('second')} {mark('draft')}", world.tawa)
    draft = make.draft(world.priya, another, **texts)
    third = make.draft(world.priya, make.student(f"{mark('third')} {mark('gone')}", world.tawa), **texts)
    discard(third, by=world.priya)
    return {
        **of_letters,
        **of_events,
        **of_plan,
        "number": case.number,
        "restricted_file": make.files_of_entry(world.ana, note)[0],
        "restricted_note": note.public_id,
        "sent": request.referral.public_id,
        "draft": draft.referral.public_id,
        "discarded": third.referral.public_id,
    }


def met(world: make.World, case: Case) -> dict[str, str]:
    """What the service keeps of what it did: kind and day alone are known, not even those, and nothing at all."""
    told: dict[str, Any] = {name: mark(what) for name, what in TOLD_OF_EVENT.items()}
    told |= {"next_on": clock.today(), "answers": {"health": mark("list")}}
    kept = make.event(world.ana, case, Audience.SERVICE, mark("met"), **told)
    make.event(world.ana, case, Audience.SERVICE, mark("met"), is_hidden=True, **told)
    make.event(world.ana, case, Audience.RESTRICTED, mark("met"), **told)
    return {"event": kept.public_id}


def planned(world: make.World, case: Case) -> dict[str, str]:
    """What whoever works the case plans: a goal that is not shared, what gets in the way, an agency and what it was told, a task."""
    make.planned(world.ana, case, mark("goal"), is_shared=False)
    agency = make.agency(world.ana, case, mark("agency"))
    return {
        "agency": agency.public_id,
        "disclosure": make.disclosure(world.ana, case, agency, mark("disclosed")).public_id,
        "barrier": make.barrier(world.ana, case, about=mark("barrier")).public_id,
        "task": make.task(world.ana, case, mark("task")).public_id,
    }


def lettered(world: make.World, case: Case) -> dict[str, str]:
    """Letters to two caregivers whom the service named, one sent, one void, and a hold."""
    make.letter_ready(world, case)
    told = replace(make.absences(clock.today()), source=mark("told"))
    state_absences(make.head(world.ana, case), told, by=world.ana)
    make.letterhead(world.te_awa, by=world.ruth, address=mark("paper"))
    addressee, another = (
        make.caregiver(case, world.ana, mark(name), address=mark("lives"), address_source=mark("source"))
        for name in ("addressee", "another")
    )
    sent, void = (make.letter_made(world.ana, case, each) for each in (addressee, another))
    by_hand = Sending(Method.HAND, clock.today(), mark("served"))
    record_sending(make.letter_now(world.ana, case, sent), by_hand, by=world.ana)
    answered = CameBack(Back.ANSWERED, clock.today(), mark("back"))
    record_back(make.letter_now(world.ana, case, sent), answered, by=world.ana)
    void_letter(make.letter_now(world.ana, case, void), mark("void"), by=world.ana)
    make.hold(world.ana, case, whom=another, why=mark("held"))
    return {
        "letter": sent.public_id,
        "void": void.public_id,
        "caregiver": addressee.public_id,
        "another": another.public_id,
    }


def pages(client: Client, things: Mapping[str, str], sought: str = "zqxwvgiven") -> str:
    """Everything that this person gets from every address that can be read."""
    found = []
    for path in addresses(things, sought):
        answer = client.get(path)
        found.append(f"{path} {answer.headers} {answer.data.decode(errors='replace')}")
    return "\n".join(found)


def addresses(things: Mapping[str, str], sought: str) -> list[str]:
    """Each once, of each of the things it can name."""
    found = []
    for rule in (route.rule for route in TABLE if route.method == "GET"):
        for public_id in (things[name] for name in named_in(rule)):
            path = rule.replace("<number>", things["number"]).replace("<public_id>", public_id)
            path = path.replace("<caregiver>", public_id).replace("<int(max=999):page>", "1").replace("<version>", "1")
            path = path.replace("<file>", things["restricted_file"])
            asked = "zqxwvgiven" if rule == "/search" else sought if rule.endswith("/new") else ""
            found.append(path + (f"?q={asked}" if asked else ""))
    return list(dict.fromkeys(found))


OF_A_CASE: Mapping[str, tuple[str, ...]] = {
    "/caregivers/": ("caregiver", "another"),
    "/meetings/": ("event",),
    "/letters/": ("letter", "void"),
    "/entries/": ("restricted_note", "event"),
    "/tasks/": ("task",),
    "/agencies/": ("agency",),
    "/disclosures/": ("disclosure",),
    "/barriers/": ("barrier",),
}
"""What such an address of a case can name."""


def named_in(rule: str) -> tuple[str, ...]:
    """The things that this address can name."""
    if "<caregiver>" in rule:
        return OF_A_CASE["/caregivers/"]
    kinds = (names for part, names in OF_A_CASE.items() if part in rule and "/cases/" in rule)
    return next(kinds, ("sent", "draft", "discarded"))


def test_no_page_shows_what_somebody_may_not_read(client: Client) -> None:
    world: make.World = client.outside(make.world)
    things: dict[str, str] = client.outside(marked, world)
    for who, hidden in NEVER.items():
        sought = "" if who == "aroha" else "zqxwvgiven"  # she may find students of her own school
        text = pages(client.sign_in(world.people[who].person_id), things, sought)
        for what in hidden:
            found = mark(what) if what else MARK[:3]
            assert found not in text, f"{who} is shown {found}"


def test_what_one_may_read_is_there(client: Client) -> None:
    """So that the test above does not pass for want of pages."""
    world: make.World = client.outside(make.world)
    things: dict[str, str] = client.outside(marked, world)
    seen = pages(client.sign_in(world.ana.person_id), things)
    for what in ("preferred", "shared", "service", "restricted", "reason", "safety_fact", "needs"):
        assert mark(what) in seen, what
    for what in (*OF_LETTERS, *OF_EVENTS, *OF_PLAN):
        assert mark(what) in seen, what
    for part, name in ((part, name) for part, names in OF_A_CASE.items() for name in names):
        asked = [path for path in addresses(things, "") if part in path and things[name] in path]
        assert any(client.get(path).status_code == 200 for path in asked), f"no address names the {name}"
    assert mark("caregiver_name") in client.outside(lambda: db.session.scalars(select(Caregiver.name)).all())


def test_with_the_setting_a_restricted_note_and_a_safety_note_are_known_of_and_not_read(client: Client) -> None:
    world: make.World = client.outside(make.world)
    things: dict[str, str] = client.outside(marked, world)
    client.outside(lambda: setattr(db.session.get_one(Organisation, world.te_awa.id), "case_managers_see_cases", True))
    text = pages(client.sign_in(world.david.person_id), things)
    assert mark("service") in text
    assert "Safety: dog." in text
    for what in ("restricted", "safety_fact"):
        assert mark(what) not in text, what
    for what in OF_PLAN:
        assert mark(what) not in text, what
    for what in set(OF_LETTERS) - {"served", "back", "void"}:  # those three stand on the timeline, for the service
        assert mark(what) not in text, what


def test_a_letter_shows_nothing_of_another_caregiver(client: Client) -> None:
    world: make.World = client.outside(make.world)
    things: dict[str, str] = client.outside(marked, world)
    client.sign_in(world.ana.person_id)
    letters = f"/workspace/cases/{things['number']}/letters/"
    letter = things["letter"]
    pages = f"to/{things['caregiver']}", letter, *(f"{letter}/{page}" for page in ("sending", "back", "voiding"))
    for page in pages:
        answer = client.get(f"{letters}{page}")
        assert mark("addressee") in answer.text
        for what in ("another", "held", "void"):
            assert mark(what) not in answer.text, f"{page}: {what}"
