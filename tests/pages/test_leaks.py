"""A marker in every field: no page shows it to somebody who may not read it."""

from collections.abc import Mapping

from sqlalchemy import select

from app.cases.entries import Audience
from app.core.db import db
from app.people.models import Organisation
from app.referrals.actions import submit
from app.referrals.drafts.actions import discard
from app.referrals.questions import FIELDS
from app.students.models import Caregiver
from tests import make
from tests.access import TABLE
from tests.support.client import Client

TYPED = ("caregiver_name", "caregiver_relationship", "caregiver_language", "caregiver_address", "address", "address_other", "reason", "urgent_why", "action_1", "action_1_when", "engagement", "plan", "barriers", "meet_instead", "safety_fact", "needs", "agencies", "health")  # fmt: skip
MARK = "Zqx{}qz"
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
NEVER: Mapping[str, tuple[str, ...]] = {
    **dict.fromkeys(STRANGERS, ("",)),
    **dict.fromkeys(("mere", "priya", "tom"), ("service", "restricted", "unsent")),
    "ruth": ("unsent",),
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
    another = make.student(f"{mark('second')} {mark('draft')}", world.tawa)
    draft = make.draft(world.priya, another, **texts)
    third = make.draft(world.priya, make.student(f"{mark('third')} {mark('gone')}", world.tawa), **texts)
    discard(third, by=world.priya)
    return {
        "number": case.number,
        "restricted_file": make.files_of_entry(world.ana, note)[0],
        "sent": request.referral.public_id,
        "draft": draft.referral.public_id,
        "discarded": third.referral.public_id,
    }


def pages(client: Client, things: Mapping[str, str], sought: str = "zqxgiven") -> str:
    """Everything that this person gets from every address that can be read."""
    found = []
    for path in addresses(things, sought):
        answer = client.get(path)
        found.append(f"{path} {answer.headers} {answer.text}")
    return "\n".join(found)


def addresses(things: Mapping[str, str], sought: str) -> list[str]:
    """Each once, of each of the things it can name."""
    found = []
    for rule in (route.rule for route in TABLE if route.method == "GET"):
        for public_id in (things["sent"], things["draft"], things["discarded"]):
            path = rule.replace("<number>", things["number"]).replace("<public_id>", public_id)
            path = path.replace("<file>", things["restricted_file"])
            found.append(path + (f"?q={sought}" if rule.endswith("/new") else ""))
    return list(dict.fromkeys(found))


def test_no_page_shows_what_somebody_may_not_read(client: Client) -> None:
    world: make.World = client.outside(make.world)
    things: dict[str, str] = client.outside(marked, world)
    for who, hidden in NEVER.items():
        sought = "" if who == "aroha" else "zqxgiven"  # she may find students of her own school
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
    assert client.outside(lambda: db.session.scalars(select(Caregiver.name)).all()) == [mark("caregiver_name")]


def test_with_the_setting_a_restricted_note_is_known_of_and_not_read(client: Client) -> None:
    world: make.World = client.outside(make.world)
    things: dict[str, str] = client.outside(marked, world)
    client.outside(lambda: setattr(db.session.get_one(Organisation, world.te_awa.id), "case_managers_see_cases", True))
    text = pages(client.sign_in(world.david.person_id), things)
    assert mark("service") in text
    assert mark("restricted") not in text
