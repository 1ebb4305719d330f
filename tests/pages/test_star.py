"""STAR watch: the list, what was done for all who are ticked, by tutor group on paper and as tables, and what follows (T3, ATT-5)."""

import re
from datetime import date, timedelta
from html import unescape
from io import BytesIO
from time import perf_counter
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import insert, select, text, update
from time_machine import Traveller

from app.attendance.star.actions import answer_steps, notice_new_lines
from app.attendance.star.export import HEADINGS
from app.attendance.star.models import StarResponse
from app.attendance.star.queries import lines_of
from app.attendance.star.rules import Told
from app.attendance.tallies.models import TermTally
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Audit
from app.everyone import typed_words
from app.people.telling.actions import choose_telling
from app.people.telling.models import How
from app.people.telling.rules import Choice
from app.portal.star import papers
from app.portal.star.recording import MOST_TICKED, TOO_MANY
from app.referrals.questions import ACTION_ROWS
from app.students.models import Enrolment, EnrolmentSource, EnrolmentType, Student
from tests import make
from tests.attendance import marked
from tests.support.client import Client
from tests.support.plans import read_through

pytestmark = pytest.mark.usefixtures("clock")
HERE = "/portal/attendance/star"
RECORD, PAPER = f"{HERE}/record", f"{HERE}/by-tutor"
TICKED, RECORD_IT = "Record for all ticked", "Record it"
RANG = {"response": "call_home", "about_when": "week 4", "by_whom": "Ms Zqxwvperson", "response_note": "Zqxwvnote"}
LEAVES = "Zqxwvleft Tane"


@pytest.fixture
def mere(client: Client, world: make.World) -> Client:
    return client.sign_in(world.mere.person_id)


def past(client: Client, world: make.World, *half_days: int) -> list[make.Pupil]:
    """Students who have missed so many half-days of the term."""

    def made() -> list[make.Pupil]:
        pupils = [make.student(f"Pupil Zqxwv{chr(97 + place)}", world.tawa) for place in range(len(half_days))]
        for pupil, absent in zip(pupils, half_days, strict=True):
            marked.absent_for(world.tawa, pupil, absent)
        return pupils

    found: list[make.Pupil] = client.outside(made)
    return found


def recorded(client: Client, *pupils: make.Pupil, **said: str) -> Any:
    page = client.get(RECORD, query_string={"student": [pupil.public_id for pupil in pupils]})
    return client.fill(page, RECORD_IT, **{**RANG, **said})


def words(page: Any) -> str:
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.text.partition("<main")[2])))


def responses(client: Client) -> list[Any]:
    every = select(StarResponse.__table__).order_by(StarResponse.id)
    return client.outside(lambda: list(db.session.execute(every)))


def test_the_list_says_who_waits_with_days_rate_and_as_of_when(mere: Client, world: make.World) -> None:
    past(mere, world, 15, 36, 4)
    page = mere.get(HERE)
    assert mere.statements.count <= 4
    said = words(page)
    assert said.index("Pupil Zqxwvb") < said.index("Pupil Zqxwva")
    assert "Zqxwvc" not in said
    assert "2 students on our roll passed 5, 10 or 15 days absent in the term and wait for an answer" in said
    for part in (
        "In term 1 of 2026. Data as of Fri 6 March; the term is provisional",
        "not the Ministry’s figure",
        "17 days",
        "past 15 days serious concern",
        "6½ days",
        "72.9 % present",
        "Nothing recorded yet",
    ):
        assert part in said, part
    assert "2 students have passed a step" in words(mere.get("/portal/"))
    assert mere.statements.count <= 4
    assert f'href="{HERE}"' in mere.get("/portal/attendance/").text


def test_who_has_a_case_already_is_said_and_leads_there(client: Client, world: make.World) -> None:
    """Not of one that is closed."""
    first, other = past(client, world, 15, 24)

    def asked() -> list[str]:
        mine = make.submitted(world.mere, first, contact=world.mere)
        over = make.closed(make.submitted(world.mere, other, contact=world.mere), by=world.ruth)
        return [mine.number, over.number]

    mine, over = client.outside(asked)
    page = client.sign_in(world.mere.person_id).get(HERE)
    assert f'href="/portal/cases/{mine}/">Case {mine}</a>' in page.text
    assert over not in page.text
    assert "Pupil Zqxwvb" in words(page)


def test_nobody_waits_and_the_page_says_what_will_stand_there(mere: Client) -> None:
    said = words(mere.get(HERE))
    assert "0 students" in said
    assert "Nobody waits. Students appear once" in said
    assert "There are no half-day marks" in said
    assert "passed a step" not in words(mere.get("/portal/"))


def test_what_was_done_is_recorded_for_all_who_are_ticked_at_once(mere: Client, world: make.World) -> None:
    pupils = past(mere, world, 15, 36, 15)
    page = mere.get(HERE)
    page = mere.fill(page, TICKED, student=[pupil.public_id for pupil in pupils[:2]])
    assert page.status_code == 200
    assert "Zqxwvc" not in page.text
    answer = mere.fill(page, RECORD_IT, **RANG)
    assert (answer.status_code, answer.location) == (303, HERE)
    assert mere.statements.count <= 9
    rows = responses(mere)
    assert {(row.student_id, row.step, row.school_id, row.term) for row in rows} == {
        (pupils[0].id, 5, world.tawa.id, 20261),
        (pupils[1].id, 15, world.tawa.id, 20261),
    }
    assert {(row.kind, row.done_on, row.about_when, row.by_whom, row.note) for row in rows} == {
        ("call_home", None, "week 4", "Ms Zqxwvperson", "Zqxwvnote")
    }
    audit = select(Audit.event).where(Audit.thing == "star_response")
    assert mere.outside(lambda: list(db.session.scalars(audit))) == ["star.answered"] * 2
    page = mere.get(HERE)
    assert "Recorded for 2 students" in page.text
    said = words(page)
    assert "Zqxwvc" in said
    assert "Zqxwva" not in said
    said = words(mere.get(f"{HERE}?answered=y"))
    assert "Rang home, week 4 (Ms Zqxwvperson): Zqxwvnote (step of 15 days)" in said


def test_one_click_twice_is_once(mere: Client, world: make.World) -> None:
    (pupil,) = past(mere, world, 15)
    page = mere.get(RECORD, query_string={"student": pupil.public_id})
    assert [mere.fill(page, RECORD_IT, **RANG).status_code for _ in range(2)] == [303, 303]
    assert len(responses(mere)) == 1


def recording(client: Client, *pupils: make.Pupil) -> Any:
    return client.get(RECORD, query_string={"student": [pupil.public_id for pupil in pupils]})


def test_a_step_that_the_page_did_not_show_is_not_answered(mere: Client, world: make.World) -> None:
    first, other = past(mere, world, 12, 12)
    page = recording(mere, first, other)
    mere.outside(marked.absent_for, world.tawa, first, 34)
    answer = mere.fill(page, RECORD_IT, **RANG)
    assert answer.status_code == 409
    assert not responses(mere)
    said = words(answer)
    assert "Nothing was recorded yet" in said
    assert "Pupil Zqxwva: past 15 days now, no longer 5." in said
    assert "Zqxwvb:" not in said
    assert 'value="Zqxwvnote"' in answer.text, "nothing typed is lost"
    assert answer.text.count(" checked") == 3, "both students, and what was done"
    assert mere.fill(answer, RECORD_IT).status_code == 303
    assert {(row.student_id, row.step) for row in responses(mere)} == {(first.id, 15), (other.id, 5)}


def test_two_open_pages_record_once(mere: Client, world: make.World) -> None:
    """The second one sees what the first one did, and that it was taken back; whoever still wants it presses again."""
    (pupil,) = past(mere, world, 12)
    pages = [recording(mere, pupil) for _ in range(3)]
    assert mere.fill(pages[0], RECORD_IT, **RANG).status_code == 303
    answer = mere.fill(pages[1], RECORD_IT, **{**RANG, "about_when": "", "response": "talk"})
    assert answer.status_code == 409, "also where something else is wrong with it"
    answer = mere.fill(pages[2], RECORD_IT, **RANG)
    assert answer.status_code == 409
    rang = "Rang home, week 4 (Ms Zqxwvperson): Zqxwvnote (step of 5 days)"
    assert f"Pupil Zqxwva: recorded meanwhile: {rang}." in words(answer)
    assert len(responses(mere)) == 1
    mere.fill(mere.get(f"{HERE}?answered=y"), "Take back: Rang home, Pupil Zqxwva")
    answer = mere.fill(answer, RECORD_IT)
    assert "Pupil Zqxwva: what was recorded last was taken back meanwhile." in words(answer)
    assert mere.fill(answer, RECORD_IT).status_code == 303
    assert [(row.step, row.ended_at is None) for row in responses(mere)] == [(5, False), (5, True)]


def test_a_page_that_was_open_before_a_change_of_this_portal_is_shown_again(mere: Client, world: make.World) -> None:
    (pupil,) = past(mere, world, 12)
    answer = mere.fill(recording(mere, pupil), RECORD_IT, **{**RANG, "seen": None})
    assert answer.status_code == 409
    assert "past 5 days of term 1 of 2026 now, which this page did not show" in words(answer)
    assert mere.fill(answer, RECORD_IT).status_code == 303


def test_of_what_was_kept_only_what_was_typed_is_said() -> None:
    """Not what the page showed; but what a student was offered when a case was closed has this name as well."""
    kept = [("seen", "Zqxwvstudent 20261.5.-"), ("offered", "Zqxwvoffer"), ("response_note", "Zqxwvnote")]
    assert [each.text for each in typed_words.said(kept)] == ["Zqxwvoffer", "Zqxwvnote"]


def test_as_many_as_may_be_ticked_are_recorded_at_once_and_taken_back_at_once(
    mere: Client, world: make.World, clock: Traveller
) -> None:
    """One press takes back what one press recorded, and no more; the next says that it was so already."""
    before, *pupils = past(mere, world, *[12] * 5)
    recorded(mere, before)
    clock.shift(timedelta(seconds=1))
    page = mere.fill(mere.get(f"{HERE}?year=10"), TICKED, student=[pupil.public_id for pupil in pupils])
    assert mere.fill(page, RECORD_IT, **RANG).status_code == 303
    assert mere.statements.count <= 9
    (undo,) = (unescape(each) for each in re.findall(r'action="([^"]*/recordings/[^"]*)"', mere.get(HERE).text))
    clock.shift(timedelta(seconds=1))
    recorded(mere, pupils[0], response="talk")
    answer = mere.send(undo)
    assert (answer.status_code, answer.location) == (303, f"{HERE}?year=10")
    assert mere.statements.count <= 9
    assert "4 students stand on the list again" in mere.get(HERE).text
    ended = {(row.student_id, row.kind) for row in responses(mere) if row.ended_at}
    assert ended == {(pupil.id, "call_home") for pupil in pupils}
    assert mere.send(undo).status_code == 303
    assert "This was taken back already" in mere.get(HERE).text
    audit = select(Audit.event).where(Audit.event == "star.taken_back")
    assert len(mere.outside(lambda: list(db.session.scalars(audit)))) == 4


def test_another_school_takes_back_nothing_that_was_recorded_at_once(client: Client, world: make.World) -> None:
    pupils = past(client, world, 12, 12)
    recorded(client.sign_in(world.mere.person_id), *pupils)
    first, _ = responses(client)
    for who in (world.jin, world.tom, world.sione):
        undo = f"{HERE}/recordings/{first.public_id}/ending"
        assert client.sign_in(who.person_id).send(undo).status_code == 404
    assert [row.ended_at for row in responses(client)] == [None, None]


def test_one_that_was_recorded_is_taken_back(mere: Client, world: make.World) -> None:
    (pupil,) = past(mere, world, 15)
    recorded(mere, pupil)
    page = mere.get(f"{HERE}?answered=y")
    assert "Undo" in page.text, "it was one, so it is offered at once"
    assert mere.fill(page, "Take back: Rang home, Pupil Zqxwva").status_code == 303
    (row,) = responses(mere)
    assert (row.ended_at is not None, row.ended_by_id) == (True, world.mere.person_id)
    said = words(mere.get(HERE))
    assert "Pupil Zqxwva" in said
    assert "Zqxwvnote" not in said


def test_a_form_that_is_not_whole_comes_back_with_all_that_was_typed(mere: Client, world: make.World) -> None:
    first, other = past(mere, world, 15, 15)
    answer = recorded(mere, first, other, response="other", about_when="", response_note="")
    assert answer.status_code == 422
    said = words(answer)
    assert "Write the day, or about when" in said
    assert "Say what it was" in said
    assert 'value="Ms Zqxwvperson"' in answer.text
    answer = mere.fill(answer, RECORD_IT, **{**RANG, "student": [first.public_id], "response": "dance"})
    assert answer.status_code == 422
    assert answer.text.count(" checked") == 1, "who was no longer ticked stands there still"
    assert other.public_id in answer.text
    answer = mere.fill(answer, RECORD_IT, **{**RANG, "student": None})
    assert (answer.status_code, "Tick the students first" in answer.text) == (422, True)
    assert not responses(mere)
    assert "Tick the students first" in mere.get(RECORD).text


def test_known_and_no_action_is_one_tap_and_a_reason(mere: Client, world: make.World) -> None:
    past(mere, world, 15)
    page = mere.get(HERE)
    (link,) = re.findall(r'href="([^"]*kind=no_action[^"]*)"', page.text)
    page = mere.get(unescape(link))
    answer = mere.fill(page, RECORD_IT)
    assert (answer.status_code, "Say why nothing needs doing" in answer.text) == (422, True)
    assert mere.fill(answer, RECORD_IT, response_note="In hospital").status_code == 303
    (row,) = responses(mere)
    assert (row.kind, row.done_on, row.by_whom) == ("no_action", date(2026, 3, 3), world.mere.name)


def test_whom_corrected_marks_took_off_meanwhile_nothing_is_recorded_for(mere: Client, world: make.World) -> None:
    first, other = past(mere, world, 15, 15)
    page = mere.get(RECORD, query_string={"student": [first.public_id, other.public_id]})
    mere.outside(marked.absent_for, world.tawa, other, 2)
    answer = mere.fill(page, RECORD_IT, **RANG)
    assert answer.status_code == 422
    assert "1 of those you ticked is past no step any more" in words(answer)
    assert not responses(mere)
    assert mere.fill(answer, RECORD_IT, **RANG).status_code == 303
    assert [row.student_id for row in responses(mere)] == [first.id]


def test_of_a_response_that_is_past_no_more_the_list_says_so(mere: Client, world: make.World) -> None:
    (pupil,) = past(mere, world, 24)
    recorded(mere, pupil)
    mere.outside(marked.absent_for, world.tawa, pupil, 2)
    assert "Zqxwva" not in words(mere.get(HERE))
    assert "no longer past 10 days" in words(mere.get(f"{HERE}?answered=y"))
    mere.outside(marked.absent_for, world.tawa, pupil, 34)
    assert "past 15 days" in words(mere.get(HERE))


def test_a_request_brings_along_what_was_done(mere: Client, world: make.World) -> None:
    """But not that nothing was; and the next press leads to the same draft."""
    (pupil,) = past(mere, world, 15)
    recorded(mere, pupil)
    recorded(mere, pupil, response="no_action", response_note="Zqxwvreason")
    page = mere.get(f"{HERE}?answered=y")
    answer = mere.fill(page, "Ask for support for Pupil Zqxwva")
    assert answer.status_code == 303
    assert mere.statements.count <= 9
    draft = mere.get(answer.location or "").text
    assert 'value="Rang home (Ms Zqxwvperson): Zqxwvnote"' in draft
    assert 'value="week 4"' in draft
    assert "Zqxwvreason" not in draft
    assert mere.fill(page, "Ask for support for Pupil Zqxwva").location == answer.location


def test_a_draft_that_was_begun_before_is_brought_what_was_done_since(
    mere: Client, world: make.World, clock: Traveller
) -> None:
    """Once, as far as there is room, and nothing that it names."""
    (pupil,) = past(mere, world, 15)
    recorded(mere, pupil)
    at = mere.fill(mere.get(f"{HERE}?answered=y"), "Ask for support for Pupil Zqxwva").location or ""
    clock.shift(timedelta(minutes=1))
    recorded(mere, pupil, response="talk", response_note="Zqxwvlater")
    for is_first in (True, False):
        assert mere.fill(mere.get(f"{HERE}?answered=y"), "Ask for support for Pupil Zqxwva").location == at
        assert mere.statements.count <= 14
        draft = mere.get(at)
        assert ("1 step recorded since was added" in draft.text) is is_first
        assert (draft.text.count("Zqxwvlater"), draft.text.count("Zqxwvnote")) == (1, 1)
    clock.shift(timedelta(minutes=1))
    for number in range(ACTION_ROWS):
        recorded(mere, pupil, response="talk", response_note=f"Zqxwvmore{number:02}")
    mere.fill(mere.get(f"{HERE}?answered=y"), "Ask for support for Pupil Zqxwva")
    full = mere.get(at).text
    assert full.count("Zqxwvlater") == 1
    assert [f"Zqxwvmore{number:02}" in full for number in range(ACTION_ROWS)] == [False] * 2 + [True] * (
        ACTION_ROWS - 2
    )


def test_the_list_is_filtered_as_it_was_once_something_was_recorded(mere: Client, world: make.World) -> None:
    first, other = past(mere, world, 15, 24)
    asked = f"{HERE}?year=10&answered=y"
    answer = mere.fill(mere.fill(mere.get(asked), TICKED, student=first.public_id), RECORD_IT, **RANG)
    assert answer.location == asked
    known = next(each for each in re.findall(r'href="([^"]*kind=no_action[^"]*)"', mere.get(asked).text))
    answer = mere.fill(mere.get(unescape(known)), RECORD_IT, **RANG)
    assert answer.location == asked
    assert {row.student_id for row in responses(mere)} == {first.id, other.id}
    answer = mere.fill(mere.get(asked), "Take back: Rang home, Pupil Zqxwva")
    assert answer.location == asked


def test_more_are_ticked_at_once_than_an_address_holds_and_no_tick_is_dropped(mere: Client, world: make.World) -> None:
    (pupil,) = past(mere, world, 15)
    page = mere.get(HERE)
    many = [f"nobody-of-this-school-{number}" for number in range(MOST_TICKED)]
    looked = mere.fill(page, TICKED, student=[*many[1:], pupil.public_id])
    assert looked.status_code == 200
    assert "Zqxwva" in looked.text
    too_many = mere.fill(page, TICKED, student=[*many, pupil.public_id])
    assert unescape(TOO_MANY) in words(too_many)
    refused = mere.send(RECORD, student=[*many, pupil.public_id], **RANG)
    assert refused.status_code == 422
    assert responses(mere) == []


def test_a_page_says_that_it_is_cut_and_a_file_holds_everybody(
    mere: Client, world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    past(mere, world, 15, 24, 15)
    for most, is_cut in ((3, False), (2, True)):
        monkeypatch.setattr(papers, "MOST", most)
        page = words(mere.get(PAPER))
        assert ("These are not all" in page) is is_cut
        assert len(set(re.findall("Zqxwv[abc]", page))) == most
        assert len(set(re.findall("Zqxwv[abc]", mere.get(f"{PAPER}.csv").text))) == 3
        assert len(set(re.findall("Zqxwv[abc]", cells(mere.get(f"{PAPER}.xlsx"))))) == 3


def test_a_primary_contact_brings_nothing_of_it_along(client: Client, world: make.World) -> None:
    """They do not see the list; nor does another school where the student is too."""
    (pupil,) = past(client, world, 15)
    recorded(client.sign_in(world.mere.person_id), pupil)
    client.outside(make.enrolled, pupil.id, world.puna)
    for who in (world.tom, world.jin):
        client.sign_in(who.person_id)
        answer = client.send("/portal/referrals/", student=pupil.public_id)
        assert answer.status_code == 303
        assert "Zqxwvnote" not in client.get(answer.location or "").text


def test_who_is_of_no_concern_here_stands_in_no_list_table_or_mail(client: Client, world: make.World) -> None:
    """A student of another school, one who left, and what another school did."""
    (pupil,) = past(client, world, 15)

    def others() -> None:
        elsewhere, left = make.student("Zqxwvother Ng", world.puna), make.student(LEAVES, world.tawa)
        for at, who in ((world.puna, elsewhere), (world.puna, left), (world.tawa, left)):
            marked.absent_for(at, who, 24)
        gone = update(Enrolment).where(Enrolment.student_id == left.id)
        db.session.execute(gone.values(to_on=date(2026, 3, 2)))
        make.enrolled(pupil.id, world.puna)
        marked.absent_for(world.puna, pupil, 24)
        theirs = lines_of(world.jin, [pupil.public_id])
        answer_steps(theirs, Told("talk", date(2026, 3, 2), note="Zqxwvelsewhere"), by=world.jin)

    client.outside(others)
    client.sign_in(world.mere.person_id)
    for address in (HERE, f"{HERE}?answered=y", PAPER, f"{PAPER}?answered=y", f"{PAPER}.csv?answered=y"):
        text = client.get(address).text
        assert "Zqxwva" in text
        assert not re.findall("Zqxwv(?:other|left|elsewhere)", text), address
    assert "Zqxwv" not in cells(client.get(f"{PAPER}.xlsx?answered=y")).replace("Zqxwva", "")
    ids = client.outside(lambda: list(db.session.scalars(select(Student.public_id))))
    assert set(re.findall("Zqxwv[a-z]+", words(client.get(RECORD, query_string={"student": ids})))) == {"Zqxwva"}


def test_people_of_other_roles_and_schools_see_none_of_it(client: Client, world: make.World) -> None:
    (pupil,) = past(client, world, 15)
    recorded(client.sign_in(world.mere.person_id), pupil)
    (row,) = responses(client)
    for who in (world.jin, world.sione):
        client.sign_in(who.person_id)
        assert "Zqxwv" not in client.get(f"{HERE}?answered=y").text
        assert client.send(RECORD, student=pupil.public_id, **RANG).status_code == 422
        assert client.send(f"{HERE}/responses/{row.public_id}/ending").status_code == 404
    client.sign_in(world.tom.person_id)
    assert client.get(HERE).status_code == 403
    assert client.send(f"{HERE}/responses/{row.public_id}/ending").status_code == 404
    assert len(responses(client)) == 1
    assert responses(client)[0].ended_at is None


def test_a_leaf_and_a_sheet_for_each_tutor_group(mere: Client, world: make.World) -> None:
    first, other, third = past(mere, world, 15, 24, 15)

    def grouped() -> None:
        for pupil, tutor in ((other, "=2+2 [Rātā]"), (third, "")):
            db.session.execute(update(Enrolment).where(Enrolment.student_id == pupil.id).values(tutor=tutor))
        db.session.execute(update(Student).where(Student.id == other.id).values(legal_name='=HYPERLINK("Pōneke")'))

    mere.outside(grouped)
    page = mere.get(PAPER)
    assert mere.statements.count <= 3
    assert page.text.count('<div class="wh-paper">') == 3, "as of when stands on each"
    assert page.text.count('class="wh-leaf"') == 3
    assert [unescape(each) for each in re.findall(r"<h2[^>]*>([^<]*)</h2>", page.text)][:3] == [
        "10 Rātā",
        "=2+2 [Rātā]",
        "No tutor group",
    ]
    ticked = mere.fill(page, "Record for all ticked of 10 Rātā", student=first.public_id)
    assert ticked.status_code == 200
    assert mere.fill(ticked, RECORD_IT, **RANG).status_code == 303
    text = mere.get(f"{PAPER}.csv?answered=y").get_data().decode("utf-8-sig")
    assert text.splitlines()[0] == ",".join(f'"{each}"' for each in HEADINGS)
    assert '"\'=HYPERLINK(""Pōneke"")"' in text
    assert '"\'=2+2 [Rātā]"' in text
    book = mere.get(f"{PAPER}.xlsx?answered=y")
    assert "star-watch-2026-03-03.xlsx" in book.headers["Content-Disposition"]
    names = re.findall('<sheet name="([^"]*)"', part(book, "xl/workbook.xml"))
    assert names == ["About", "10 Rātā", "=2+2 Rātā", "No tutor group"]
    assert "not the Ministry’s figure" in cells(book)
    assert "<f>" not in "".join(part(book, f"xl/worksheets/sheet{number}.xml") for number in (1, 2, 3, 4))


def part(book: Any, name: str) -> str:
    with ZipFile(BytesIO(book.get_data())) as opened:
        return opened.read(name).decode()


def cells(book: Any) -> str:
    return unescape(part(book, "xl/sharedStrings.xml"))


def test_the_day_s_mail_counts_the_new_lines_and_names_nobody(
    mere: Client, world: make.World, clock: Traveller
) -> None:
    """In the app, unless somebody chooses otherwise; with who stands there no more, it is told no more."""
    (pupil, other) = past(mere, world, 15, 24)
    daily = {Choice("star_list", How.NONE, False): How.DAILY}
    mere.outside(lambda: choose_telling(daily, by=world.mere))
    mere.outside(notice_new_lines)
    page = mere.get("/notifications/").text
    assert "Students have passed 5, 10 or 15 days absent" in page
    assert "2 students" in page
    assert f'href="{HERE}"' in page
    assert "Zqxwv" not in page
    recorded(mere, pupil)
    assert "1 student" in mere.get("/notifications/").text
    mere.outside(marked.absent_for, world.tawa, other, 2)
    assert "Students have passed" not in mere.get("/notifications/").text


@pytest.fixture
def crowd(client: Client, world: make.World) -> Client:
    """A school of 1,100, of whom every third is past a step and every ninth is answered; and ten others like it."""
    client.outside(_fill, world)
    return client.sign_in(world.mere.person_id)


def _fill(world: make.World) -> None:
    first, near = 500_000, make.catchment("Rātā", "WGN", None)
    schools = [world.tawa.id, *(make.school(f"98{number:02}", f"School {number}", near).id for number in range(10))]
    ids = range(first, first + 1_100 * len(schools))
    here = {each: schools[(each - first) // 1_100] for each in ids}
    named = [{"id": each, "public_id": f"p{each}", "sort_key": str(each), "legal_name": f"Ana {each}"} for each in ids]
    db.session.execute(insert(Student), [{**row, "born_on": date(2011, 1, 1)} for row in named])
    roll = {"from_on": date(2025, 1, 30), "type": EnrolmentType.REGULAR, "source": EnrolmentSource.ROLL}
    on_roll = [
        {
            "student_id": each,
            "school_id": here[each],
            "year_level": 9 + each % 5,
            "tutor": f"{9 + each % 5} T{each % 45}",
        }
        for each in ids
    ]
    db.session.execute(insert(Enrolment), [{**row, **roll, "as_of": core_clock.now()} for row in on_roll])
    sums = {"justified": 0, "unjustified": 0, "not_counted": 0, "unmarked": 0, "explained": 0}
    days = {"from_on": date(2026, 2, 2), "to_on": date(2026, 3, 6)}
    tallies = [
        {"student_id": each, "school_id": here[each], "term": term, "absent": absent, "unexplained": absent}
        | {"present": 50 - absent, **sums, **days}
        for each in ids
        for term in (20253, 20254, 20261)
        for absent in [10 + each % 30 if each % 3 == 0 else each % 10]
    ]
    db.session.execute(insert(TermTally), tallies)
    done = {
        "term": 20261,
        "step": 15,
        "kind": "talk",
        "about_when": "w",
        "at": core_clock.now(),
        "by_id": world.mere.person_id,
    }
    answered = [
        {"public_id": f"r{each}", "student_id": each, "school_id": here[each], **done} for each in ids if each % 9 == 0
    ]
    db.session.execute(insert(StarResponse), answered)
    db.session.execute(text("ANALYZE"))


CROWDED = ("/portal/", HERE, f"{HERE}?answered=y&step=10&tutor=9+T0")
"""Home; and the list with the cases of those who stand on it."""


def test_a_dean_of_1100_students(crowd: Client, capsys: pytest.CaptureFixture[str]) -> None:
    """Few statements, whatever the size, and none that reads a table of everybody through."""
    spent = {}
    for address in (HERE, f"{HERE}?answered=y&step=10&tutor=9+T0", PAPER, f"{PAPER}.xlsx", "/portal/"):
        crowd.get(address)
        began = perf_counter()
        assert crowd.get(address).status_code == 200
        spent[address] = (perf_counter() - began) * 1000
        assert crowd.statements.count <= (4 if address in CROWDED else 3), address
        asked = zip(crowd.statements.texts, crowd.statements.values, strict=True)
        through = {table for sql, values in asked for table in crowd.outside(read_through, sql, values, True)}
        assert not through & {"term_tally", "student", "enrolment", "star_response"}, (address, through)
    page = crowd.get(HERE)
    rows, more = page.text.count('<th scope="row">'), re.search(r'rel="next" href="([^"]*)"', page.text)
    assert rows == 25
    assert more
    seen = set(re.findall(r"Ana \d+", page.text))
    following = crowd.get(unescape(more[1]))
    assert not seen & set(re.findall(r"Ana \d+", following.text))
    with capsys.disabled():
        print("\n", {address: f"{ms:.0f} ms" for address, ms in spent.items()})
