"""Caregivers as whoever works a case sees and changes them (CASE-14); a school learns nothing of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.core.events import Audit, Outbox
from app.students.models import Caregiver, FormerCaregiver
from app.students.queries import caregivers_given_by
from tests import make
from tests.support.client import Client
from tests.support.markup import words

CEILINGS = {"list": 5, "form": 4, "post": 10, "details": 14}
"""Of an address or a phone it is read and written by what the student is found, too."""
NAN = {
    "name": " Rina  Te Whānau ",
    "relationship": "nan",
    "has_responsibility": "yes",
    "may_be_contacted": "yes",
    "contact_note": "by text, after four",
    "lives_with_student": "no",
    "address": "7 Rātā Road \r\n\r\n Tawa\r\nWellington 5028",
    "address_source": "Rina, by phone",
    "address_state": "current",
    "phone": "027 555 0111",
    "email": "rina@whanau.example",
    "language": "Te reo Māori",
}


@pytest.fixture
def here(number: str) -> str:
    """The caregivers of Hēmi’s case; his school has named Ngaire."""
    return f"/workspace/cases/{number}/caregivers/"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


@pytest.fixture
def ngaire(client: Client, here: str) -> str:
    found: str = client.outside(lambda: db.session.scalars(select(Caregiver.public_id)).one())
    return f"{here}{found}"


def today() -> dict[str, str]:
    day = clock.today()
    return dict(zip(("day", "month", "year"), map(str, (day.day, day.month, day.year)), strict=True))


def checked(**boxes: str) -> dict[str, str]:
    return {f"address_checked_on-{box}": text for box, text in (boxes or today()).items()}


def only(client: Client, **values: Any) -> Any:
    """The caregiver with these values, as (field → value)."""

    def read() -> Any:
        statement = select(Caregiver.__table__).filter_by(**values)
        return db.session.execute(statement).one()

    return client.outside(read)


def count(client: Client, table: Any, **values: Any) -> int:
    statement = select(func.count()).select_from(table).filter_by(**values)
    found: int = client.outside(lambda: db.session.scalar(statement))
    return found


def test_whoever_works_the_case_names_somebody(ana: Client, world: make.World, here: str) -> None:
    answer = ana.fill(ana.get(f"{here}new"), "Add this caregiver", **NAN, **checked())
    assert answer.status_code == 303
    assert ana.statements.count <= CEILINGS["details"]
    row = only(ana, given_by_id=world.te_awa.id)
    assert (row.name, row.address) == ("Rina Te Whānau", "7 Rātā Road\nTawa\nWellington 5028")
    assert (row.has_responsibility, row.may_be_contacted, row.lives_with_student) == (True, True, False)
    assert (row.address_state, row.address_checked_on) == ("current", clock.today())
    page = ana.get(here)
    assert ana.statements.count <= CEILINGS["list"]
    for text in ("Rina Te Whānau, nan", "Te Awa Attendance Service", "Rina, by phone", "by text, after four"):
        assert text in words(page)
    assert count(ana, Audit, event="caregiver.added") == 1
    assert count(ana, Outbox, event="caregiver.added") == 0


def test_the_case_leads_to_its_caregivers(ana: Client, here: str) -> None:
    assert f'href="{here}"' in ana.get(here.replace("caregivers/", "")).text


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client, here: str) -> None:
    typed = {
        **NAN,
        "phone": "ring me",
        "email": "rina",
        "relationship": "",
        "may_be_contacted": "no",
        "contact_note": "",
    }
    answer = ana.fill(ana.get(f"{here}new"), "Add this caregiver", **typed, **checked(day="31", month="2", year="2026"))
    assert answer.status_code == 422
    for text in ("ring me", "7 Rātā Road", "Tawa", "Te reo Māori", 'value="31"', "rina"):
        assert text in words(answer)
    for fault in ("like 04 555 0100", "name@example.nz", "related to the student", "why they may not", "no such day"):
        assert fault in words(answer)
    assert 'id="may_be_contacted-2" name="may_be_contacted" type="radio" value="no" checked' in answer.text
    assert count(ana, Caregiver) == 1


def test_an_address_that_the_window_does_not_show_is_kept_and_said(ana: Client, here: str) -> None:
    lines = "\n".join(f"Line {number}" for number in range(9))
    ana.fill(ana.get(f"{here}new"), "Add this caregiver", **{**NAN, "address": lines}, **checked())
    assert "the envelope’s window shows" in words(ana.get(here))


def test_a_change_keeps_who_named_them_and_what_was_said(
    ana: Client, world: make.World, here: str, ngaire: str
) -> None:
    page = ana.get(ngaire)
    assert ana.statements.count <= CEILINGS["form"]
    assert "Named by Tawa Awa College" in words(page)
    answer = ana.fill(page, "Save", phone="027 555 0122", has_responsibility="yes")
    assert answer.status_code == 303
    assert ana.statements.count <= CEILINGS["details"]
    row = only(ana, given_by_id=world.tawa.id)
    assert (row.phone, row.has_responsibility, row.changed_by_id) == ("027 555 0122", True, world.ana.person_id)
    former = ana.outside(lambda: db.session.execute(select(FormerCaregiver.__table__)).one())
    assert (former.phone, former.has_responsibility, former.number) == (make.ANSWERS["caregiver_phone"], None, 1)
    assert "Changed by Ana Tuhoro" in words(ana.get(here))
    assert count(ana, Audit, event="caregiver.changed") == 1


def test_saving_what_stands_there_changes_nothing(ana: Client, ngaire: str) -> None:
    assert ana.fill(ana.get(ngaire), "Save").status_code == 303
    assert count(ana, FormerCaregiver) == 0
    assert count(ana, Audit, event="caregiver.changed") == 0


def test_another_address_needs_whoever_told_it(ana: Client, ngaire: str) -> None:
    answer = ana.fill(ana.get(ngaire), "Save", address="7 Rātā Road")
    assert answer.status_code == 422
    assert "Say who told you this address" in words(answer)


def test_two_people_who_edit_at_once_see_both(
    ana: Client, another_client: Callable[[], Client], world: make.World, ngaire: str
) -> None:
    ruth = another_client().sign_in(world.ruth.person_id)
    page = ana.get(ngaire)
    ruth.fill(ruth.get(ngaire), "Save", phone="027 555 0133", language="Samoan")
    both = ana.fill(page, "Save", phone="027 555 0144", contact_note="not before noon")
    assert both.status_code == 409
    said = words(both)
    assert "Ruth Whaanga changed this meanwhile" in said
    assert "027 555 0133" in said
    assert "Yours, if you save:</b> 027 555 0144" in said
    assert "Yours, if you save:</b> Samoan" not in said
    assert only(ana, relationship="mother").phone == "027 555 0133"
    assert ana.fill(both, "Save").status_code == 303
    row = only(ana, relationship="mother")
    assert (row.phone, row.language, row.contact_note) == ("027 555 0144", "Samoan", "not before noon")
    assert count(ana, FormerCaregiver) == 2


def test_a_page_without_a_version_changes_nothing(ana: Client, ngaire: str) -> None:
    answer = ana.fill(ana.get(ngaire), "Save", version="", phone="027 555 0144")
    assert answer.status_code == 409
    assert count(ana, FormerCaregiver) == 0


def test_somebody_is_ended_and_not_deleted(ana: Client, here: str, ngaire: str) -> None:
    asked = ana.get(f"{ngaire}/ending")
    assert "Is Ngaire Te Whānau not a caregiver any more?" in words(asked)
    assert count(ana, Caregiver, ended_at=None) == 1
    assert ana.fill(asked, "Not a caregiver any more").status_code == 303
    assert ana.fill(asked, "Not a caregiver any more", once="again").status_code == 303
    assert (count(ana, Caregiver), count(ana, Caregiver, ended_at=None)) == (1, 0)
    assert count(ana, Audit, event="caregiver.ended") == 1
    assert "Not named any more" in words(ana.get(here))
    for path in (ngaire, f"{ngaire}/ending"):
        assert ana.get(path).status_code == 409
    assert ana.send(ngaire, **NAN).status_code == 409


def test_on_a_closed_case_they_are_read_only(ana: Client, world: make.World, here: str, ngaire: str) -> None:
    ana.outside(lambda: make.closed(db.session.scalars(select(Case)).one(), by=world.ruth))
    page = ana.get(here)
    assert page.status_code == 200
    assert "Name a caregiver" not in page.text
    assert f'href="{ngaire}"' not in page.text
    for path in (f"{here}new", ngaire, f"{ngaire}/ending"):
        assert (ana.get(path).status_code, ana.send(path, **NAN).status_code) == (403, 403)
    assert count(ana, Caregiver) == 1


def test_a_caregiver_of_another_case_is_not_there(ana: Client, world: make.World, here: str) -> None:
    def another() -> str:
        make.submitted(world.priya, world.ng, contact=world.tom)
        newest = select(Caregiver.public_id).order_by(Caregiver.id.desc())
        return str(db.session.scalars(newest).first())

    assert ana.get(f"{here}{ana.outside(another)}").status_code == 404


def test_the_school_goes_on_from_its_own_words_and_learns_nothing(
    ana: Client, another_client: Callable[[], Client], world: make.World, here: str, ngaire: str
) -> None:
    """Neither what the service found, nor that it named or ended somebody, shows on any page of the school."""
    ana.fill(ana.get(f"{here}new"), "Add this caregiver", **NAN, **checked())
    ana.fill(
        ana.get(ngaire), "Save", name="Zqxwv Wrong", phone="027 555 0155", address="9 Zqxwv Street", address_source="x"
    )
    ana.fill(ana.get(f"{ngaire}/ending"), "Not a caregiver any more")
    known = ana.outside(lambda: [tuple(row) for row in caregivers_given_by(world.tawa.id, world.whanau.id)])
    assert [row[1:4] for row in known] == [("Ngaire Te Whānau", "mother", make.ANSWERS["caregiver_phone"])]
    mere = another_client().sign_in(world.mere.person_id)
    draft = mere.send("/portal/referrals/", student=world.whanau.public_id).location or ""
    number = here.split("/")[3]
    pages = [draft, *(f"/portal/cases/{number}/{page}" for page in ("", "request", "files", "access"))]
    text = "".join(words(mere.get(path)) for path in pages)
    assert "Ngaire Te Whānau" in text
    for hidden in ("Zqxwv", "Rina", "Rātā Road", "027 555 0155", "027 555 0111", "caregiver was", "named a caregiver"):
        assert hidden not in text


def test_a_school_that_asks_again_names_nobody_twice(ana: Client, world: make.World, ngaire: str) -> None:
    ana.fill(ana.get(ngaire), "Save", phone="027 555 0155")
    ana.outside(lambda: make.submitted(world.priya, world.whanau, contact=world.tom))
    assert count(ana, Caregiver) == 1
    again = {"caregiver_phone": "04 555 0177"}
    ana.outside(lambda: make.submitted(world.priya, world.whanau, contact=world.tom, **again))
    assert count(ana, Caregiver) == 2


@pytest.mark.parametrize("who", ["mere", "priya", "tom", "david", "wiremu", "lupe", "moana"])
def test_nobody_else_sees_or_changes_them(client: Client, world: make.World, here: str, ngaire: str, who: str) -> None:
    client.sign_in(world.people[who].person_id)
    portal = here.replace("/workspace/", "/portal/")
    for path in (here, f"{here}new", ngaire, f"{ngaire}/ending", portal):
        answer = client.get(path)
        assert answer.status_code == 404
        assert "Ngaire" not in answer.text
    assert client.send(ngaire, **NAN).status_code == 404
    assert count(client, FormerCaregiver) == 0


def test_the_log_says_what_was_opened_and_done(ana: Client, world: make.World, here: str, ngaire: str) -> None:
    ana.get(here)
    ana.fill(ana.get(ngaire), "Save", phone="027 555 0155")
    page = ana.sign_in(world.ruth.person_id).get(here.replace("caregivers/", "access"))
    assert "opened the caregivers" in page.text
    assert "changed what is recorded of a caregiver" in page.text
    assert "Ngaire" not in page.text


def test_a_day_of_checking_cannot_be_still_to_come(ana: Client, here: str) -> None:
    day = clock.today() + timedelta(days=1)
    boxes = checked(day=str(day.day), month=str(day.month), year=str(day.year))
    answer = ana.fill(ana.get(f"{here}new"), "Add this caregiver", **NAN, **boxes)
    assert (answer.status_code, "still to come" in answer.text) == (422, True)


def press(client: Client, here: str, button: str) -> TestResponse:
    """One of the buttons beside a number or an address."""
    return client.fill(client.get(here), button)


def test_one_press_says_that_they_were_reached(ana: Client, here: str) -> None:
    answer = press(ana, here, "Reached today: Ngaire Te Whānau, Phone")
    assert answer.status_code == 303
    assert ana.statements.count <= CEILINGS["post"]
    row = only(ana, relationship="mother")
    assert (row.phone_state, row.phone_checked_on) == ("current", clock.today())
    assert (row.address_state, row.email_state) == ("not_tried", "not_tried")
    former = ana.outside(lambda: db.session.execute(select(FormerCaregiver.__table__)).one())
    assert former.phone_state == "not_tried"
    press(ana, here, "Reached today: Ngaire Te Whānau, Phone")
    assert count(ana, FormerCaregiver) == 1, "of the same day it is said once"


def test_a_number_that_was_changed_meanwhile_is_not_said_to_be_wrong(ana: Client, here: str, ngaire: str) -> None:
    page = ana.get(here)
    ana.fill(ana.get(ngaire), "Save", phone="027 555 0122")
    answer = ana.fill(page, "Not current: Ngaire Te Whānau, Phone")
    assert (answer.status_code, "was changed meanwhile" in words(answer)) == (409, True)
    assert only(ana, relationship="mother").phone_state == "not_tried"


@pytest.mark.parametrize("typed", [{"detail": "name", "found": "reached"}, {"detail": "phone", "found": "x"}])
def test_what_is_on_no_button_is_refused(ana: Client, ngaire: str, typed: dict[str, str]) -> None:
    assert ana.send(f"{ngaire}/details", **typed).status_code == 409
    assert count(ana, FormerCaregiver) == 0


def test_nobody_can_be_reached_any_more_and_then_somebody_can(ana: Client, here: str, ngaire: str) -> None:
    case = here.removesuffix("caregivers/")
    assert "No current contact details" not in words(ana.get(case))
    press(ana, here, "Not current: Ngaire Te Whānau, Phone")
    assert "No current contact details" in words(ana.get(case))
    ana.fill(ana.get(ngaire), "Save", phone="027 555 0122")
    assert only(ana, relationship="mother").phone_state == "not_tried", "another number is tried anew"
    assert "No current contact details" not in words(ana.get(case))
    page = words(ana.get(here))
    assert "04 555 0100 (until" in page


def test_letters_go_as_they_chose(ana: Client, here: str, ngaire: str) -> None:
    answer = ana.fill(ana.get(ngaire), "Save", letters_by="email")
    assert answer.status_code == 422
    for fault in ("Write the e-mail address that letters go to", "on which day they chose"):
        assert fault in words(answer)
    chosen = {f"letters_by_on-{box}": text for box, text in today().items()}
    ana.fill(ana.get(ngaire), "Save", letters_by="email", email="ngaire@whanau.example", **chosen)
    row = only(ana, relationship="mother")
    assert (row.letters_by, row.letters_by_on) == ("email", clock.today())
    assert "By e-mail, chosen" in words(ana.get(here))
