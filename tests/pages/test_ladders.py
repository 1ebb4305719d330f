"""A service's own ladders of letters: made by versions, kept by cases that have begun, moved on purpose (LET-1, LET-2)."""

from datetime import timedelta
from typing import Any, NamedTuple

import pytest
from sqlalchemy import select, update
from time_machine import Traveller

from app.cases.entries import Entry, EntryKind
from app.cases.models import Case
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict
from app.letters.dossiers import addressee_for, dossiers_of
from app.letters.exceptions.queries import to_except
from app.letters.ladders import Step
from app.letters.making import make_letter
from app.letters.many import dossiers_of_each
from app.letters.models import Letter
from app.letters.purposes import Purpose
from app.letters.readiness import readiness
from app.letters.steps import CaseLadder, Ladder
from app.letters.versions.actions import change_ladder, go_back_to_ours
from app.letters.versions.queries import goes_by, ladder_for
from app.people.queries import Actor
from app.students.models import Caregiver
from tests import make
from tests.letters.test_own_texts import text_in_use
from tests.support.chance import without_tokens
from tests.support.client import Client
from tests.support.databases import Database, Scene

LADDERS = "/workspace/settings/ladders/"
OFFER, DUTY, WARNING = "Letter of concern and offer of support", "Letter on the duty to attend", "Formal warning"


class Told(NamedTuple):
    world: make.World
    number: str
    to: str

    @property
    def letters(self) -> str:
        return f"/workspace/cases/{self.number}/letters/"


def ready() -> Told:
    world = make.world()
    case = make.open_case(world)
    return Told(world, case.number, make.letter_ready(world, case).public_id)


@pytest.fixture
def scene() -> Scene:
    return ready


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Told:
    """Signed in is Ruth, the lead."""
    made: Told = database.made
    client.sign_in(made.world.ruth.person_id)
    return made


def steps(*gaps: int, formal: bool = True, purpose: Purpose = Purpose.CA) -> list[Step]:
    """A ladder with these gaps after its first letter."""
    names = [OFFER, *[f"{DUTY} {number}" for number in range(2, len(gaps) + 1)], WARNING][: len(gaps) + 1]
    every = zip(names, (0, *gaps), strict=True)
    return [
        Step(purpose, number, name, gap, formal and number == len(names)) for number, (name, gap) in enumerate(every, 1)
    ]


def changed(client: Client, by: Actor, *gaps: int, version: int = 0) -> None:
    client.outside(lambda: change_ladder(Purpose.CA, steps(*gaps), "Shorter.", version=version, by=by))


def in_case(client: Client, told: Told, work: Any) -> Any:
    def carried_out() -> Any:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        to = db.session.scalars(select(Caregiver).where(Caregiver.public_id == told.to)).one()
        return work(told.world.ana, case, to)

    return client.outside(carried_out)


def letter_1(client: Client, told: Told) -> str:
    return str(in_case(client, told, lambda *of: make.letter_sent(*of).public_id))


def gaps_of_case(client: Client, told: Told) -> list[int]:
    def found() -> list[int]:
        addressee = addressee_for(told.world.ana, told.number, told.to)
        assert addressee
        return [step.gap for step in addressee.dossier.steps]

    made: list[int] = client.outside(found)
    return made


def test_a_lead_makes_a_ladder_of_their_own_and_the_history_says_what_is_another(client: Client, told: Told) -> None:
    assert "Waharoa’s ladder, as nobody has made one of your own." in client.get(LADDERS).text
    page = client.get(f"{LADDERS}ca")
    answer = client.fill(page, "Save the ladder", gap_2="15", name_4="Last warning", gap_4="5", why="Pēpi weeks.")
    text = client.get(answer.location).text
    for said in (
        "Your own, version 1.",
        "Version 1",
        "Pēpi weeks.",
        "Letter 2 waits 15 working days instead of 10.",
        "Letter 3 is no longer a formal warning.",
        "Letter 4 is new: Last warning, 5 working days after the letter before, a formal warning.",
        "Ruth",
    ):
        assert said in text, said
    assert text.count("Waharoa’s ladder, as nobody has made one of your own.") == 1, "the other one is as it was"


def test_fewer_letters_and_back_to_ours_are_versions_more(client: Client, told: Told) -> None:
    client.fill(
        client.get(f"{LADDERS}ca"), "Save the ladder", name_2=WARNING, name_3="", gap_3="", why="Two are enough."
    )
    page = client.get(LADDERS).text
    assert "Letter 2 is called “Formal warning” instead of “Letter on the duty to attend”." in page
    assert "Letter 3 is left out: Formal warning." in page
    client.fill(client.get(f"{LADDERS}ca/ours"), "Go back to Waharoa’s", why="It was too hasty.")
    page = client.get(LADDERS).text
    assert "Back to Waharoa’s ladder." in page
    assert page.index("Version 2") < page.index("Version 1"), "newest first"
    assert "It was too hasty." in page
    assert "Letter 3 is new: Formal warning, 10 working days after the letter before, a formal warning." in page
    assert "already" in client.get(f"{LADDERS}ca/ours").text


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"name_1": ""}, "Write what this letter is called"),
        ({"name_2": ""}, "Write what this letter is called"),
        ({"gap_2": ""}, "Write a whole number from 1 to 60"),
        ({"gap_2": "0"}, "Write a whole number from 1 to 60"),
        ({"gap_3": "61"}, "Write a whole number from 1 to 60"),
        ({"gap_3": "ten"}, "Write a whole number from 1 to 60"),
        ({"name_6": "Far away"}, "Write what this letter is called"),
        ({"name_1": "x" * 161}, "Make this shorter, 160 characters at most"),
        ({"why": ""}, "Write why: it stands in the history of the ladder for good"),
        ({}, "Nothing is another than before."),
    ],
)
def test_what_is_no_ladder_is_refused(client: Client, told: Told, typed: dict[str, str], fault: str) -> None:
    answer = client.fill(client.get(f"{LADDERS}ca"), "Save the ladder", **{"why": "Why not", **typed})
    assert answer.status_code == 422
    assert fault in answer.text
    assert not client.outside(lambda: db.session.scalars(select(Ladder)).all())


def test_of_two_leads_at_once_the_second_is_told_and_keeps_what_was_typed(client: Client, told: Told) -> None:
    page = client.get(f"{LADDERS}ca")
    changed(client, told.world.ruth, 12, 12)
    answer = client.fill(page, "Save the ladder", gap_2="20", why="Slower.")
    assert answer.status_code == 409
    assert "Somebody else changed this ladder meanwhile." in answer.text
    assert "12 working days after the letter before" in answer.text
    assert client.fill(answer, "Save the ladder").status_code == 303
    found = client.outside(lambda: ladder_for(told.world.ruth, "ca"))
    assert [step.gap for step in found.steps] == [0, 20, 10]


def test_a_case_keeps_the_ladder_that_its_first_letter_was_written_by(client: Client, told: Told) -> None:
    changed(client, told.world.ruth, 15, 15)
    assert gaps_of_case(client, told) == [0, 15, 15], "it has not begun"
    letter = letter_1(client, told)
    changed(client, told.world.ruth, 3, version=1)
    assert gaps_of_case(client, told) == [0, 15, 15]
    kept = client.outside(lambda: db.session.scalar(select(CaseLadder.ladder_id)))
    made = client.outside(lambda: db.session.scalar(select(Letter.ladder_id).filter_by(public_id=letter)))
    assert kept == made is not None
    page = client.get(told.letters).text
    assert "These letters go by version 1 of the service’s own ladder." in page
    assert "15 working days after letter 1" in page


def test_a_case_that_began_with_ours_stays_with_ours(client: Client, told: Told) -> None:
    letter_1(client, told)
    changed(client, told.world.ruth, 3)
    assert gaps_of_case(client, told) == [0, 10, 10]
    assert "These letters go by Waharoa’s ladder. Cases begin with another one now." in client.get(told.letters).text


def test_a_case_is_moved_on_purpose_and_the_timeline_says_so(client: Client, told: Told) -> None:
    letter_1(client, told)
    changed(client, told.world.ruth, 15)
    client.sign_in(told.world.ana.person_id)
    page = client.get(f"{told.letters}ladder")
    assert "Letter 2 waits 15 working days instead of 10." in page.text
    assert "Letter 3 is left out: Formal warning." in page.text
    assert gaps_of_case(client, told) == [0, 10, 10], "looking changes nothing"
    answer = client.fill(page, "Move this case")
    assert answer.location == told.letters
    assert gaps_of_case(client, told) == [0, 15]
    statement = select(Entry.body).where(Entry.kind == EntryKind.LETTER).order_by(Entry.id.desc()).limit(1)
    assert client.outside(lambda: db.session.scalar(statement)) == (
        "The letters of this case go by version 1 of the service’s own ladder from now on, no longer by Waharoa’s ladder."
    )
    assert "There is nothing to move." in client.get(f"{told.letters}ladder").text
    assert "Cases begin with another one now" not in client.get(told.letters).text


def test_what_a_page_showed_is_what_a_case_is_moved_to(client: Client, told: Told) -> None:
    letter_1(client, told)
    changed(client, told.world.ruth, 15)
    page = client.get(f"{told.letters}ladder")
    changed(client, told.world.ruth, 20, version=1)
    answer = client.fill(page, "Move this case")
    assert answer.status_code == 409
    assert "Look at what would change now." in answer.text
    assert gaps_of_case(client, told) == [0, 10, 10]
    assert client.fill(answer, "Move this case").status_code == 303
    assert gaps_of_case(client, told) == [0, 20]


def test_a_preview_by_a_ladder_that_is_changed_meanwhile_is_not_made(client: Client, told: Told) -> None:
    def previewed(by: Actor, case: Case, to: Caregiver) -> str:
        return make.rendered(make.preview(by, case, to), by=by).public_id

    letter = in_case(client, told, previewed)
    changed(client, told.world.ruth, 15)

    def made(by: Actor, case: Case, _: Caregiver) -> None:
        found = db.session.scalars(select(Letter).filter_by(public_id=letter)).one()
        make_letter(make.letter_now(by, case, found), by=by)

    with pytest.raises(Conflict):
        in_case(client, told, made)


def test_a_letter_without_a_text_says_so_and_is_not_looked_at(client: Client, told: Told) -> None:
    """A formal warning as letter 2 has no text of ours: our letter 2 is none."""
    changed(client, told.world.ruth, 1)
    letter_1(client, told)

    def ready_then(by: Actor, case: Case, to: Caregiver) -> Any:
        found = addressee_for(by, case.number, to.public_id)
        assert found
        sent = db.session.scalars(select(Letter)).one()
        sent.sent_on = sent.sent_on - timedelta(days=7) if sent.sent_on else None
        db.session.flush()
        found = addressee_for(by, case.number, to.public_id)
        assert found
        return readiness(found.dossier, core_clock.today())

    ready_now = in_case(client, told, ready_then)
    assert ready_now.position.step.is_formal
    assert "Letter 2 has no text yet: Formal warning." in [
        point.words for point in ready_now.points if not point.is_met
    ]
    assert not ready_now.is_ready


def test_exceptions_go_by_the_ladder_of_the_case(client: Client, told: Told) -> None:
    changed(client, told.world.ruth, 5, 5, 5)
    letter_1(client, told)
    changed(client, told.world.ruth, 5, version=1)

    def others(by: Actor, case: Case, to: Caregiver) -> list[int]:
        found = addressee_for(by, case.number, to.public_id)
        assert found
        return [step.number for step in to_except(found.dossier)]

    assert in_case(client, told, others) == [2, 3, 4]


def test_another_services_ladder_is_neither_shown_nor_gone_by(client: Client, told: Told) -> None:
    """Lupe leads the other service; and a case that began there and came here goes by what its service begins with."""
    world = told.world
    changed(client, world.lupe, 33, 34)
    assert gaps_of_case(client, told) == [0, 10, 10]
    assert "33" not in without_tokens(client.get(LADDERS).text)

    def began_there(_: Actor, case: Case, __: Caregiver) -> None:
        theirs = db.session.scalars(select(Ladder)).one()
        row = CaseLadder(case_id=case.id, purpose=Purpose.CA, ladder_id=theirs.id, as_of=core_clock.today())
        row.at, row.by_id = core_clock.now(), world.lupe.person_id
        db.session.add(row)

    in_case(client, told, began_there)
    assert gaps_of_case(client, told) == [0, 10, 10]
    changed(client, world.ruth, 7)
    assert gaps_of_case(client, told) == [0, 7]
    letter_1(client, told)
    kept = select(CaseLadder.ladder_id)
    mine = select(Ladder.id).where(Ladder.organisation_id == world.te_awa.id)
    assert client.outside(lambda: db.session.scalar(kept) == db.session.scalar(mine))


def test_many_cases_at_once_go_by_the_same_as_each_by_itself(client: Client, told: Told) -> None:
    letter_1(client, told)
    changed(client, told.world.ruth, 15)

    def both(by: Actor, case: Case, _: Caregiver) -> tuple[Any, Any]:
        other = make.assigned(
            make.submitted(told.world.priya, told.world.ng, contact=told.world.tom), to=by, by=told.world.ruth
        )
        heads = [make.head(by, each) for each in (case, other)]
        alone = [dossier.goes_by for head in heads for dossier in dossiers_of(head)]
        return alone, [dossier.goes_by for dossier in dossiers_of_each(Purpose.CA, heads)]

    alone, together = in_case(client, told, both)
    assert alone == together
    assert {len(each.steps) for each in alone} == {2, 3}


def test_going_back_to_ours_has_cases_begin_with_ours_and_leaves_those_that_have_begun(
    client: Client, told: Told
) -> None:
    changed(client, told.world.ruth, 15)
    letter_1(client, told)
    client.outside(lambda: go_back_to_ours(Purpose.CA, "Enough.", version=1, by=told.world.ruth))
    assert gaps_of_case(client, told) == [0, 15]
    client.fill(client.get(f"{told.letters}ladder"), "Move this case")
    assert gaps_of_case(client, told) == [0, 10, 10]


def test_ladders_of_attendance_and_of_non_enrolment_are_two(client: Client, told: Told) -> None:
    client.outside(
        lambda: change_ladder(Purpose.NEN, steps(22, purpose=Purpose.NEN), "Why", version=0, by=told.world.ruth)
    )
    assert gaps_of_case(client, told) == [0, 10, 10]
    client.outside(lambda: db.session.execute(update(Case).values(kind="NEN")))
    assert gaps_of_case(client, told) == [0, 22]


def test_which_ladder_a_case_goes_by_is_one_statement(client: Client, told: Told) -> None:
    case_id = in_case(client, told, lambda _, case, __: case.id)
    service = told.world.te_awa.id

    def counted() -> int:
        with client.statements.counted() as statements:
            goes_by(case_id, service, Purpose.CA)
        return statements.count

    assert client.outside(counted) == 1


def test_an_own_formal_warning_is_no_reminder_of_that_number_on_another_ladder(client: Client, told: Told) -> None:
    """LET-2: a case on the ladder before it goes on with it; the reminder waits for a text of its own."""

    def third(by: Actor, case: Case, _: Caregiver) -> tuple[bool, list[str]]:
        ready = readiness(dossiers_of(make.head(by, case))[0], core_clock.today())
        return ready.is_ready, [point.words for point in ready.points if not point.is_met and point.stops]

    client.outside(lambda: text_in_use(told.world.ruth, "This is a formal warning.", step=3, is_formal=True))
    page = client.get("/workspace/settings/letters/CA/3/en/").text
    assert "This is a formal warning." in page
    in_case(client, told, lambda _, case, to: make.excepted(told.world.ruth, case, to, 3))
    assert in_case(client, told, third) == (True, [])
    changed(client, told.world.ruth, 10, 10, 10)
    reminder = client.get("/workspace/settings/letters/CA/3/en/").text
    assert "This is a formal warning." not in reminder
    assert "There is no text for this letter yet" in reminder
    assert "This letter is a formal warning" not in client.get("/workspace/settings/letters/CA/3/en/edit").text
    page = client.get("/workspace/settings/letters/").text
    assert "3. On an earlier ladder, that cases may still go by" in page
    assert 'value="CA-3-formal"' in page
    new = client.get("/workspace/settings/letters/new?letter=CA-3-formal&language=sm")
    assert new.location == "/workspace/settings/letters/CA/3-formal/sm/edit"
    earlier = client.get("/workspace/settings/letters/CA/3-formal/en/")
    assert "letter 3, a formal warning, in English" in earlier.text
    assert "This is a formal warning." in earlier.text
    is_ready, in_the_way = in_case(client, told, third)
    assert not is_ready
    assert in_the_way == ["Letter 3 has no text yet: Letter on the duty to attend 3."]
    assert client.fill(earlier, "Back to our text").location == "/workspace/settings/letters/CA/3-formal/en/"
    assert "3-formal" not in client.get("/workspace/settings/letters/").text
