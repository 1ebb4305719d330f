"""A school's list and its page of a case, as a browser without JavaScript gets them."""

import re
from datetime import timedelta

from sqlalchemy import select, update
from time_machine import Traveller
from werkzeug.test import TestResponse

from app.cases.actions import close_case
from app.cases.arrivals.actions import enrol_with_case
from app.cases.entries import Audience
from app.cases.files.queries import files_for
from app.cases.models import Case
from app.cases.rules import status_words
from app.core.clock import today
from app.core.db import db
from app.core.seen import ViewLog
from app.people.models import Catchment, Organisation
from app.referrals.models import Referral
from app.students.models import Enrolment, Student
from tests import make
from tests.cases.many import many
from tests.support.client import Client

LIST = "/portal/cases/"
NEW = "New</strong>"
DAY = timedelta(days=1)


def noted(client: Client, world: make.World, number: str, body: str = "Went to see them.") -> None:
    """Ana shares something."""
    client.outside(lambda: make.note(world.ana, case_of(number), body=body).id)


def case_of(number: str) -> Case:
    return db.session.scalars(select(Case).where(Case.number == number)).one()


def headings(page: TestResponse) -> list[str]:
    return re.findall(r"<h2[^>]*>([^<]+)</h2>", page.text)


def test_a_list_goes_by_status_and_says_once_of_each_what_the_school_does(
    client: Client, world: make.World, number: str
) -> None:
    for pupil in (world.ng, client.outside(make.student, "Rangi Tāne", world.tawa)):
        client.outside(lambda: make.submitted(world.priya, pupil, contact=world.tom).id)  # noqa: B023 (done at once)
    page = client.sign_in(world.mere.person_id).get(LIST)
    assert headings(page)[:2] == ["Open", "In the queue"]
    for status in ("open", "queue"):
        assert page.text.count(status_words(status).school_action) == 1


def test_the_list_is_filtered_by_its_address_and_shows_what_was_chosen(
    client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.mere.person_id)
    page = client.fill(client.get(LIST), "Show", year="10", manager=world.ana.public_id, sort="name", status="open")
    for chosen in ("year=10", f"manager={world.ana.public_id}", "sort=name", "status=open"):
        assert chosen in page.request.query_string.decode()
    assert number in page.text
    for option in ('value="10" selected', f'value="{world.ana.public_id}" selected', 'value="name" selected'):
        assert option in page.text
    none = client.get(f"{LIST}?mine=y&year=10")
    assert number not in none.text
    assert "No case is like that." in none.text
    nonsense = client.get(f"{LIST}?year=x&sort=y&status=z&manager=&new=&mine=&after=")
    assert number in nonsense.text


def test_a_new_entrant_is_in_year_0_wherever_a_year_is_shown(client: Client, world: make.World, number: str) -> None:
    def starts() -> str:
        of_both = Enrolment.student_id.in_((world.whanau.id, world.ng.id))
        db.session.execute(update(Enrolment).where(of_both).values(year_level=0))
        request = make.filled(world.priya, world.ng, contact=world.tom)
        return f"/portal/referrals/{request.referral.public_id}/"

    draft = client.outside(starts)
    client.sign_in(world.mere.person_id)
    for path in (f"{LIST}?year=0", "/portal/reports/cases?year=0"):
        assert (number in client.get(path).text, 'data-label="Year">0<' in client.get(path).text) == (True, True), path
    assert "year 0;" in client.get("/portal/reports/?year=0").text
    for path in (f"{LIST}{number}/", draft, f"{draft}check"):
        assert ", Year 0" in client.get(path).text, path
    assert ", Year 0" in client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/").text


def test_filters_are_put_away_until_one_is_set(client: Client, world: make.World, number: str) -> None:
    client.sign_in(world.mere.person_id)
    closed, opened = '<details class="wh-narrow"><summary>', '<details class="wh-narrow" open><summary>'
    assert closed in client.get(LIST).text
    for asked in ("?year=10", "?sort=name", "?new=y"):
        assert opened in client.get(LIST + asked).text


def test_what_is_new_is_marked_until_one_has_looked(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    client.sign_in(world.mere.person_id)
    path = f"{LIST}{number}/"
    assert NEW not in client.get(path).text, "on a first look nothing is newer than the rest"
    assert all(NEW not in client.get(there).text for there in (LIST, "/portal/"))
    clock.shift(60)
    noted(client, world, number)
    clock.shift(60)
    assert all(client.get(there).text.count(NEW) == 1 for there in (LIST, "/portal/", f"{LIST}?new=y"))
    assert all("1 new since you looked" in client.get(there).text for there in (LIST, "/portal/"))
    assert "<strong>1 new since you looked.</strong>" in client.get(LIST).text, "under the heading of its status"
    assert client.get(path).text.count(NEW) == 1
    assert "new since you looked." not in client.get(LIST).text
    assert all(NEW not in client.get(there).text for there in (path, LIST, "/portal/"))
    assert number not in client.get(f"{LIST}?new=y").text


def test_an_update_is_asked_for_once_and_stands_on_the_case_managers_pages(
    client: Client, world: make.World, number: str
) -> None:
    path = f"{LIST}{number}/"
    page = client.sign_in(world.tom.person_id).get(path)
    assert "Nothing has been shared yet" in page.text, "what the case does by itself is no news"
    noted(client, world, number)
    assert "Something was last shared today" in client.get(path).text
    assert client.fill(page, "Ask for an update").status_code == 303
    after = client.get(path).text
    assert "Ana Tuhoro is told that you ask for an update." in after
    assert "You can ask again from" in after
    client.send(f"{path}updates")
    assert "Nobody was told again." in client.get(path).text
    client.sign_in(world.ana.person_id)
    for there in ("/workspace/", f"/workspace/cases/{number}/"):
        assert "Update asked for</strong>" in client.get(there).text
    assert "A school asks for an update" in client.get("/notifications/").text


def test_where_two_records_become_one_the_others_school_reads_the_case_later(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    """Its case manager looks first at what is shared (CASE-10)."""

    def twins() -> tuple[str, str]:
        first = case_of(number)
        second = make.closed(make.twice(world, first), by=world.ruth)
        one, other = (db.session.get_one(Student, case.student_id).public_id for case in (first, second))
        return f"/workspace/students/duplicates/{one}/{other}/merge", second.number

    pair, own = client.outside(twins)
    merge = client.sign_in(world.ruth.person_id).send(pair, goes="later", why="The same mother.").location
    assert client.send(f"{merge}/confirmation").status_code == 303
    jin = client.sign_in(world.jin.person_id)
    assert [jin.get(f"{LIST}{each}/").status_code for each in (number, own)] == [404, 200]
    assert client.sign_in(world.mere.person_id).get(f"{LIST}{number}/").status_code == 200
    clock.shift(8 * DAY)
    assert client.sign_in(world.jin.person_id).get(f"{LIST}{number}/").status_code == 200


def test_the_case_manager_is_asked_whether_a_new_school_may_see_the_case_now(
    client: Client, world: make.World, number: str
) -> None:
    def comes() -> int:
        student = db.session.get_one(Student, world.whanau.id)
        school = db.session.get_one(Organisation, world.puna.id)
        return enrol_with_case(student, school, from_on=today(), year_level=10).id

    client.outside(comes)
    path = f"{LIST}{number}/"
    assert client.sign_in(world.jin.person_id).get(path).status_code == 404
    page = client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/")
    assert client.fill(page, "The new school may see it now").status_code == 303
    assert "came to another school" not in client.get(f"/workspace/cases/{number}/").text
    assert client.sign_in(world.jin.person_id).get(path).status_code == 200


MARK = "Zqxwv"


def everything(client: Client, number: str, *files: str) -> str:
    """What a school's pages say of a case and its student, whatever they answer."""
    case = f"{LIST}{number}/"
    pages = ("", "files", "request", "contacts", "access", "ours", *(f"files/{file}" for file in files))
    others = (LIST, f"{LIST}?status=closed", "/portal/", f"{LIST}former", "/portal/referrals/", "/notifications/")
    searched = (f"/search?q={number}", "/search?q=zqxwvgiven", "/portal/referrals/new?q=zqxwvgiven")
    found = (client.get(path) for path in (*(f"{case}{page}" for page in pages), *others, *searched))
    return "\n".join(f"{page.status_code} {page.text} {page.headers}" for page in found)


def test_a_former_school_reads_what_it_wrote_and_nothing_that_is_not_its_own(client: Client, world: make.World) -> None:
    def marked() -> tuple[str, str, str]:
        pupil = make.student(f"{MARK}given Paki", world.tawa)
        case = make.moved(world, pupil)
        make.caregiver(case, world.ana, f"{MARK}found", address=f"{MARK}address")
        make.note_with(world.ana, case, Audience.SHARED, f"{MARK}shared.txt", body=f"{MARK}service")
        make.note_with(world.jin, case, Audience.SHARED, f"{MARK}new.txt", body=f"{MARK}school")
        make.submitted(world.sione, pupil, contact=world.jin, reason=f"{MARK}reason", **make.SAFETY)
        (theirs, own) = (
            [f.public_id for f in files_for(world.jin, case.id) if (MARK in f.name) is is_theirs]
            for is_theirs in (True, False)
        )
        return case.number, theirs[0], own[0]

    number, theirs, own = client.outside(marked)
    ours = f"{LIST}{number}/ours"
    for who in (world.mere, world.priya, world.tom):
        client.sign_in(who.person_id)
        seen = everything(client, number, theirs, own)
        named = set(re.findall(f"{MARK}[a-z]+", seen))
        assert named == {f"{MARK}given"}, "the name alone, where it says what the school wrote"
        for hidden in ("Ana Tuhoro", "Puna Street", "Jin Wu-Bennett", "Open</strong>", make.SAFETY["safety_fact"]):
            assert hidden not in client.get(ours).text, hidden
        assert client.get(f"{ours}/files/{theirs}").status_code == 404
        assert client.get(f"{ours}/files/{own}").data == b"Kia ora"
        assert all(words in client.get(ours).text for words in ("What we wrote.", "ours.txt", make.ANSWERS["reason"]))
        assert number in client.get(f"{LIST}former").text
        for there in (f"/search?q={number}", "/search?q=zqxwvgiven", LIST, "/portal/"):
            assert f"cases/{number}" not in client.get(there).text, there
    logged = select(ViewLog.page).where(ViewLog.page.in_(("what the former school wrote", "file"))).distinct()
    assert set(client.outside(lambda: list(db.session.scalars(logged)))) == {"what the former school wrote", "file"}
    assert (
        "opened what the former school wrote"
        in client.sign_in(world.ruth.person_id).get(f"/workspace/cases/{number}/access").text
    )


def test_of_a_sent_request_a_former_school_learns_its_number_and_not_who_has_the_case_now(
    client: Client, world: make.World
) -> None:
    sent = client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).id)
    request = client.outside(
        lambda: db.session.scalars(select(Referral).where(Referral.case_id == sent)).one().public_id
    )
    path = f"/portal/referrals/{request}/submitted"
    client.sign_in(world.mere.person_id)
    assert "Te Awa Attendance Service gives the case" in client.get(path).text
    client.outside(make.left, world.ng, world.tawa)
    page = client.get(path).text
    assert "Te Awa Attendance Service" not in page
    assert "/ours" in page


def test_a_closed_case_says_since_when_and_why_to_both_sides(client: Client, world: make.World, number: str) -> None:
    """CASE-2: an open one says nothing of the kind, though it was closed before."""

    def close() -> None:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        close_case(case, "attending_regularly", by=world.ruth, why="Comes each day.")

    client.outside(close)
    for who, path in ((world.mere, f"{LIST}{number}/"), (world.ruth, f"/workspace/cases/{number}/")):
        page = client.sign_in(who.person_id).get(path)
        assert re.search(r"Closed</strong> on [^<]*: Attending regularly", page.text)
        assert "Attending regularly</small>" in client.get(f"{path.removesuffix(f'{number}/')}?status=closed").text


def test_a_request_that_joins_a_case_in_work_says_who_has_it_to_those_who_see_the_case(
    client: Client, world: make.World, number: str
) -> None:
    """No new limits begin (CASE-8), and nobody is to be given the case."""

    def ask_again() -> str:
        case = db.session.scalars(select(Case).where(Case.number == number)).one()
        pupil = world.whanau if case.student_id == world.whanau.id else world.ng
        make.submitted(world.priya, pupil, contact=world.tom)
        newest = select(Referral.public_id).where(Referral.case_id == case.id).order_by(Referral.id.desc())
        return db.session.scalars(newest.limit(1)).one()

    path = f"/portal/referrals/{client.outside(ask_again)}/submitted"
    page = client.sign_in(world.mere.person_id).get(path).text
    assert "works on the case already: Ana Tuhoro has it" in page
    assert "within five working days" not in page


def test_a_student_who_moves_is_seen_by_the_new_school_five_working_days_later_and_by_the_old_one_no_more(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    path = f"{LIST}{number}/"

    def moves() -> None:
        student = db.session.get_one(Student, world.whanau.id)
        enrol_with_case(student, db.session.get_one(Organisation, world.puna.id), from_on=today(), year_level=10)

    def seen() -> tuple[int, ...]:
        """The case by its old school, what that wrote, the case by the new one: pages, and lists that say the same."""
        found = []
        for who, address, listing in (
            (world.mere, path, LIST),
            (world.mere, f"{path}ours", f"{LIST}former"),
            (world.jin, path, LIST),
        ):
            page = client.sign_in(who.person_id).get(address)
            assert (number in client.get(listing).text) is (page.status_code == 200)
            found.append(page.status_code)
        return tuple(found)

    client.outside(moves)
    assert seen() == (200, 404, 404), "enrolled at both, and the new one waits"
    clock.shift(3 * DAY)
    client.outside(make.left, world.whanau, world.tawa)
    assert seen() == (404, 200, 404)
    clock.shift(4 * DAY)
    assert seen() == (404, 200, 404), "to the end of the fifth working day"
    clock.shift(DAY)
    assert seen() == (404, 200, 200)
    assert make.SAFETY["safety_fact"] not in client.get(path).text + client.get(f"{path}request").text
    assert "came to another school" not in client.sign_in(world.ana.person_id).get(f"/workspace/cases/{number}/").text


def test_the_schools_page_says_that_a_case_is_urgent_and_nothing_of_safety(client: Client, world: make.World) -> None:
    """SHARE-8: what the school gave for safety stands in its request."""
    answers = {**make.URGENT, **make.SAFETY}

    def asked() -> str:
        return make.submitted(world.priya, world.ng, contact=world.tom, **answers).number

    path = f"{LIST}{client.outside(asked)}/"
    page = client.sign_in(world.mere.person_id).get(path).text
    assert "Urgent</strong>" in page
    assert make.SAFETY["safety_fact"] not in page
    assert make.SAFETY["safety_fact"] in client.get(f"{path}request").text


def test_home_says_whose_cases_stand_there_and_how_many_there_are(client: Client, world: make.World) -> None:
    client.outside(lambda: many(world, 12, here=1, each=1).id)
    client.outside(lambda: make.submitted(world.priya, world.ng, contact=world.tom).id)
    of_school = client.sign_in(world.mere.person_id).get("/portal/").text
    shown, every = re.search(r"<h2[^>]*>Cases \((\d+) of (\d+)\)</h2>", of_school).groups()  # type: ignore[union-attr]
    assert (shown, of_school.count('<th scope="row">')) == ("10", 10)
    assert f">All {every} cases</a>" in of_school
    tiles = re.findall(r'<li class="wh-tile"><a href="[^"]+"><b>(\d+)</b>', of_school)
    assert sum(map(int, tiles)) == int(every), "each tile is a link as a whole; no draft is there"
    assert "Your school’s attendance cases</h1>" in of_school
    assert "Cases of your students</h1>" in client.get(LIST).text
    client.sign_in(world.tom.person_id)
    assert "Cases that name you</h1>" in client.get("/portal/").text
    assert "Cases that name you</h1>" in client.get(LIST).text


def test_who_opens_a_case_several_times_in_a_row_is_one_line_of_its_log(
    client: Client, world: make.World, number: str
) -> None:
    path = f"{LIST}{number}/"
    client.sign_in(world.mere.person_id)
    for _ in range(3):
        client.get(path)
    assert "opened the case (3 times)</td>" in client.get(f"{path}access").text


def test_the_schools_page_says_since_when_the_service_has_the_case_and_when_the_school_is_met(
    clock: Traveller, client: Client, world: make.World, number: str
) -> None:
    path = f"{LIST}{number}/"
    client.outside(lambda: make.event(world.ana, case_of(number), Audience.RESTRICTED).id)
    page = client.sign_in(world.tom.person_id).get(path).text
    assert re.search(r"Te Awa Attendance Service, since \w{3} \d", page)
    assert "First meeting of the service with us" in page
    assert "Met on" not in page, "what is restricted is not said"
    client.outside(lambda: make.event(world.ana, case_of(number), Audience.SERVICE).id)
    assert "Met on" in client.get(path).text
    assert "met " in client.get(LIST).text
    client.outside(lambda: make.closed(case_of(number), by=world.ruth).id)
    assert "Met on" in client.get(path).text
    waits = client.outside(lambda: _in_triage(world))
    page = client.get(f"{LIST}{waits}/").text
    assert "none yet" in page
    assert "First meeting of the service" not in page


def _in_triage(world: make.World) -> str:
    """Of no service."""
    db.session.execute(update(Catchment).values(service_id=None))
    return make.submitted(world.priya, world.ng, contact=world.tom).number
