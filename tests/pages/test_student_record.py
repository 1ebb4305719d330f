"""A student's record as a service and a school each see and change it (CASE-17), and an enrolment elsewhere (CAL-5)."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from app.attendance.tallies.models import TallyDue
from app.cases.models import Case
from app.cases.transfers.models import Transfer, TransferState
from app.core import clock
from app.core.db import db
from app.students.models import Enrolment, EnrolmentSource, Student
from app.students.records.finding import find_by_details
from app.students.records.models import FormerStudent
from tests import make
from tests.attendance import marked
from tests.support.client import Client

CEILINGS = {"page": 7, "form": 5, "post": 9}


@pytest.fixture
def here(number: str) -> str:
    return f"/workspace/cases/{number}/student"


@pytest.fixture
def ana(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ana.person_id)


def words(page: TestResponse) -> str:
    return unescape(page.text)


def student(client: Client, world: make.World) -> Any:
    found = select(Student.__table__).where(Student.id == world.whanau.id)
    return client.outside(lambda: db.session.execute(found).one())


def boxes(name: str, day: Any) -> dict[str, str]:
    return {f"{name}-day": str(day.day), f"{name}-month": str(day.month), f"{name}-year": str(day.year)}


def test_the_record_is_one_page_that_the_case_leads_to(ana: Client, here: str) -> None:
    assert f'href="{here}"' in ana.get(here.removesuffix("student")).text
    page = words(ana.get(here))
    assert ana.statements.count <= CEILINGS["page"]
    for text in ("Hēmi Whānau", "Date of birth", "Tawa Awa College", "Year 10", "The school’s roll"):
        assert text in page


def test_what_is_changed_is_kept_and_former_names_still_find(ana: Client, world: make.World, here: str) -> None:
    page = ana.get(f"{here}/change")
    assert ana.statements.count <= CEILINGS["form"]
    typed = {"legal_name": "Hēmi Zqxwvpōtae", "needs_interpreter": "yes", "language": "Samoan"}
    back = clock.today() + timedelta(days=9)
    said = {"return_said_by": "Ngaire, by phone", **boxes("return_on", back)}
    assert ana.fill(page, "Save", **typed, **said).status_code == 303
    assert ana.statements.count <= CEILINGS["post"] + 4, (
        "names are written for each organisation that may look for them"
    )
    row = student(ana, world)
    assert (row.legal_name, row.needs_interpreter, row.return_on) == ("Hēmi Zqxwvpōtae", True, back)
    assert row.national_number is None, "nobody said one: of two records without a number both are changed"
    assert row.sort_key == "zqxwvpotae hemi"
    former = ana.outside(lambda: db.session.execute(select(FormerStudent.__table__)).one())
    assert (former.legal_name, former.number, former.by_id) == (world.whanau.name, 1, world.ana.person_id)
    shown = words(ana.get(here))
    assert f"Formerly {world.whanau.name}" in shown
    assert "said Ngaire, by phone" in shown
    for sought in ("zqxwvpotae", "whanau"):
        assert "Hēmi Zqxwvpōtae" in words(ana.get(f"/search?q={sought}")), sought


def test_nothing_typed_is_lost_when_something_is_wrong(ana: Client, here: str) -> None:
    typed = {"legal_name": " ", "phone": "ring me", "national_number": "12x", "language": "Samoan"}
    answer = ana.fill(ana.get(f"{here}/change"), "Save", **typed, **boxes("return_on", clock.today()))
    assert answer.status_code == 422
    for text in ("student’s legal name", "ring me", "in digits", "Say who said so", "Samoan"):
        assert text in words(answer)
    assert not ana.outside(lambda: db.session.scalars(select(FormerStudent)).all())


def test_a_number_of_another_record_is_refused_and_tells_nothing(ana: Client, world: make.World, here: str) -> None:
    def number() -> None:
        db.session.get_one(Student, world.other.id).national_number = "123456789"

    ana.outside(number)
    answer = ana.fill(ana.get(f"{here}/change"), "Save", national_number="123456789")
    assert (answer.status_code, world.other.name in words(answer)) == (422, False)
    assert "cannot be recorded here" in words(answer)
    assert ana.fill(ana.get(f"{here}/change"), "Save", national_number="123 456 780").status_code == 303
    assert student(ana, world).national_number == "123456780"
    assert 'name="national_number"' not in ana.get(f"{here}/change").text
    ana.fill(ana.get(f"{here}/change"), "Save", national_number="1")
    assert student(ana, world).national_number == "123456780", "what is recorded stays"


def test_two_people_who_edit_at_once_see_both(
    ana: Client, another_client: Callable[[], Client], world: make.World, here: str
) -> None:
    ruth, page = another_client().sign_in(world.ruth.person_id), ana.get(f"{here}/change")
    ruth.fill(ruth.get(f"{here}/change"), "Save", language="Samoan", phone="04 555 0133")
    both = ana.fill(page, "Save", phone="04 555 0144")
    assert both.status_code == 409
    for text in ("Ruth Whaanga changed this meanwhile", "04 555 0133", "Yours, if you save:</b> 04 555 0144"):
        assert text in words(both)
    assert ana.fill(both, "Save").status_code == 303
    row = student(ana, world)
    assert (row.phone, row.language) == ("04 555 0144", "Samoan")


def test_a_school_goes_on_from_its_own_words(
    ana: Client, another_client: Callable[[], Client], world: make.World, here: str
) -> None:
    """It learns no contact details that others found out, and what it does not touch stays."""
    ana.fill(ana.get(f"{here}/change"), "Save", address="9 Zqxwv Street", phone="04 555 0155", language="Samoan")
    theirs = here.replace("workspace", "portal")
    tom = another_client().sign_in(world.tom.person_id)
    page, form = words(tom.get(theirs)), tom.get(f"{theirs}/change")
    assert "Samoan" in page
    for hidden in ("Zqxwv", "04 555 0155", "Siblings"):
        assert hidden not in page + words(form)
    assert tom.fill(form, "Save", preferred_name="Hem").status_code == 303
    row = student(ana, world)
    assert (row.preferred_name, row.address, row.phone) == ("Hem", "9 Zqxwv Street", "04 555 0155")
    assert "Zqxwv" not in words(tom.get(theirs)), "its own change of a name shows it nothing more"
    tom.fill(tom.get(f"{theirs}/change"), "Save", address="1 Rātā Road")
    assert student(ana, world).address == "1 Rātā Road"
    assert "1 Rātā Road" in words(tom.get(theirs))
    draft = tom.send("/portal/referrals/", student=world.whanau.public_id).location or ""
    assert "Zqxwv" not in words(tom.get(draft))


def test_a_new_request_is_filled_in_with_what_the_school_said(ana: Client, world: make.World, here: str) -> None:
    ana.fill(ana.get(f"{here}/change"), "Save", address="9 Zqxwv Street")
    tom = ana.sign_in(world.tom.person_id)
    draft = tom.send("/portal/referrals/", student=world.whanau.public_id).location or ""
    assert "Zqxwv" not in words(tom.get(draft))


def test_what_the_first_school_had_on_its_roll_is_not_another_schools(
    ana: Client, world: make.World, here: str
) -> None:
    """Another one that sees the case reads and finds by what it said itself."""

    def at_both() -> None:
        row = db.session.get_one(Student, world.whanau.id)
        row.address, row.phone = "9 Zqxwv Street", "04 555 0155"
        db.session.flush()
        make.enrolled(world.whanau.id, world.puna)
        find_by_details(world.whanau.id)

    ana.outside(at_both)
    theirs, known = here.replace("workspace", "portal"), ("9 Zqxwv Street", "04 555 0155")
    tom = ana.sign_in(world.tom.person_id)
    assert all(text in words(tom.get(theirs)) for text in known)
    assert all(world.whanau.name in words(tom.get(f"/search?q={text}")) for text in known)
    jin = ana.sign_in(world.jin.person_id)
    assert world.whanau.name in words(jin.get(theirs))
    assert not any(text in words(jin.get(theirs)) + words(jin.get(f"{theirs}/change")) for text in known)
    assert not any(world.whanau.name in words(jin.get(f"/search?q={text}")) for text in known)
    jin.fill(jin.get(f"{theirs}/change"), "Save", address="1 Puna Road")
    assert "1 Puna Road" in words(jin.get(theirs))
    tom = ana.sign_in(world.tom.person_id)
    assert "9 Zqxwv Street" in words(tom.get(theirs))


@pytest.mark.parametrize("who", ["aroha", "jin", "david", "wiremu", "lupe", "moana"])
def test_to_others_there_is_nothing(client: Client, world: make.World, here: str, who: str) -> None:
    client.sign_in(world.people[who].person_id)
    for path in (here, here.replace("workspace", "portal")):
        assert client.get(path).status_code == 404
        assert client.send(f"{path}/change", legal_name="No").status_code == 404


class TestElsewhere:
    """An enrolment that somebody knows of."""

    def record(self, client: Client, here: str, **typed: str) -> TestResponse:
        page = client.get(f"{here}/enrolment?q=puna")
        return client.fill(page, "Record this enrolment", **{**self.said(), **typed})

    def said(self) -> dict[str, str]:
        said = {"year_level": "10", "evidence": "Their office, by phone", "school": "9002"}
        return said | boxes("from_on", clock.today())

    def test_it_stands_with_its_evidence_and_the_school_waits(self, ana: Client, world: make.World, here: str) -> None:
        assert self.record(ana, here).status_code == 303
        of_puna = select(Enrolment.__table__).where(Enrolment.school_id == world.puna.id)
        mine = of_puna.where(Enrolment.student_id == world.whanau.id)
        row = ana.outside(lambda: db.session.execute(mine).one())
        assert (row.source, row.evidence, row.recorded_by_id) == (
            "person",
            "Their office, by phone",
            world.ana.person_id,
        )
        assert row.cases_from > clock.today(), "the case manager looks through what is shared first (CASE-10)"
        assert "Puna Street School" in words(ana.get(here))
        assert "recorded as enrolled at this school already" in words(self.record(ana, here))

    def test_nothing_typed_is_lost_when_something_is_wrong(self, ana: Client, here: str) -> None:
        answer = self.record(ana, here, school="nowhere", year_level="x", evidence=" ")
        assert answer.status_code == 422
        for text in ("Choose the school", "Write the year level", "what you know it from", "Puna Street School"):
            assert text in words(answer)
        assert "No school is found" in words(ana.get(f"{here}/enrolment?q=zqxwv"))

    def test_a_primary_contact_does_not_record_it(self, client: Client, world: make.World, here: str) -> None:
        tom = client.sign_in(world.tom.person_id)
        theirs = here.replace("workspace", "portal")
        assert tom.get(f"{theirs}/enrolment").status_code == 403
        assert "enrolled at another school" not in words(tom.get(theirs))
        assert self.record(tom.sign_in(world.mere.person_id), theirs).status_code == 303

    def test_a_school_reads_what_its_own_people_recorded_and_no_more(
        self, client: Client, another_client: Callable[[], Client], world: make.World, here: str
    ) -> None:
        theirs = here.replace("workspace", "portal")
        ana = another_client().sign_in(world.ana.person_id)
        page = ana.get(f"{here}/enrolment?q=bay")
        number = re.findall(r'name="school"[^>]* value="(9\d+)"', page.text)[0]
        ana.fill(page, "Record this enrolment", **{**self.said(), "school": number, "evidence": "Zqxwv told us"})
        mere = client.sign_in(world.mere.person_id)
        self.record(mere, theirs)
        for who in (world.mere, world.priya):
            read = words(client.sign_in(who.person_id).get(theirs))
            assert ("Puna Street School" in read, "Their office, by phone" in read) == (True, True)
            assert ("Tawa Awa College" in read, "Zqxwv" in read, world.bay.name in read) == (True, False, False)
        assert "Zqxwv" in words(ana.get(here))

    def test_new_entrants_are_in_year_0_and_nobody_in_14(self, ana: Client, here: str) -> None:
        answer = self.record(ana, here, year_level="14")
        assert (answer.status_code, "Write the year level, 0 to 13" in words(answer)) == (422, True)
        assert self.record(ana, here, year_level="0").status_code == 303
        assert "Year 0" in words(ana.get(here))

    def test_what_was_recorded_by_mistake_is_taken_back(
        self, client: Client, another_client: Callable[[], Client], world: make.World, here: str
    ) -> None:
        """By any colleague who may record it; the school that sees nothing any more saw it a moment before."""
        theirs, seen = here.replace("workspace", "portal"), here.replace("workspace", "portal").removesuffix("student")
        self.record(client.sign_in(world.priya.person_id), theirs)
        client.outside(lambda: db.session.execute(update(Enrolment).values(cases_from=clock.today())))
        sione = another_client().sign_in(world.sione.person_id)
        assert sione.get(seen).status_code == 200
        assert world.whanau.name in words(sione.get("/portal/cases/"))
        mere = client.sign_in(world.mere.person_id)
        page = mere.get(f"{theirs}/enrolment/9002/retraction")
        assert all(text in words(page) for text in ("Puna Street School", "Priya", "Their office, by phone"))
        assert mere.fill(page, "It was a mistake", why=" ").status_code == 422
        assert sione.get(seen).status_code == 200
        answer = mere.fill(page, "It was a mistake", why="It is the other Puna Street.")
        assert answer.status_code == 303
        assert mere.statements.count <= CEILINGS["post"], mere.statements.texts
        assert "Taken back: Puna Street School sees nothing" in words(mere.get(theirs))
        assert "Puna Street School" not in words(mere.get(theirs))
        for path in (seen, theirs):
            assert sione.get(path).status_code == 404
        listed = (f"/portal/{path}" for path in ("", "cases/", "cases/?status=closed", "cases/former/"))
        for path in (*listed, f"/search?q={world.whanau.name}"):
            assert f"{number_in(here)}/" not in sione.get(path).text, path
        for who, page_of in ((world.mere, seen), (world.ana, here.removesuffix("student"))):
            kept = words(client.sign_in(who.person_id).get(page_of))
            said = ("enrolled at Puna Street School from", "Priya", "Their office, by phone", "the other Puna Street.")
            assert all(text in kept for text in said)
        assert client.get(f"{here}/enrolment/9002/retraction").status_code == 404
        assert self.record(mere.sign_in(world.mere.person_id), theirs).status_code == 303, "it can be recorded anew"

    def test_what_its_school_sent_marks_of_is_counted_anew_without_it(
        self, ana: Client, world: make.World, here: str
    ) -> None:
        numbers = ("9002", "9003")
        for number in numbers:
            self.record(ana, here, school=number)
        ana.outside(lambda: marked.term(world.puna, world.whanau, "TTPPPPPPPP"))
        for number in numbers:
            page = ana.get(f"{here}/enrolment/{number}/retraction")
            assert ana.fill(page, "It was a mistake", why="It is the other one.").status_code == 303
        due = ana.outside(lambda: db.session.execute(select(TallyDue.school_id, TallyDue.from_on)).all())
        assert due == [(world.puna.id, marked.TERM_1)]

    def test_nobody_takes_back_what_another_organisation_recorded_or_a_roll_says(
        self, client: Client, another_client: Callable[[], Client], world: make.World, here: str
    ) -> None:
        theirs = here.replace("workspace", "portal")
        ana, mere = another_client().sign_in(world.ana.person_id), client.sign_in(world.mere.person_id)
        assert self.record(ana, here).status_code == 303
        assert "enrolment/9002/retraction" in ana.get(here).text
        page = ana.get(f"{here}/enrolment/9002/retraction")
        assert page.status_code == 200
        for path in (f"{theirs}/enrolment/9002/retraction", f"{theirs}/enrolment/9001/retraction"):
            assert path not in mere.get(theirs).text
            assert mere.get(path).status_code == 404
            assert mere.send(path, why="No").status_code == 404
        client.outside(lambda: db.session.execute(update(Enrolment).values(source=EnrolmentSource.ROLL)))
        assert ana.fill(page, "It was a mistake", why="No").status_code == 404
        assert "retraction" not in ana.get(here).text

    @pytest.mark.parametrize("what", ["draft", "request", "note"])
    def test_what_rests_on_it_keeps_it(
        self, client: Client, another_client: Callable[[], Client], world: make.World, here: str, what: str
    ) -> None:
        """Nothing is told of what that is: a draft is its school’s."""
        ana = another_client().sign_in(world.ana.person_id)
        self.record(ana, here)
        page = ana.get(f"{here}/enrolment/9002/retraction")

        def rests() -> None:
            case = db.session.scalars(select(Case).where(Case.student_id == world.whanau.id)).one()
            db.session.execute(update(Enrolment).values(cases_from=clock.today()))
            if what == "note":
                make.note(world.jin, case)
            elif what == "draft":
                make.draft(world.sione, world.whanau)
            else:
                make.submitted(world.sione, world.whanau, contact=world.jin)

        ana.outside(rests)
        answer = ana.fill(page, "It was a mistake", why="Wrong school")
        assert (answer.status_code, "has done something" in words(answer)) == (422, True)
        assert "It was a mistake" not in words(ana.get(f"{here}/enrolment/9002/retraction"))
        seen = here.replace("workspace", "portal").removesuffix("student")
        assert client.sign_in(world.jin.person_id).get(seen).status_code == 200

    def test_a_transfer_that_was_asked_for_by_it_goes_with_it(self, ana: Client, world: make.World, here: str) -> None:
        page = ana.get(f"{here}/enrolment?q=bay")
        number = re.findall(r'name="school"[^>]* value="(9\d+)"', page.text)[0]
        ana.fill(page, "Record this enrolment", **{**self.said(), "school": number})
        states = select(Transfer.state).order_by(Transfer.id)
        assert ana.outside(lambda: db.session.scalars(states).all()) == [TransferState.OFFERED]
        taken = ana.fill(ana.get(f"{here}/enrolment/{number}/retraction"), "It was a mistake", why="Wrong school")
        assert taken.status_code == 303
        assert ana.outside(lambda: db.session.scalars(states).all()) == [TransferState.WITHDRAWN]
        lupe = ana.sign_in(world.lupe.person_id)
        assert number_in(here) not in lupe.get("/workspace/transfers/").text


def number_in(address: str) -> str:
    return address.split("/")[3]
