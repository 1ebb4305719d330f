"""What a second school reads of a case that its request joined, before anybody looked through what is shared (CASE-10)."""

from datetime import date

from sqlalchemy import select, update

from app.cases.arrivals.actions import add_newcomer, enrol_with_case
from app.cases.arrivals.rules import Newcomer
from app.cases.models import Case
from app.core import clock
from app.core.db import db
from app.people.models import Organisation
from app.referrals.models import Referral
from app.students.models import Enrolment, Student
from tests import make
from tests.support.client import Client

HEMI = Newcomer("Hēmi Whānau", date(2011, 5, 4), date(2026, 2, 2), 10, "Form of 2 February", national_number="123456")
SHARED = "Shared with schools, for whoever reads the case."


def test_its_own_request_it_reads_and_that_there_is_a_case_and_nothing_of_it(
    client: Client, world: make.World, number: str
) -> None:
    def asked() -> str:
        db.session.get_one(Student, world.whanau.id).national_number = "123456"
        make.note(world.ana, db.session.scalars(select(Case).where(Case.number == number)).one(), body=SHARED)
        add_newcomer(HEMI, by=world.jin)
        make.submitted(world.jin, world.whanau, contact=world.sione)
        sent = select(Referral.public_id).where(Referral.school_id == world.puna.id)
        return str(db.session.scalar(sent))

    public_id = client.outside(asked)
    client.sign_in(world.jin.person_id)
    text = client.get(f"/portal/referrals/{public_id}/submitted").text
    assert "looks first through what is shared" in text
    assert make.ANSWERS["reason"] in text
    assert "to you and to the contact it names by e-mail" in " ".join(text.split())
    assert "a contact of the case beside the other school’s" in text
    pages = [text, *(client.get(path).text for path in ("/portal/", "/portal/cases/", "/portal/reports/"))]
    for secret in (SHARED, world.ana.name, world.tom.name, world.tawa.name):
        assert not [page for page in pages if secret in page]
    assert number not in "".join(pages[1:])
    for path in ("", "request", "files/", "contacts", "ours"):
        assert client.get(f"/portal/cases/{number}/{path}").status_code == 404


def test_every_school_that_reads_is_named_where_something_is_shared_and_no_other(
    client: Client, world: make.World, number: str
) -> None:
    """SHARE-1: on the buttons, and in what is said afterwards; one that waits or that the student left is not."""

    def comes() -> None:
        for school in (world.puna, world.bay):
            student, there = db.session.get_one(Student, world.whanau.id), db.session.get_one(Organisation, school.id)
            enrol_with_case(student, there, from_on=clock.today(), year_level=10)
        waits = update(Enrolment).where(Enrolment.school_id == world.puna.id, Enrolment.student_id == world.whanau.id)
        db.session.execute(waits.values(cases_from=clock.today()))

    client.outside(comes)
    both = f"{world.puna.name} and {world.tawa.name}"
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/")
    assert f"Add and share with {both}" in page.text
    assert world.bay.name not in page.text.partition('id="audience"')[2]
    added = client.fill(page, f"Add and share with {both}", body="For both.")
    after = client.get(added.location).text
    assert f"{both} can read it in" in after
    assert f"{both} can read this from" in after
    assert f"Record and share with {both}" in client.get(f"/workspace/cases/{number}/meetings").text
    assert f"({both})" in client.get(f"/workspace/cases/{number}/plan/change").text
    client.outside(lambda: make.left(world.whanau, world.tawa))
    left = client.get(f"/workspace/cases/{number}/").text
    assert f"Add and share with {world.puna.name}<" in left
