"""Who comes in with which roles, and the known causes for which somebody does not (A4)."""

import pytest

from app.core import clock
from app.people.actions import add_person, bind_identity, grant_role
from app.people.models import Role, Source
from app.people.queries import organisation_by_number, person_by_email
from tests.signin.test_hostile import GOOD
from tests.signin.visits import Visit, roles_held, sign_in_rows
from tests.support.settings import settings_for

EMAIL = GOOD["email"]
SCHOOL_LEAD = (EMAIL, "attendance_lead")


pytestmark = pytest.mark.writes  # the callback is the one GET that may


@pytest.fixture
def settings(database, tmp_path, hostile_peer):
    return settings_for(database.url, tmp_path, OIDC_ISSUER=hostile_peer.issuer)


@pytest.fixture
def visit(places, hostile_peer):
    hostile_peer.wish(claims=GOOD)
    return Visit(places)


def turned_away(visit: Visit) -> str:
    """The page that somebody sees who did not come in."""
    answer = visit.sign_in()
    assert answer.headers["Location"] == "/sign-in/no-access"
    assert all(row.ended_at for row in sign_in_rows(visit.client))
    page = visit.client.get("/sign-in/no-access")
    assert page.status_code == 403
    return page.get_data(as_text=True)


def test_an_empty_claim_takes_its_roles_away(visit, hostile_peer):
    visit.sign_in()
    assert SCHOOL_LEAD in roles_held(visit.client)
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": []})
    visit.client.sign_out()
    assert "You have no role here yet" in turned_away(visit)
    assert SCHOOL_LEAD not in roles_held(visit.client)


def test_an_absent_claim_changes_nothing_and_is_logged(visit, hostile_peer, logged):
    visit.sign_in()
    visit.client.sign_out()
    hostile_peer.wish(claims={name: value for name, value in GOOD.items() if name != "waharoa_roles"})
    assert visit.sign_in().headers["Location"] == "/portal/"
    assert SCHOOL_LEAD in roles_held(visit.client)
    assert "claim absent: waharoa_roles" in logged.getvalue()


def test_a_changed_claim_changes_the_roles_and_ends_other_sign_ins(visit, hostile_peer):
    visit.sign_in()
    visit.client.sign_out()
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": ["S01/case_manager"]})
    assert visit.sign_in().headers["Location"] == "/workspace/"
    assert {role for email, role in roles_held(visit.client) if email == EMAIL} == {"case_manager"}
    assert [row.ended_at is None for row in sign_in_rows(visit.client)] == [False, True]


def test_a_role_given_by_a_person_stays_when_the_claim_is_empty(visit, hostile_peer):
    def give() -> None:
        person = add_person(name="Some Body", email=EMAIL)
        school = organisation_by_number("9001")
        assert school
        grant_role(person, school, Role.OFFICE_SUPPORT, source=Source.PERSON, by=None)

    visit.client.outside(give)
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": []})
    assert visit.sign_in().headers["Location"] == "/portal/"


def test_an_inactive_person_stays_outside(visit):
    def end() -> None:
        add_person(name="Some Body", email=EMAIL).ended_at = clock.now()

    visit.client.outside(end)
    assert "Your access to the portal has ended" in turned_away(visit)


def test_a_person_ended_after_signing_in_stays_outside_too(visit):
    visit.sign_in()

    def end() -> None:
        person = person_by_email(EMAIL)
        assert person
        person.ended_at = clock.now()

    visit.client.outside(end)
    assert visit.client.get("/account").status_code == 303
    answer = visit.sign_in()
    assert answer.headers["Location"] == "/sign-in/no-access"
    page = visit.client.get("/sign-in/no-access").get_data(as_text=True)
    assert "Hana Parata, delegated authoriser of Tawa Awa College" in page
    assert "hana@tawa-awa.example" in page


def test_an_address_bound_to_another_account_is_not_taken_over(visit, hostile_peer):
    def bind() -> None:
        person = add_person(name="Some Body", email=EMAIL)
        bind_identity(person, issuer=hostile_peer.issuer, subject="the first account")

    visit.client.outside(bind)
    page = turned_away(visit)
    assert "belongs to another sign-in" in page
    assert "The operator of this portal" in page


def test_an_unknown_organisation_is_named_as_the_cause(visit, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": ["9999/attendance_lead"]})
    assert "The portal does not know your organisation" in turned_away(visit)


def test_a_role_that_such_an_organisation_has_not_is_not_given(visit, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": ["9001/case_manager"]})
    assert "The portal does not know your organisation" in turned_away(visit)
    assert not [role for email, role in roles_held(visit.client) if email == EMAIL]


def test_somebody_without_a_role_learns_who_gives_roles_at_their_own_school(visit, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "email": "ngaire@tawa-awa.example", "waharoa_roles": []})
    assert "Hana Parata, delegated authoriser of Tawa Awa College" in turned_away(visit)


def test_a_stranger_learns_no_names(visit, hostile_peer):
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": []})
    assert "Hana" not in turned_away(visit)


def test_a_known_subject_comes_in_with_a_new_address(visit, hostile_peer):
    visit.sign_in()
    visit.client.sign_out()
    hostile_peer.wish(claims={**GOOD, "email": "renamed@hostile.example"})
    assert visit.sign_in().headers["Location"] == "/portal/"
    assert visit.client.outside(lambda: person_by_email("renamed@hostile.example")) is None


def test_the_page_for_nobody_leads_to_the_sign_in(client):
    assert client.get("/sign-in/no-access").headers["Location"] == "/sign-in"


def test_roles_toml_is_read_again_and_a_spoilt_one_is_not_used(visit, hostile_peer, tmp_path, logged):
    path = tmp_path / "roles.toml"
    path.write_text('[[rule]]\nclaim = "waharoa_roles"\nhas = "x"\norganisation = "S01"\nrole = "case_manager"\n')
    object.__setattr__(visit.client.application.extensions["settings"], "roles_file", str(path))
    hostile_peer.wish(claims={**GOOD, "waharoa_roles": ["x"]})
    assert visit.sign_in().headers["Location"] == "/workspace/"
    visit.client.sign_out()
    path.write_text("[[rule]]\n")
    assert visit.sign_in().headers["Location"] == "/workspace/"
    assert "roles.toml line 1" in logged.getvalue()


@pytest.mark.parametrize("domain", ["example.net", "gmail.com"])
def test_a_domain_of_many_names_nobody(visit, hostile_peer, domain):
    """One organisation has an authoriser there, another somebody else; or it is a public mail service's."""

    def have() -> None:
        others = [("S01", "Jo Tau", Role.CASE_MANAGER)] if domain == "example.net" else []
        for number, name, role in (("9001", "Rangi Tāne", Role.DELEGATED_AUTHORISER), *others):
            person = add_person(name=name, email=f"{number}@{domain}")
            place = organisation_by_number(number)
            assert place
            grant_role(person, place, role, source=Source.CLAIM, by=None)

    visit.client.outside(have)
    hostile_peer.wish(claims={**GOOD, "email": f"ngaire@{domain}", "waharoa_roles": []})
    page = turned_away(visit)
    assert "Rangi Tāne" not in page
    assert "Tawa Awa College" not in page
