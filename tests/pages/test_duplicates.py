"""The pages of likely duplicates: listed, put side by side, merged, and parted again (P18)."""

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.cases.standing import move
from app.core.db import db
from app.core.seen import ViewLog
from app.students.models import Student
from app.students.records.models import MergeState, StudentMerge
from tests import make
from tests.support.client import Client

LIST = "/workspace/students/duplicates/"
WHY = "The same mother came to both meetings."


@pytest.fixture
def twins(client: Client, world: make.World, number: str) -> tuple[str, str]:
    """The address of the pair, and the number of the later case, which is closed."""

    def made() -> tuple[str, str]:
        first = db.session.scalars(select(Case).where(Case.number == number)).one()
        second = make.closed(make.twice(world, first), by=world.ruth)
        ids = [db.session.get_one(Student, case.student_id).public_id for case in (first, second)]
        return f"{LIST}{ids[0]}/{ids[1]}", second.number

    found: tuple[str, str] = client.outside(made)
    return found


def state(client: Client) -> list[MergeState]:
    return list(client.outside(lambda: db.session.scalars(select(StudentMerge.state)).all()))


def test_from_my_work_to_two_records_side_by_side(
    client: Client, world: make.World, twins: tuple[str, str], number: str
) -> None:
    client.sign_in(world.ruth.person_id)
    assert f'href="{LIST}"' in client.get("/workspace/").text
    assert "Recorded twice?" in client.get(f"/workspace/cases/{number}/").text
    assert f'href="{twins[0]}"' in client.get(LIST).text
    page = client.get(twins[0]).text
    for said in (
        "The same in both: the name, the date of birth.",
        number,
        twins[1],
        "3 Awa Lane",
        "Puna Street School",
    ):
        assert said in page
    assert client.statements.count <= 15
    client.sign_in(world.david.person_id)
    assert twins[0] not in client.get(LIST).text
    client.sign_in(world.lupe.person_id)
    assert "Whānau" not in client.get(LIST).text


def test_the_list_asks_three_times(client: Client, world: make.World, twins: tuple[str, str]) -> None:
    client.sign_in(world.ruth.person_id).get(LIST)
    assert client.statements.count <= 3


def test_proposed_by_one_confirmed_by_another_and_undone(
    client: Client, world: make.World, twins: tuple[str, str], number: str
) -> None:
    client.sign_in(world.ana.person_id)
    answer = client.send(f"{twins[0]}/merge", goes="later", why=WHY)
    merge = answer.location
    assert "/workspace/students/merges/" in merge
    assert "says whether it is so" in client.get(merge).text
    assert client.send(f"{merge}/confirmation").status_code == 403
    client.sign_in(world.ruth.person_id)
    assert "Waits for a second person" in client.get(LIST).text
    assert WHY in client.get(merge).text
    assert client.send(f"{merge}/confirmation").location == LIST
    assert "went into that of" in client.get(f"/workspace/cases/{twins[1]}/").text
    assert "made one record of two" in client.get(f"/workspace/cases/{twins[1]}/access").text
    assert "Recorded twice?" not in client.get(f"/workspace/cases/{number}/").text
    assert "It can be undone until" in client.get(merge).text
    assert client.send(f"{merge}/undoing").location == LIST
    assert "<strong>Undone</strong>" in client.get(merge).text
    assert state(client) == [MergeState.UNDONE]


def test_each_case_says_that_both_records_were_put_side_by_side(
    client: Client, world: make.World, twins: tuple[str, str], number: str
) -> None:
    client.sign_in(world.ana.person_id).get(twins[0])
    merge = client.send(f"{twins[0]}/merge", goes="later", why=WHY).location
    client.get(merge)
    pages = select(ViewLog.page, Case.number).join(Case, Case.id == ViewLog.case_id)
    logged = client.outside(lambda: sorted(row.number for row in db.session.execute(pages) if "side" in row.page))
    assert logged == sorted([number, twins[1]] * 2)
    client.sign_in(world.ruth.person_id)
    assert "two records side by side" in client.get(f"/workspace/cases/{number}/access").text


def test_what_became_of_it_is_no_longer_there_for_who_works_a_case_no_more(
    client: Client, world: make.World, twins: tuple[str, str]
) -> None:
    client.sign_in(world.ruth.person_id)
    merge = client.send(f"{twins[0]}/merge", goes="later", why=WHY).location

    def go_away() -> None:
        case = db.session.scalars(select(Case).where(Case.number == twins[1])).one()
        move(case, service_id=world.maunga.id, by=world.ruth)
        db.session.commit()

    assert client.get(merge).status_code == 200
    client.outside(go_away)
    assert client.get(merge).status_code == 404
    assert client.send(f"{merge}/refusal", why="Cousins.").status_code == 404
    assert merge not in client.get(LIST).text


def test_two_students_with_why(client: Client, world: make.World, twins: tuple[str, str]) -> None:
    client.sign_in(world.ana.person_id)
    page = client.send(f"{twins[0]}/two", why=" ")
    assert page.status_code == 422
    assert "Say what shows" in page.text
    assert client.send(f"{twins[0]}/two", why="Cousins.").location == LIST
    assert state(client) == [MergeState.REFUSED]
    assert twins[0] not in client.get(LIST).text


def test_what_is_missing_is_said(client: Client, world: make.World, twins: tuple[str, str]) -> None:
    client.sign_in(world.ana.person_id)
    page = client.send(f"{twins[0]}/merge", why=WHY)
    assert page.status_code == 422
    assert "Say which record goes into the other" in page.text
    assert WHY in page.text
    assert state(client) == []


def test_of_two_cases_not_closed_the_page_leads_to_closing_one(
    client: Client, world: make.World, number: str, twins: tuple[str, str]
) -> None:
    def open_again() -> tuple[str, str]:
        first = db.session.scalars(select(Case).where(Case.number == number)).one()
        third = make.twice(world, first)
        return db.session.get_one(Student, third.student_id).public_id, third.number

    later, third = client.outside(open_again)
    client.sign_in(world.ruth.person_id)
    pair = f"{twins[0].rsplit('/', 1)[0]}/{later}"
    assert f'href="/workspace/cases/{third}/status/closing/duplicate"' in client.get(pair).text
    merge = client.send(f"{pair}/merge", goes="later", why=WHY).location
    refused = client.send(f"{merge}/confirmation")
    assert refused.status_code == 409
    assert "Close one of them as a duplicate first" in refused.text


def test_an_only_lead_alone_is_said_so(client: Client, world: make.World, twins: tuple[str, str]) -> None:
    client.sign_in(world.ruth.person_id)
    merge = client.send(f"{twins[0]}/merge", goes="later", why=WHY).location
    assert "has no other workflow lead" in client.get(merge).text
    assert client.send(f"{merge}/confirmation").status_code == 303
    assert "alone" in client.get(merge).text


@pytest.mark.parametrize("path", ["nobody/no-one", "same/same"])
def test_what_is_no_pair_is_not_there(client: Client, world: make.World, path: str) -> None:
    assert client.sign_in(world.ruth.person_id).get(f"{LIST}{path}").status_code == 404


def test_the_page_says_why_it_cannot_be_undone_over_another_service(
    client: Client, world: make.World, twins: tuple[str, str]
) -> None:
    """And an undoing that was under way meanwhile changes nothing."""
    client.sign_in(world.ruth.person_id)
    merge = client.send(f"{twins[0]}/merge", goes="later", why=WHY).location
    client.send(f"{merge}/confirmation")
    assert "Undo: they are two students" in client.get(merge).text

    def go_away() -> None:
        move(
            db.session.scalars(select(Case).where(Case.number == twins[1])).one(),
            service_id=world.maunga.id,
            by=world.ruth,
        )
        db.session.commit()

    client.outside(go_away)
    page = client.get(merge).text
    assert "with another service now" in page
    assert "Undo: they are two students" not in page
    answer = client.send(f"{merge}/undoing")
    assert answer.status_code == 409
    assert "with another service now" in answer.text
    assert state(client) == [MergeState.CONFIRMED]
