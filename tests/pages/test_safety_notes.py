"""Safety notes: added, looked at again, ended, by whom they are for; a school sees those it gave, on a page of their own (SHARE-8)."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from app.cases.covers.actions import Days, cover_case
from app.cases.entries import Audience
from app.cases.models import Case, SafetyNote
from app.core import clock
from app.core.db import db
from app.core.events import Audit
from app.people.models import Organisation
from tests import make
from tests.support.client import Client
from tests.support.markup import words

CEILINGS = {"page": 4, "post": 9}
DOG = make.SAFETY["safety_fact"]
TYPED = {"safety_kind": "person", "fact": "An uncle shouts: ring before you come."}


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/safety"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def note(client: Client, **values: Any) -> Any:
    statement = select(SafetyNote.__table__).filter_by(**values)
    return client.outside(lambda: db.session.execute(statement).one())


def day(of: Any, **boxes: str) -> dict[str, str]:
    known = {"day": str(of.day), "month": str(of.month), "year": str(of.year)} | boxes
    return {f"review_by-{box}": text for box, text in known.items()}


def test_whoever_works_the_case_adds_one_that_stands_on_every_page(ana: Client, world: make.World, here: str) -> None:
    case = here.removesuffix("safety")
    assert f'href="{here}"' in ana.get(case).text
    page = ana.get(here)
    assert ana.statements.count <= CEILINGS["page"]
    assert ana.fill(page, "Add this safety note", **TYPED).status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    row = note(ana, kind="person")
    assert (row.organisation_id, row.added_by_id) == (world.te_awa.id, world.ana.person_id)
    assert row.review_by == clock.add_months(clock.today(), 6)
    for path in (case, f"{case}caregivers/", f"{case}plan"):
        assert TYPED["fact"] in words(ana.get(path))


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client, here: str) -> None:
    answer = ana.fill(ana.get(here), "Add this safety note", fact="", **day(clock.today()))
    assert answer.status_code == 422
    for fault in ("Choose what it is about", "Write what must be known", "still to come"):
        assert fault in words(answer)
    far = ana.fill(ana.get(here), "Add this safety note", **TYPED, **day(clock.today(), year="2099"))
    assert (far.status_code, TYPED["fact"] in words(far)) == (422, True)
    assert ana.outside(lambda: db.session.scalar(select(func.count()).select_from(SafetyNote))) == 1


def test_a_day_that_has_passed_says_so_until_somebody_looked_again(ana: Client, world: make.World, here: str) -> None:
    case, past = here.removesuffix("safety"), clock.today() - timedelta(days=1)
    ana.outside(lambda: db.session.execute(update(SafetyNote).values(review_by=past)))
    assert "to be looked at again since" in words(ana.get(case))
    work = words(ana.get("/workspace/"))
    assert "A safety note was to be looked at again" in work
    assert f'href="{here}"' in work
    again = ana.fill(ana.get(asked(ana, here)), "It is still true", **day(clock.today() + timedelta(days=30)))
    assert again.status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    row = note(ana, kind="dog")
    assert (row.reviewed_by_id, row.review_by) == (world.ana.person_id, clock.today() + timedelta(days=30))
    assert "to be looked at again since" not in words(ana.get(case))
    assert "A safety note was to be looked at again" not in words(ana.get("/workspace/"))


def asked(client: Client, here: str, place: int = 0) -> str:
    """Where it is asked whether a note is still true; the first one here is the dog."""
    return re.findall(rf'href="({here}/note\?note=\w+)"', client.get(here).text)[place]


def test_what_is_true_no_more_warns_nobody_and_stays(ana: Client, here: str) -> None:
    form = ana.get(asked(ana, here))
    assert ana.fill(form, "It is true no more").status_code == 303
    assert ana.fill(form, "It is true no more", once="again").status_code == 409
    assert ana.fill(form, "It is still true", once="later").status_code == 409
    page = words(ana.get(here))
    assert f"{DOG}</span> Until" in page
    assert DOG not in words(ana.get(here.removesuffix("safety")))
    events = ana.outside(lambda: db.session.scalars(select(Audit.event).where(Audit.event.like("safety%"))).all())
    assert events == ["safety_note.ended"]


def test_a_school_sees_and_changes_what_it_gave_and_nothing_else(
    ana: Client, another_client: Callable[[], Client], world: make.World, here: str
) -> None:
    ana.fill(ana.get(here), "Add this safety note", **TYPED)
    theirs = here.replace("workspace", "portal")
    for who in (world.mere, world.priya, world.tom):
        school = another_client().sign_in(who.person_id)
        assert f'href="{theirs}"' in school.get(theirs.removesuffix("safety")).text
        page = school.get(theirs)
        assert DOG in words(page)
        assert TYPED["fact"] not in words(page)
        assert DOG not in words(school.get(theirs.removesuffix("safety"))), "it stands on no other page of a school"
    link = asked(ana, here).replace("workspace", "portal")
    assert DOG in words(school.get(link))
    assert school.fill(page, "Add this safety note", safety_kind="place", fact="No light.").status_code == 303
    assert note(ana, kind="place").organisation_id == world.tawa.id
    service_note = asked(ana, here, 1).partition("note=")[2]
    assert school.get(f"{theirs}/note?note={service_note}").status_code == 409
    assert school.send(f"{theirs}/ending", mark=service_note).status_code == 409
    assert note(ana, kind="person").ended_at is None


def test_a_colleague_is_warned_and_told_whom_to_ask_and_reads_nothing(
    client: Client, world: make.World, here: str
) -> None:
    service = world.te_awa.id
    client.outside(lambda: setattr(db.session.get_one(Organisation, service), "case_managers_see_cases", True))
    client.sign_in(world.david.person_id)
    warned = re.sub("<[^>]+>", "", words(client.get(here.removesuffix("safety"))))
    assert "Safety: dog. There is a note." in warned
    assert f"ask {world.ana.name} or a workflow lead" in warned
    refused = client.get(here)
    assert (refused.status_code, DOG in warned, DOG in words(refused)) == (403, False, False)
    assert "ask one of them" in words(refused)
    days = Days(clock.today(), clock.today())
    client.outside(lambda: cover_case(make.head(world.ruth, the_case()), world.david.person_id, days, by=world.ruth))
    for path in (here, here.removesuffix("safety")):
        assert DOG in words(client.get(path)), "who stands in reads them at once"


def test_what_a_first_meeting_heard_of_safety_and_health_is_read_by_the_same(
    client: Client, world: make.World, here: str
) -> None:
    heard = {name: f"Heard of {name}." for name in ("background", "safety", "health")}

    def met() -> str:
        return make.event(world.ana, the_case(), Audience.SERVICE, with_student=True, answers=heard).public_id

    service, page = world.te_awa.id, here.replace("safety", f"meetings/{client.outside(met)}")
    client.outside(lambda: setattr(db.session.get_one(Organisation, service), "case_managers_see_cases", True))
    for who, hears in ((world.ana, set(heard)), (world.ruth, set(heard)), (world.david, {"background"})):
        text = words(client.sign_in(who.person_id).get(page))
        assert {name for name in heard if heard[name] in text} == hears, who.name


@pytest.mark.parametrize("who", ["aroha", "jin", "david", "wiremu", "lupe", "moana"])
def test_to_others_there_is_nothing(client: Client, world: make.World, here: str, who: str) -> None:
    client.sign_in(world.people[who].person_id)
    for path in (here, here.replace("workspace", "portal")):
        answer = client.get(path)
        assert (answer.status_code, DOG in words(answer)) == (404, False)


def test_on_a_closed_case_nothing_is_added(ana: Client, world: make.World, here: str) -> None:
    page = ana.get(here)
    ana.outside(lambda: make.closed(the_case(), by=world.ruth))
    assert ana.fill(page, "Add this safety note", **TYPED).status_code == 403
    assert "Add a safety note" not in words(ana.get(here))
