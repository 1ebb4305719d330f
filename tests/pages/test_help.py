"""Short guides beside the task (H1)."""

import re
from html import unescape

import pytest

from app.everyone.guides import HEADING, TASKS, TOPICS
from tests import make
from tests.support.client import Client


def found(client: Client, sought: str) -> list[str]:
    return re.findall(r'href="/help/guides/([^"]+)"', client.get(f"/help/?q={sought}").text.partition("</form>")[2])


def test_every_guide_is_a_screen_long_and_has_headings(client: Client, world: make.World) -> None:
    client.sign_in(world.mere.person_id)
    listed = client.get("/help/")
    assert client.statements.count <= 1
    for topic in TOPICS:
        page = client.get(f"/help/guides/{topic}")
        assert page.status_code == 200
        text = page.text.partition('<div class="wh-guide">')[2].partition("</div>")[0]
        assert 1 <= len(HEADING.findall(text)) <= 5
        assert 20 <= len(re.sub(r"<[^>]+>", " ", text).split()) <= 260
        assert f"/help/guides/{topic}" in listed.text
        for address in re.findall(r'href="(/[^"]*)"', text):
            assert client.get(address).status_code == 200, address


def test_ones_own_work_comes_first(client: Client, world: make.World) -> None:
    def first() -> str:
        return client.get("/help/").text.partition("For your work")[2].partition("For the work of others")[0]

    client.sign_in(world.priya.person_id)
    assert "Asking for support" in first()
    assert "The queue" not in first()
    client.sign_in(world.ruth.person_id)
    assert "The queue" in first()
    assert "Asking for support" not in first()


def test_a_guide_is_found_by_its_words_those_with_them_in_a_heading_first(client: Client, world: make.World) -> None:
    client.sign_in(world.mere.person_id)
    assert found(client, "afterwards")[0] == "asking-for-support"
    assert found(client, "WHĀNAU") == found(client, "whanau")
    assert "letters" in found(client, "whanau")
    assert "asking-for-support" in found(client, "roll")
    assert found(client, "extends") == found(client, "govuk") == []
    assert "No guide has “zebra”" in unescape(client.get("/help/?q=zebra").text)
    assert found(client, "mind chang")[0] == "working-a-case"


def test_what_is_no_guide_does_not_exist(client: Client, world: make.World) -> None:
    client.sign_in(world.mere.person_id)
    for topic in ("_guide", "nothing", "..%2fprivacy"):
        assert client.get(f"/help/guides/{topic}").status_code == 404


@pytest.mark.parametrize(
    ("page", "topic"),
    [
        ("tom /portal/cases/{}/", "following-a-case"),
        ("mere /portal/referrals/new", "asking-for-support"),
        ("ana /workspace/cases/{}/letters/", "letters"),
        ("ana /workspace/cases/{}/caregivers/", "caregivers"),
        ("ana /workspace/cases/{}/", "working-a-case"),
        ("ana /workspace/cases/{}/plan", "the-plan"),
        ("ana /workspace/cases/{}/barriers/new", "the-plan"),
        ("ana /workspace/cases/{}/meetings", "visits-and-tasks"),
        ("ana /workspace/cases/{}/tasks/new", "visits-and-tasks"),
        ("ana /workspace/cases/{}/visit-sheet", "visits-and-tasks"),
        ("ana /workspace/cases/{}/transfer", "transfers"),
        ("ruth /workspace/transfers/", "transfers"),
        ("moana /ministry/transfers/", "transfers"),
        ("ruth /workspace/students/duplicates/", "one-student-or-two"),
        ("ruth /workspace/matches/", "one-student-or-two"),
        ("ruth /workspace/caseloads/", "cover-and-handover"),
        ("ana /workspace/reports/", "the-services-report"),
        ("ana /workspace/cases/{}/attendance", "reading-attendance"),
        ("mere /portal/cases/{}/attendance", "reading-attendance"),
        ("mere /portal/attendance/", "reading-attendance"),
        ("ruth /workspace/migrated/", "cases-of-another-system"),
        ("ruth /workspace/cases/{}/cover", "cover-and-handover"),
        ("oscar /notifications/", "notifications"),
    ],
)
def test_the_guide_stands_beside_its_task(
    client: Client, world: make.World, number: str, page: str, topic: str
) -> None:
    who, path = page.split()
    shown = client.sign_in(world.people[who].person_id).get(path.format(number)).text
    assert f'href="/help/guides/{topic}"' in shown


def test_every_task_has_a_guide() -> None:
    assert {topic for _, topic in TASKS} == set(TOPICS)
