"""What a school reads before it sends a request: why it cannot begin one, and what becomes of an earlier case (REQ-7, REQ-10)."""

import re

from werkzeug.test import TestResponse

from app.cases.actions import close_case
from app.people.queries import Actor
from app.referrals.drafts.queries import drafts_for
from app.referrals.routing import FOR_GOOD, close_words
from tests import make
from tests.support.client import Client


def draft_page(client: Client, by: Actor, of: make.World) -> str:
    begun = client.outside(lambda: make.filled(by, of.whanau, contact=by).referral.public_id)
    return str(client.sign_in(by.person_id).get(f"/portal/referrals/{begun}/").text)


def test_an_earlier_case_that_opens_again_is_linked_with_why_it_closed(client: Client, world: make.World) -> None:
    def closed() -> str:
        case = make.open_case(world)
        close_case(case, "engaged_school_support", by=world.ruth, why="SECRET-WHY")
        return case.number

    number = client.outside(closed)
    begun = client.outside(lambda: make.filled(world.mere, world.whanau, contact=world.tom).referral.public_id)
    client.sign_in(world.mere.person_id)
    for page in (f"/portal/referrals/{begun}/", f"/portal/referrals/{begun}/check"):
        shown = client.get(page).text
        assert f'href="/portal/cases/{number}/"' in shown
        assert "(“Not regular yet, well engaged with the school&#39;s support”)" in shown
        assert "Sending opens it again" in shown
        assert "SECRET-WHY" not in shown
    assert client.get(f"/portal/cases/{number}/").status_code == 200


def test_of_a_case_that_is_not_theirs_to_see_nothing_is_said(client: Client, world: make.World) -> None:
    def closed() -> str:
        case = make.open_case(world)
        close_case(case, "engaged_school_support", by=world.ruth, why="Well again.")
        return case.number

    number = client.outside(closed)
    shown = draft_page(client, world.aroha, world)
    assert "We will join it to an earlier case if there is one." in shown
    assert number not in shown
    assert "engaged" not in shown


def test_every_reason_has_words() -> None:
    assert all(close_words(code) for code in {*FOR_GOOD, "withdrawn_by_school", "attending_regularly"})
    assert close_words("") == ""


def start(client: Client, student: str) -> TestResponse:
    return client.send("/portal/referrals/", student=student)


def test_a_student_who_is_not_on_the_roll_is_refused_in_words_that_do_not_tell_who_there_is(
    client: Client, world: make.World
) -> None:
    """The same for one of another school, one who has left, and nobody at all."""
    client.outside(lambda: make.left(world.ng, world.tawa))
    client.sign_in(world.priya.person_id)
    answers = [start(client, student) for student in (world.other.public_id, world.ng.public_id, "nobody", "")]
    assert [answer.status_code for answer in answers] == [404] * 4
    (words,) = {in_main(answer) for answer in answers}
    assert "There is no such student on your school’s roll now, so nothing was begun." in words
    assert not any(name in words for name in ("Mikaere", "Grace", "Puna Street"))
    assert drafts_of(client, world) == 0


def in_main(answer: TestResponse) -> str:
    """What the page says, without its tags."""
    (found,) = re.findall(r"<main.*?</main>", answer.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found).split())


def drafts_of(client: Client, world: make.World) -> int:
    return len(client.outside(lambda: drafts_for(world.mere)[0]))


def test_who_may_not_see_the_draft_there_is_learns_only_who_begins_one(client: Client, world: make.World) -> None:
    begun = client.outside(lambda: make.draft(world.priya, world.whanau).referral.public_id)
    client.sign_in(world.tom.person_id)
    refused = start(client, world.whanau.public_id)
    assert refused.status_code == 403
    assert "A request for this student is for your attendance lead or your office to begin." in refused.text
    assert "They can name you as its contact." in refused.text
    assert begun not in refused.text
    assert "Priya" not in refused.text


def test_where_there_is_a_draft_already_it_goes_on(client: Client, world: make.World) -> None:
    begun = client.outside(lambda: make.draft(world.priya, world.whanau).referral.public_id)
    client.sign_in(world.mere.person_id)
    answer = start(client, world.whanau.public_id)
    assert answer.location == f"/portal/referrals/{begun}/"
    assert "There is a draft for this student already. Go on with it here." in client.get(answer.location).text
