"""Formal warnings that a workflow lead signs off, exceptions from a ladder, and beginning again (LET-2, CASE-4, CASE-20)."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from time_machine import Traveller

from app.cases.actions import change_status, close_case
from app.cases.entries import Entry, EntryKind
from app.cases.models import Case, Status
from app.cases.queries import case_to_change
from app.core import clock as core_clock
from app.core.db import db
from app.core.events import Channel, Outbox
from app.letters.actions import void_letter
from app.letters.models import Letter
from app.letters.rendering import forget_previews
from app.people.models import Role
from app.people.queries import Actor
from app.students.models import Caregiver
from tests import make
from tests.support.client import Client
from tests.support.databases import Database, Scene

LATER = timedelta(days=21)
ASK, SIGN, BACK = "Ask a workflow lead to sign it off", "Sign off and make this letter", "Send it back"
WHY = "The school is closed this week."


class Ready:
    """A case of Ana’s with letters 1 and 2 sent to one caregiver, long enough ago."""

    def __init__(self, world: make.World, number: str, to: str) -> None:
        self.world, self.number, self.to = world, number, to
        self.letters = f"/workspace/cases/{number}/letters/"
        self.ready = f"{self.letters}to/{to}"


def ready() -> Ready:
    world = make.world()
    case = make.open_case(world)
    return Ready(world, case.number, make.letter_ready(world, case).public_id)


@pytest.fixture
def scene() -> Scene:
    return ready


@pytest.fixture
def told(clock: Traveller, client: Client, database: Database) -> Ready:
    """Signed in is Ana."""
    made: Ready = database.made
    in_case(client, made, lambda by, case, to: write(clock, by, case, to, 2))
    client.sign_in(made.world.ana.person_id)
    return made


def write(clock: Traveller, by: Actor, case: Case, to: Caregiver, count: int) -> None:
    """So many letters are sent, each three weeks after the one before."""
    for _ in range(count):
        make.letter_sent(by, case, to)
        clock.shift(LATER)


def in_case(client: Client, told: Ready, work: Callable[..., Any], by: Actor | None = None) -> Any:
    def carried_out() -> Any:
        case = db.session.scalars(select(Case).where(Case.number == told.number)).one()
        to = db.session.scalars(select(Caregiver).where(Caregiver.public_id == told.to)).one()
        return work(by or told.world.ana, case, to)

    return client.outside(carried_out)


def previewed(client: Client, told: Ready, by: Actor | None = None) -> str:
    """The address of the next letter, set and not made."""
    work = lambda who, case, to: make.rendered(make.preview(who, case, to), by=who).public_id  # noqa: E731
    return told.letters + str(in_case(client, told, work, by))


def asked(client: Client, told: Ready) -> str:
    """Ana has asked that it be signed off; signed in is Ruth."""
    here = previewed(client, told)
    assert client.fill(client.get(here), ASK, no_contact_why=WHY).status_code == 303
    client.sign_in(told.world.ruth.person_id)
    return here


def letter(client: Client, here: str) -> Letter:
    def read() -> Letter:
        found = db.session.scalars(select(Letter).where(Letter.public_id == here.rpartition("/")[2])).one()
        db.session.expunge(found)
        return found

    return client.outside(read)


def told_of(client: Client, event: str) -> list[int]:
    heard = select(Outbox.person_id).where(Outbox.event == event).order_by(Outbox.person_id)
    return list(client.outside(lambda: db.session.scalars(heard).all()))


def timeline(client: Client) -> str:
    newest = select(Entry.body).where(Entry.kind == EntryKind.LETTER).order_by(Entry.id.desc()).limit(1)
    return str(client.outside(lambda: db.session.scalar(newest)))


def second_lead(client: Client, told: Ready) -> Actor:
    make_her = lambda: make.actor(told.world.ana, Role.WORKFLOW_LEAD, told.world.te_awa)  # noqa: E731
    return client.outside(make_her)


def test_a_formal_warning_waits_for_a_lead_and_is_made_as_it_is_signed_off(client: Client, told: Ready) -> None:
    here = previewed(client, told)
    said = client.get(here).text
    assert "This is a formal warning." in said
    assert "Make this letter" not in said
    assert SIGN not in said, "who writes it does not sign it"
    assert client.send(f"{here}/making").status_code == 422
    assert letter(client, here).made_at is None
    assert client.fill(client.get(here), ASK, no_contact_why=WHY).status_code == 303
    assert told_of(client, "letter.sign_off_asked") == [told.world.ruth.person_id]
    assert "It waits for a workflow lead" in client.get(here).text
    client.sign_in(told.world.ruth.person_id)
    assert "To be signed off" in client.get(told.letters).text
    page = client.get(here)
    assert WHY in page.text
    assert client.fill(page, SIGN).status_code == 303
    made = letter(client, here)
    assert (made.made_by_id, made.signed_by_id, made.is_signed_alone) == (told.world.ruth.person_id,) * 2 + (False,)
    assert "Ruth" in client.get(here).text
    assert told_of(client, "letter.signed") == [told.world.ana.person_id]
    assert timeline(client) == "Letter 3 to the mother was signed off, and made."


def test_without_a_talk_with_the_school_it_says_why_there_was_none(client: Client, told: Ready) -> None:
    here = previewed(client, told)
    answer = client.fill(client.get(here), ASK, no_contact_why=" ")
    assert answer.status_code == 422
    assert "Say why nobody spoke with the school" in answer.text
    assert letter(client, here).sign_asked_at is None
    in_case(client, told, lambda by, case, _to: make.event(by, case))
    assert "Why has nobody spoken" not in client.get(here).text
    assert client.fill(client.get(here), ASK).status_code == 303
    assert letter(client, here).no_contact_why == ""


def test_sent_back_it_is_never_made_and_its_author_reads_why(client: Client, told: Ready) -> None:
    here = asked(client, told)
    page = client.get(here)
    assert client.fill(page, BACK, not_signed_why="").status_code == 422
    assert client.fill(page, BACK, not_signed_why="The address is the old one.").status_code == 303
    assert told_of(client, "letter.sent_back") == [told.world.ana.person_id]
    for _ in range(2):
        assert client.send(f"{here}/sign-off").status_code == 409
    assert client.send(f"{here}/sign-off/refused", not_signed_why="Again").status_code == 409
    assert letter(client, here).made_at is None
    client.sign_in(told.world.ana.person_id)
    assert "The address is the old one." in client.get(here).text
    assert "Not signed off" in client.get(told.letters).text
    assert client.send(f"{here}/sign-off/asked", no_contact_why=WHY).status_code == 409


def test_its_author_is_told_as_they_chose(client: Client, told: Ready) -> None:
    settings = "/notifications/settings"
    assert client.fill(client.get(settings), "Save", letter_signed_or_sent_back="at_once").status_code == 303
    here = asked(client, told)
    assert client.fill(client.get(here), BACK, not_signed_why="The address is the old one.").status_code == 303
    how = select(Outbox.person_id, Outbox.channel).where(Outbox.event == "letter.sent_back")
    heard = client.outside(lambda: db.session.execute(how).all())
    assert heard == [(told.world.ana.person_id, Channel.APP_EMAIL)], "usually it stands in the app alone"


def test_what_changed_since_is_signed_by_nobody(client: Client, told: Ready) -> None:
    here = asked(client, told)

    def moves(_by: Actor, _case: Case, to: Caregiver) -> None:
        to.address = "9 Kauri Street, Tawa"

    in_case(client, told, moves)
    answer = client.fill(client.get(here), SIGN)
    assert answer.status_code == 409
    assert "Changed since this preview:</strong> Address" in answer.text
    assert letter(client, here).made_at is None


def test_of_two_leads_it_is_signed_by_the_one_who_did_not_write_it(client: Client, told: Ready) -> None:
    second_lead(client, told)
    here = previewed(client, told, told.world.ruth)
    client.sign_in(told.world.ruth.person_id)
    assert SIGN not in client.get(here).text
    assert client.send(f"{here}/sign-off", no_contact_why=WHY).status_code == 403
    assert client.fill(client.get(here), ASK, no_contact_why=WHY).status_code == 303
    assert told_of(client, "letter.sign_off_asked") == [told.world.ana.person_id]
    assert client.send(f"{here}/sign-off").status_code == 403


def test_the_only_lead_signs_what_they_wrote_and_that_is_kept(client: Client, told: Ready) -> None:
    here = previewed(client, told, told.world.ruth)
    client.sign_in(told.world.ruth.person_id)
    page = client.get(here)
    assert "lead the service alone" in page.text
    assert client.fill(page, SIGN, no_contact_why="").status_code == 422
    assert client.fill(page, SIGN, no_contact_why=WHY).status_code == 303
    assert letter(client, here).is_signed_alone
    assert "its author and the service’s only workflow lead" in client.get(here).text


def test_who_wrote_it_does_not_sign_it_and_a_colleague_learns_nothing(client: Client, told: Ready) -> None:
    here = previewed(client, told)
    assert client.send(f"{here}/sign-off").status_code == 403
    assert client.send(f"{here}/sign-off/refused", not_signed_why="No").status_code == 403
    client.sign_in(told.world.lupe.person_id)
    assert client.send(f"{here}/sign-off").status_code == 404


def test_the_database_keeps_no_formal_warning_that_nobody_signed(client: Client, told: Ready) -> None:
    here = previewed(client, told)

    def by_hand(*_: Any) -> None:
        found = db.session.scalars(select(Letter).where(Letter.public_id == here.rpartition("/")[2])).one()
        found.made_at, found.made_by_id = core_clock.now(), found.asked_by_id
        db.session.flush()

    with pytest.raises(IntegrityError):
        in_case(client, told, by_hand)


def test_what_waits_for_a_lead_is_kept_longer_than_a_preview(client: Client, told: Ready, clock: Traveller) -> None:
    waits, looked_at = previewed(client, told), previewed(client, told)
    client.fill(client.get(waits), ASK, no_contact_why=WHY)
    clock.shift(timedelta(days=2))
    client.outside(forget_previews)
    client.sign_in(told.world.ana.person_id)
    assert client.get(waits).status_code == 200
    assert client.get(looked_at).status_code == 404
    clock.shift(timedelta(days=13))
    client.outside(forget_previews)
    assert count(client) == 2, "the two that were sent"


def count(client: Client) -> int:
    return int(client.outside(lambda: db.session.scalar(select(func.count()).select_from(Letter))))


def test_two_previews_that_wait_are_made_once(client: Client, told: Ready) -> None:
    first, other = previewed(client, told), previewed(client, told)
    for here in (first, other):
        client.fill(client.get(here), ASK, no_contact_why=WHY)
    client.sign_in(told.world.ruth.person_id)
    assert client.fill(client.get(first), SIGN).status_code == 303
    assert client.send(f"{other}/sign-off").status_code in {409, 422}
    assert letter(client, other).sign_asked_at is None, "nobody is asked about it any more"


def exception(client: Client, told: Ready, step: int, why: str = "The hearing is on Friday.") -> int:
    client.sign_in(told.world.ruth.person_id)
    return client.send(f"{told.ready}/exception", step=str(step), why=why).status_code


def begun(client: Client, told: Ready) -> None:
    """No letter counts yet: those that were sent are void."""

    def void(by: Actor, case: Case, _to: Caregiver) -> None:
        for sent in db.session.scalars(select(Letter).where(Letter.case_id == case.id)).all():
            void_letter(make.letter_now(by, case, sent), "Another child’s days", by=by)

    in_case(client, told, void)


def test_a_lead_lets_a_letter_be_written_out_of_its_turn_once(client: Client, told: Ready) -> None:
    begun(client, told)
    assert exception(client, told, 2) == 303
    assert timeline(client) == "Letter 2 to the mother may be written out of its turn: The hearing is on Friday."
    assert "Write letter 2 to" in client.get(told.letters).text
    in_case(client, told, make.letter_made)
    page = client.get(told.letters).text
    assert "out of its turn</span>" not in page.partition("Letters held back")[0].replace("Let a letter", "")
    assert "Letter 2 is made and not sent yet" in page
    assert exception(client, told, 2) == 422, "there is one"


def test_an_exception_is_a_lead_s_with_a_reason_for_a_letter_that_needs_one(client: Client, told: Ready) -> None:
    begun(client, told)
    assert client.send(f"{told.ready}/exception", step="2", why="No").status_code == 403
    assert exception(client, told, 1) == 422, "letter 1 may be written now"
    assert exception(client, told, 9) == 422
    assert exception(client, told, 2, why=" ") == 422
    assert "Write letter 1 to" in client.get(told.letters).text


def test_an_exception_is_taken_back(client: Client, told: Ready) -> None:
    begun(client, told)
    exception(client, told, 3)
    assert "Write letter 3 to" in client.get(told.letters).text
    assert (
        client.fill(client.get(told.letters), "Take it back: letter 3 to Ngaire Te Whānau out of its turn").status_code
        == 303
    )
    assert "Write letter 1 to" in client.get(told.letters).text


def reopened(by: Actor, case: Case, _to: Caregiver) -> None:
    held = case_to_change(case.id)
    close_case(held, "attending_regularly", by=by, why="There again")
    change_status(held, Status.OPEN, by=by, why="Away again")


def test_a_reopened_case_goes_on_where_it_was_unless_a_lead_has_it_begin_again(
    client: Client, told: Ready, clock: Traveller
) -> None:
    client.sign_in(told.world.ruth.person_id)
    again = f"{told.ready}/beginning-again"
    assert client.send(again, why="New start").status_code == 422, "it was never closed"
    in_case(client, told, reopened, told.world.ruth)
    assert "Write letter 3 to" in client.get(told.letters).text
    assert client.send(again, why=" ").status_code == 422
    assert client.send(again, why="A new year").status_code == 303
    page = client.get(told.letters).text
    assert "Write letter 1 to" in page
    assert page.count("made Tue 3 March") == 1, "those before stay"
    in_case(client, told, lambda by, case, to: write(clock, by, case, to, 2))
    client.sign_in(told.world.ruth.person_id)
    assert "Write letter 3 to" in client.get(told.letters).text
    assert client.send(again, why="Once more").status_code == 422, "not reopened since"


def test_beginning_again_is_a_lead_s(client: Client, told: Ready) -> None:
    in_case(client, told, reopened, told.world.ruth)
    assert client.send(f"{told.ready}/beginning-again", why="No").status_code == 403
    assert client.get(f"{told.ready}/exception").status_code == 403


def test_what_waits_stands_in_my_work_of_a_lead_who_may_sign_it(client: Client, told: Ready) -> None:
    line = "Sign a formal warning off, or send it back"
    here = asked(client, told)
    work = client.get("/workspace/")
    assert line in work.text
    assert f'href="/workspace/cases/{told.number}/letters/"' in work.text
    for who in (told.world.ana, told.world.lupe):
        client.sign_in(who.person_id)
        assert line not in client.get("/workspace/").text, "not a lead’s, or another service’s"
    client.sign_in(told.world.ruth.person_id)
    assert client.fill(client.get(here), SIGN).status_code == 303
    assert line not in client.get("/workspace/").text


def test_of_two_leads_the_author_has_no_such_line(client: Client, told: Ready) -> None:
    second_lead(client, told)
    here = previewed(client, told, told.world.ruth)
    client.sign_in(told.world.ruth.person_id)
    assert client.fill(client.get(here), ASK, no_contact_why=WHY).status_code == 303
    assert "Sign a formal warning off" not in client.get("/workspace/").text
