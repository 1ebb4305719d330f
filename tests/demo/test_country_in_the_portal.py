"""A generated case opens in the portal for its own people, and its pages ask the database for no more than they may."""

from dataclasses import dataclass

from sqlalchemy import select

from app.cases.models import Case, Status
from app.core import clock
from app.core.db import begin_write, db
from demo.country.country import Country
from demo.country.filling import fill
from demo.country.planning import plan
from demo.country.plans import Asked, Became, Given, Plan
from demo.country.staff import Member
from tests.demo.small import SMALL
from tests.support.client import Client

CEILINGS = {"": 4, "cases/": 3, "cases/{}/": 6}
POST = 9


@dataclass(frozen=True)
class Made:
    """An open case of the country, and its plan."""

    number: str
    plan: Plan

    @property
    def people(self) -> dict[Member, str]:
        """Everybody who works with it, and where."""
        contact = next(step.contact for step in self.plan.steps if isinstance(step, Asked))
        given = [step for step in self.plan.steps if isinstance(step, Given)]
        return {contact: "portal", given[-1].to: "workspace", given[-1].by: "workspace"}


def made() -> Made:
    country = Country(1, 60, clock.today(), SMALL)
    begin_write()
    fill(country, abs)
    case = next(case for number in range(60, 0, -1) if is_open(case := plan(country, number)))
    open_now = select(Case.number).where(Case.student_id == case.pupil.id, Case.status == Status.OPEN)
    number = db.session.scalars(open_now).one()
    db.session.commit()
    return Made(number, case)


def is_open(case: Plan) -> bool:
    is_given = any(isinstance(step, Given) for step in case.steps)
    return is_given and len(case.pupil.stays) == 1 and not any(isinstance(step, Became) for step in case.steps)


def test_a_generated_case_opens_for_its_people_within_the_ceilings(client: Client) -> None:
    case: Made = client.outside(made)
    for member, place in case.people.items():
        client.sign_in(member.id, member.role.value)
        for page, ceiling in CEILINGS.items():
            answer = client.get(f"/{place}/{page.format(case.number)}")
            assert answer.status_code == 200
            assert client.statements.count <= ceiling, page
        assert case.plan.pupil.invented.given_name in answer.text
        path = f"/{place}/cases/{case.number}/comments"
        assert client.send(path, body="Kia ora", audience="shared").status_code == 303
        assert client.statements.count <= POST
