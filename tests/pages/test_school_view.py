"""*What does the school see?* shows the school's own pages, asked with its eyes (P8, SHARE-1)."""

import re

import pytest
from sqlalchemy import select
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.cases.entries import Audience
from app.cases.models import Case
from app.core import clock as clocks
from app.core.db import db
from app.people.actions import set_case_managers_see_cases
from tests import make
from tests.support.client import Client

PARTS = ("", "plan", "files", "attendance")
LEFT_OUT = frozenset(
    [
        "What",
        "was",
        "told",
        "of",
        "your",
        "school,",
        "by",
        "you",
        "or",
        "by",
        "the",
        "service.",
        "It",
        "is",
        "not",
        "the",
        "Ministry’s",
        "figure.",
        "No",
        "other",
        "school",
        "sees",
        "it.",
        "Correct",
        "it,",
        "or",
        "bring",
        "it",
        "up",
        "to",
        "date",
        "It",
        "takes",
        "the",
        "place",
        "of",
        "what",
        "was",
        "told",
        "before,",
        "which",
        "is",
        "kept.",
    ]
)
"""What is said to the school about its form."""


@pytest.fixture
def filled(client: Client, world: make.World, number: str, clock: Traveller) -> str:
    """Notes, meetings, files, a plan and days absent: shared, and not."""

    def fill() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        for audience in Audience:
            make.note_with(world.ana, case, audience, f"Zq{audience}.txt", body=f"Zqnote {audience}")
        make.event(world.ana, case, Audience.RESTRICTED, "Zqmet restricted")
        make.event(world.ana, case, Audience.SERVICE, "Zqmet hidden", kind="call", is_hidden=True, with_caregiver=True)
        make.note_with(world.tom, case, Audience.SHARED, "Zqours.txt", body="Zqnote ours")
        make.planned(world.ana, case, "Zqgoal shared")
        state_absences(make.head(world.ana, case), make.absences(clocks.today()), by=world.ana)

    client.outside(fill)
    return number


def of_school(page: str) -> str:
    """From the school's header of the case on."""
    return re.split(r'<section class="wh-case"[^>]*>', page)[-1].partition("</main>")[0]


def body(page: str) -> list[str]:
    """The words of the page of a case from its heading on, without what can only be pressed or read elsewhere."""
    main = of_school(page)
    for gone in (
        r"<nav .*?</nav>",
        r"<form .*?</form>",
        r'<ul class="govuk-list" id="more">.*?</ul>',
        r"<p[^>]*wh-screen.*?</p>",
    ):
        main = re.sub(gone, "", main, flags=re.DOTALL)
    return re.sub(r"<[^>]+>", " ", main).split()


@pytest.mark.parametrize("part", PARTS)
def test_it_says_what_the_schools_own_page_says(client: Client, world: make.World, filled: str, part: str) -> None:
    seen = body(
        client.sign_in(world.ana.person_id).get(f"/workspace/cases/{filled}/school-view/{part}".rstrip("/")).text
    )
    assert client.statements.count <= 6
    client.sign_in(world.mere.person_id).get(f"/portal/cases/{filled}/")  # so that nothing is new
    own = body(client.get(f"/portal/cases/{filled}/{part}").text)
    assert len(seen) > 30
    assert [word for word in seen if word not in own] == []
    assert [word for word in own if word not in seen and word not in LEFT_OUT] == []


@pytest.mark.parametrize("part", PARTS)
def test_nothing_stands_there_that_the_school_does_not_see(
    client: Client, world: make.World, filled: str, part: str
) -> None:
    path = f"/workspace/cases/{filled}/school-view/{part}".rstrip("/")
    page = client.sign_in(world.ruth.person_id).get(path).text
    for hidden in ("Zqnote service", "Zqnote restricted", "Zqservice", "Zqrestricted", "Zqmet", "Met on"):
        assert hidden not in of_school(page), hidden
    assert "Met on" in page, "as the service knows it"
    assert make.SAFETY["safety_fact"] in page, "it stands on every page of the service"
    assert make.SAFETY["safety_fact"] not in of_school(page)
    assert "/portal/" not in of_school(page), "a service has no address there"


def test_what_is_shared_is_there(client: Client, world: make.World, filled: str) -> None:
    client.sign_in(world.ana.person_id)
    path = f"/workspace/cases/{filled}/school-view"
    for part, shown in (
        (
            "",
            (
                "Zqnote shared",
                "Zqnote ours",
                "Zqshared.txt",
                "What the school does now",
                "First meeting of the service",
            ),
        ),
        ("/plan", ("Zqgoal shared",)),
        ("/files", ("Zqshared.txt", "Zqours.txt")),
        ("/attendance", ("Days absent", "Half-days")),
    ):
        page = client.get(path + part).text
        for text in shown:
            assert text in page, text


def test_all_of_a_long_timeline_is_there_page_by_page(client: Client, world: make.World, number: str) -> None:
    def comments() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        for count in range(30):
            make.note(world.ana, case, body=f"Zqxwv{count}qz")
            make.note(world.ana, case, Audience.SERVICE, body="Zqservice")

    client.outside(comments)
    path = f"/workspace/cases/{number}/school-view"
    pages = [client.sign_in(world.ruth.person_id).get(path).text]
    while found := re.search(r'rel="next" href="([^"]+)"', pages[-1]):
        pages.append(client.get(path + found[1]).text)
    assert len(pages) == 2
    assert sorted(int(each) for page in pages for each in re.findall(r"Zqxwv(\d+)qz", page)) == [*range(30)]
    assert not any("Zqservice" in page for page in pages)


def test_a_colleague_is_not_shown_days_absent(client: Client, world: make.World, filled: str) -> None:
    client.outside(lambda: set_case_managers_see_cases(world.te_awa.id, True, by=world.ruth))
    page = client.sign_in(world.david.person_id).get(f"/workspace/cases/{filled}/school-view")
    assert page.status_code == 200
    assert "school-view/attendance" not in page.text
    assert client.get(f"/workspace/cases/{filled}/school-view/attendance").status_code == 403
