"""Whoever comes to a page of another kind of organisation is led to their own one for the same; nothing else is said (A4)."""

import pytest

from app.people.models import Kind, Role
from app.people.rules import CASES_INSTEAD, PEOPLE_INSTEAD, same_page
from tests import make
from tests.support.client import Client

WHO = {
    "school": (Role.OFFICE_SUPPORT, Kind.SCHOOL),
    "service": (Role.CASE_MANAGER, Kind.SERVICE),
    "authoriser": (Role.DELEGATED_AUTHORISER, Kind.SCHOOL),
    "ministry": (Role.INVESTIGATOR, Kind.MINISTRY),
    "operator": (Role.OPERATOR, Kind.OPERATOR),
}


class Somebody:
    def __init__(self, who: str) -> None:
        self.role, self.organisation_kind = WHO[who]


@pytest.mark.parametrize(
    ("who", "path", "instead"),
    [
        ("school", "/workspace/cases/26-000001-0/timeline", "/portal/cases/"),
        ("school", "/workspace/people/", "/portal/people/"),
        ("school", "/ministry/people/", "/portal/people/"),
        ("school", "/workspace/queue/", None),
        ("school", "/portal/cases/26-000001-0/", None),
        ("school", "/cases/", None),
        ("service", "/portal/cases/26-000001-0/", "/workspace/cases/"),
        ("authoriser", "/workspace/cases/", None),
        ("authoriser", "/workspace/people/", "/portal/people/"),
        ("ministry", "/portal/cases/x", None),
        ("ministry", "/portal/people/", "/ministry/people/"),
        ("operator", "/portal/people/", None),
    ],
)
def test_which_page_is_the_same(who: str, path: str, instead: str | None) -> None:
    found = same_page(Somebody(who), path)
    assert (found[1] if found else None) == instead


def test_the_page_leads_there_and_is_the_same_whether_or_not_there_is_a_case(
    client: Client, peopled: make.World, with_case: str
) -> None:
    client.sign_in(peopled.mere.person_id)
    said = []
    for number in (with_case, "26-999999-9"):
        answer = client.get(f"/workspace/cases/{number}/")
        assert answer.status_code == 404
        assert f'<a class="govuk-link" href="/portal/cases/">{CASES_INSTEAD}</a>' in answer.text
        said.append(answer.text.partition("<main")[2].partition("</main")[0].replace(number, ""))
    assert said[0] == said[1]
    assert PEOPLE_INSTEAD in client.get("/workspace/people/").text
    client.sign_in(peopled.oscar.person_id)
    assert "Go to your first page" in client.get("/workspace/cases/").text


def test_who_works_there_too_changes_the_role_by_a_button(client: Client, peopled: make.World) -> None:
    def give() -> None:
        make.actor(peopled.mere, Role.CASE_MANAGER, peopled.te_awa)
        make.actor(peopled.tom, Role.DELEGATED_AUTHORISER, peopled.te_awa)

    client.outside(give)
    page = client.sign_in(peopled.mere.person_id, Role.ATTENDANCE_LEAD).get("/workspace/cases/?status=open")
    assert page.status_code == 404
    answer = client.fill(page, f"Work as case manager of {peopled.te_awa.name} and open this page")
    assert answer.location == "/workspace/cases/?status=open"
    assert client.get(answer.location).status_code == 200
    for who in (peopled.tom, peopled.priya):
        assert "and open this page" not in client.sign_in(who.person_id).get("/workspace/cases/").text
