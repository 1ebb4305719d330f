"""Batches of letters: chosen, looked through, made in bites by the worker, printed in posting order, posted, undone (L6). Each
line has its letter once, or says why not."""

import io
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pikepdf
import pytest
from flask import Flask
from sqlalchemy import func, select, update
from time_machine import Traveller

from app.cases.entries import Audience, Entry, EntryKind
from app.cases.many import heads_of
from app.cases.models import Case, CaseKind
from app.cases.tasks.models import Task
from app.cases.tasks.rules import ADDED
from app.core import clock as core_clock
from app.core.db import db
from app.core.errors import Conflict, Refused
from app.core.events import Audit, Outbox
from app.core.files.store import Store, StoreFailed, the_store
from app.core.files.stored import StoredFile
from app.core.pdf.binding import BindingFailed
from app.core.pdf.press import Press
from app.letters import actions as letter_actions
from app.letters import binding as carrying_binding
from app.letters import carrying
from app.letters.answers import awaited
from app.letters.batches import actions, choosing
from app.letters.batches.actions import BEGUN, CANCELLED
from app.letters.batches.asking import AHEAD, MEANWHILE
from app.letters.batches.binding import GONE as LET_GO
from app.letters.batches.binding import bind_again
from app.letters.batches.listing import counts_of, letters_in, line_for, lines_of
from app.letters.batches.making import AGAIN, OTHER_LADDER
from app.letters.batches.models import BatchLine, BatchState, LetterBatch, LineState
from app.letters.batches.policy import can_print_batch
from app.letters.batches.queries import Found, batch_for, batches_for
from app.letters.batches.rules import FORMAL, GONE, NOT_NAMED, Rule
from app.letters.binding import NOT_BOUND, ToBind
from app.letters.carrying import NOT_POSTED, NOT_VOIDED, carry_on, make_due
from app.letters.dossiers import dossiers_of
from app.letters.emails.models import LetterMail
from app.letters.emails.rules import CALLED_OFF
from app.letters.ladders import Step
from app.letters.many import dossiers_of_each
from app.letters.models import Back, Letter, LetterPage, Method
from app.letters.purposes import Purpose
from app.letters.readiness import readiness
from app.letters.rendering import forget_previews, render_due
from app.letters.rules import CameBack, Sending
from app.letters.rulings import LetterRestart
from app.letters.versions.actions import change_ladder
from app.people.models import RoleHeld
from app.people.queries import Actor
from app.students.models import Caregiver
from tests import make
from tests.letters import school
from tests.support.statements import Statements

ADDRESSES = ("7 Rātā Street\nTawa\nWellington 5028", "3 Kōwhai Road\nPorirua 5022", "1 Aka Lane\nTawa\nWellington 5028")


@pytest.fixture(autouse=True)
def with_press(app: Flask, press: Press) -> None:
    app.extensions["press"] = press


@pytest.fixture
def world(clock: Traveller, own_world: make.World) -> make.World:
    db.session.commit()
    return own_world


def ready_case(world: make.World, number: int, *, to: Actor | None = None) -> tuple[Case, Caregiver]:
    """A case of Ana's (or somebody else's), of a student of its own, with one caregiver who can be written to."""
    pupil = make.student(f"Pupil Number{number}", world.tawa)
    case = make.submitted(world.priya, pupil, contact=world.tom)
    case = make.assigned(case, to=to or world.ana, by=world.ruth)
    caregiver = make.letter_ready(world, case)
    caregiver.name, caregiver.address = f"Nan Number{number}", ADDRESSES[number % 3]
    db.session.commit()
    return case, caregiver


def several(world: make.World, count: int = 3) -> list[tuple[Case, Caregiver]]:
    return [ready_case(world, number) for number in range(count)]


def chosen(by: Actor, rule: Rule = Rule.FIRST, *numbers: str) -> Found:
    batch, _ = actions.choose(Purpose.CA, rule, numbers, by=by)
    db.session.commit()
    return now(batch, by)


def now(batch: LetterBatch, by: Actor) -> Found:
    found = batch_for(by, batch.public_id)
    assert found is not None
    return found


def begun(by: Actor, rule: Rule = Rule.FIRST) -> Found:
    found = chosen(by, rule)
    actions.begin(found, by=by)
    db.session.commit()
    return now(found.batch, by)


def made(by: Actor) -> Found:
    found = begun(by)
    make_due()
    return now(found.batch, by)


def lines(found: Found) -> list[BatchLine]:
    db.session.rollback()
    mine = select(BatchLine).where(BatchLine.batch_id == found.batch.id).order_by(BatchLine.place)
    return list(db.session.scalars(mine))


def letters(found: Found) -> list[Letter]:
    db.session.rollback()
    theirs = select(Letter).join(BatchLine, BatchLine.letter_id == Letter.id)
    return list(db.session.scalars(theirs.where(BatchLine.batch_id == found.batch.id).order_by(BatchLine.place)))


def timeline() -> list[str]:
    return list(db.session.scalars(select(Entry.body).where(Entry.kind == EntryKind.LETTER).order_by(Entry.id)))


def printed(found: Found) -> pikepdf.Pdf:
    file = db.session.get_one(StoredFile, found.batch.print_file_id)
    return pikepdf.open(io.BytesIO(b"".join(the_store().read(file.key))))


def test_many_cases_rest_on_the_same_as_each_by_itself(world: make.World) -> None:
    cases = [case for case, _ in several(world)]
    make.caregiver(cases[0], world.priya, "Koro", has_responsibility=None)
    make.hold(world.ana, cases[1], why="In hospital")
    make.letter_sent(world.ana, cases[2], db.session.scalars(_named(cases[2])).one())
    make.excepted(world.ruth, cases[2], db.session.scalars(_named(cases[2])).one(), 3)
    heads = heads_of(world.ana, [case.id for case in cases])
    today = core_clock.today()
    each = [readiness(one, today) for case in cases for one in dossiers_of(make.head(world.ana, case))]
    assert [readiness(one, today) for one in dossiers_of_each(Purpose.CA, list(heads.values()))] == each
    assert len(each) == 4


def test_many_cases_of_non_enrolment_rest_on_the_same_as_each_by_itself(world: make.World) -> None:
    cases = [case for case, _ in several(world)]
    for days, case in enumerate(cases[:2], 20):
        make.enrolled_nowhere(world, case, since=core_clock.today() - timedelta(days=days))
    cases[2].kind = CaseKind.NEN
    school.closed(world.mere, date(2026, 2, 16), date(2026, 2, 18))
    db.session.commit()
    today = core_clock.today()
    heads = [make.head(world.ana, case) for case in cases]
    each = [readiness(one, today) for head in heads for one in dossiers_of(head)]
    together = dossiers_of_each(Purpose.NEN, list(heads_of(world.ana, [case.id for case in cases]).values()))
    assert [readiness(one, today) for one in together] == each
    assert [one.is_ready for one in each] == [True, True, False]


def _named(case: Case) -> Any:
    return select(Caregiver).where(Caregiver.student_id == case.student_id, Caregiver.ended_at.is_(None))


def test_the_readiness_of_many_cases_costs_as_many_statements_as_that_of_one(
    world: make.World, statements: Statements
) -> None:
    ready_case(world, 0)
    with statements.counted():
        actions.choose(Purpose.CA, Rule.FIRST, (), by=world.ruth)
    one = statements.count
    db.session.rollback()
    for number in range(1, 6):
        ready_case(world, number)
    with statements.counted():
        _, found = actions.choose(Purpose.CA, Rule.FIRST, (), by=world.ruth)
    assert len(found.lines) == 6
    assert statements.count == one <= 14


def test_lines_lie_in_posting_order(world: make.World) -> None:
    several(world, 6)
    lay = [row.caregiver_name for row in lines_of(world.ruth, chosen(world.ruth).batch, LineState.READY)]
    assert lay == [f"Nan Number{number}" for number in (1, 4, 2, 5, 0, 3)]


@pytest.mark.parametrize("by", ["ana", "ruth"])
def test_cases_of_others_are_in_no_batch(world: make.World, by: str) -> None:
    case, _ = ready_case(world, 0)
    theirs, _ = ready_case(world, 1, to=world.david)
    elsewhere = make.gone(world, world.ng)
    db.session.commit()
    numbers = [case.number, theirs.number, elsewhere.number]
    found = chosen(getattr(world, by), Rule.TICKED, *numbers)
    shown = {
        row.case_number
        for state in (LineState.READY, LineState.NOT_READY)
        for row in lines_of(getattr(world, by), found.batch, state)
    }
    assert shown == ({case.number} if by == "ana" else {case.number, theirs.number})
    for who in ("lupe", "wiremu", "mere", "tom"):
        assert batch_for(getattr(world, who), found.batch.public_id) is None
        assert not batches_for(getattr(world, who))


def test_a_case_manager_sees_of_a_lead_s_batch_the_lines_of_their_own_cases(world: make.World) -> None:
    case, _ = ready_case(world, 0)
    ready_case(world, 1, to=world.david)
    found = begun(world.ruth)
    seen = now(found.batch, world.ana)
    assert [row.case_number for row in lines_of(world.ana, seen.batch, LineState.READY)] == [case.number]
    assert (seen.others, found.others) == (1, 0)
    assert line_for(world.ana, seen.batch.public_id, 3) is None


def test_before_it_is_begun_a_batch_is_seen_by_no_other_case_manager(world: make.World) -> None:
    ready_case(world, 0)
    assert batch_for(world.ana, chosen(world.ruth).batch.public_id) is None


def test_a_list_that_was_thrown_away_is_seen_by_no_other_case_manager(world: make.World) -> None:
    ready_case(world, 0)
    found = chosen(world.ruth)
    actions.cancel(found, by=world.ruth)
    db.session.commit()
    assert batch_for(world.ana, found.batch.public_id) is None
    assert batch_for(world.ruth, found.batch.public_id)


def test_the_list_of_batches_counts_the_letters_of_whoever_reads_it(world: make.World) -> None:
    ready_case(world, 0)
    ready_case(world, 1, to=world.david)
    ready_case(world, 2, to=world.david)
    begun(world.ruth)
    for who, count in ((world.ana, 1), (world.david, 2), (world.ruth, 3)):
        (row,) = batches_for(who)
        assert row.letters == count


def back_in_triage(_: make.World, case: Case) -> None:
    case.service_id = None


def at_another_service(world: make.World, case: Case) -> None:
    case.service_id = world.lupe.organisation_id


@pytest.mark.parametrize("went", [back_in_triage, at_another_service])
def test_no_print_file_is_open_with_a_letter_of_a_case_that_is_not_theirs_any_more(
    world: make.World, went: Callable[[make.World, Case], None]
) -> None:
    (case, _), *_ = several(world, 2)
    found = made(world.ruth)
    went(world, db.session.get_one(Case, case.id))
    db.session.commit()
    seen = now(found.batch, world.ruth)
    assert (seen.others, seen.letters_of_others, can_print_batch(world.ruth, seen)) == (1, 1, False)


def test_a_line_without_a_letter_locks_no_print_file(world: make.World) -> None:
    (case, _), *_ = several(world, 2)
    found = chosen(world.ruth)
    skipped = next(line for line in lines(found) if line.case_id == case.id)
    actions.skip(found, skipped.place, "Spoken with.", by=world.ruth)
    actions.begin(found, by=world.ruth)
    db.session.commit()
    make_due()
    at_another_service(world, db.session.get_one(Case, case.id))
    db.session.commit()
    seen = now(found.batch, world.ruth)
    assert (seen.others, can_print_batch(world.ruth, seen)) == (1, True)


@pytest.mark.parametrize("rule", [Rule.FIRST, Rule.TICKED])
def test_who_has_no_responsibility_and_who_has_no_address_is_not_ready_and_says_why(
    world: make.World, rule: Rule
) -> None:
    case, caregiver = ready_case(world, 0)
    koro = make.caregiver(case, world.priya, "Koro", has_responsibility=False).id
    caregiver.address = ""
    db.session.commit()
    found = {line.caregiver_id: line for line in lines(chosen(world.ana, rule, case.number))}
    assert {line.state for line in found.values()} == {LineState.NOT_READY}
    assert "There is no address to write to." in found[caregiver.id].skipped_why
    assert "has no responsibility for the student: no letter goes to them." in found[koro].skipped_why


def test_whom_people_have_just_spoken_with_is_not_ready_and_nobody_else(world: make.World) -> None:
    (case, caregiver), (_, other) = several(world, 2)
    spoken_with(world, case, caregiver)
    db.session.commit()
    found = {line.caregiver_id: line for line in lines(chosen(world.ana))}
    assert found[caregiver.id].state is LineState.NOT_READY
    assert found[caregiver.id].skipped_why.startswith(HAPPENS[spoken_with])
    assert (found[other.id].state, found[other.id].skipped_why) == (LineState.READY, "")


def test_whose_days_were_told_long_ago_is_not_ready_and_says_so(world: make.World, clock: Traveller) -> None:
    """Ten working days on they are as good as new. One letter is still for whoever looks at it to judge."""
    case, old = ready_case(world, 0)
    clock.shift(timedelta(days=10))
    _, new = ready_case(world, 1)
    assert {line.state for line in lines(chosen(world.ana))} == {LineState.READY}
    clock.shift(timedelta(days=3))
    found = {line.caregiver_id: line for line in lines(chosen(world.ana))}
    assert (found[old.id].state, found[new.id].state) == (LineState.NOT_READY, LineState.READY)
    assert found[old.id].skipped_why.endswith("That is 11 working days ago.")
    (alone,) = dossiers_of(make.head(world.ana, case))
    assert readiness(alone, core_clock.today()).is_ready


def test_who_is_gone_when_everybody_is_looked_at_again_keeps_a_line_with_the_reason(world: make.World) -> None:
    (given, _), (_, ended_one), (moved, _), _ = several(world, 4)
    found = chosen(world.ruth)
    skipped = next(line.place for line in lines(found) if line.case_id == moved.id)
    actions.skip(found, skipped, "Spoken with yesterday.", by=world.ruth)
    ended_one.ended_at = core_clock.now()
    at_another_service(world, given)
    at_another_service(world, moved)
    actions.look_again(found, by=world.ruth)
    db.session.commit()
    assert {line.case_id: (line.state, line.skipped_why) for line in lines(found)[1:]} == {
        given.id: (LineState.NOT_READY, GONE),
        _case_of(ended_one): (LineState.NOT_READY, NOT_NAMED),
        moved.id: (LineState.SKIPPED, "Spoken with yesterday."),
    }
    assert lines(found)[0].state is LineState.READY
    assert counts_of(world.ruth, found.batch).not_ready == 1


def _case_of(caregiver: Caregiver) -> int:
    return db.session.scalars(select(Case.id).where(Case.student_id == caregiver.student_id)).one()


def test_how_many_are_not_ready_and_stand_on_no_line_is_counted(
    world: make.World, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _, caregiver in several(world):
        caregiver.address = ""
    db.session.commit()
    monkeypatch.setattr(choosing, "MOST", 1)
    _, found = actions.choose(Purpose.CA, Rule.FIRST, (), by=world.ana)
    assert (len(found.lines), found.has_more, found.more_not_ready) == (1, False, 2)


def test_a_formal_warning_is_never_in_a_batch(world: make.World) -> None:
    case, caregiver = ready_case(world, 0)
    make.excepted(world.ruth, case, caregiver, 3)
    db.session.commit()
    (line,) = lines(chosen(world.ana, Rule.TICKED, case.number))
    assert (line.state, line.skipped_why) == (LineState.NOT_READY, FORMAL)


def test_the_next_letter_is_due_by_the_end_of_the_week(world: make.World, clock: Traveller) -> None:
    case, caregiver = ready_case(world, 0)
    ready_case(world, 1)
    make.letter_sent(world.ana, case, caregiver)
    db.session.commit()
    with pytest.raises(Refused):
        actions.choose(Purpose.CA, Rule.NEXT, (), by=world.ana)
    clock.shift(timedelta(days=14))
    (line,) = lines(chosen(world.ana, Rule.NEXT))
    assert (line.case_id, line.step) == (case.id, 2)


def test_no_letter_yet_after_ten_working_days(world: make.World, clock: Traveller) -> None:
    case, _ = ready_case(world, 0)
    with pytest.raises(Refused):
        actions.choose(Purpose.CA, Rule.OPEN, (), by=world.ana)
    clock.shift(timedelta(days=28))
    (line,) = lines(chosen(world.ana, Rule.OPEN))
    assert line.case_id == case.id


def test_letter_two_is_due_when_its_gap_is_gone(world: make.World, clock: Traveller) -> None:
    case, caregiver = ready_case(world, 0)
    make.letter_sent(world.ana, case, caregiver)
    db.session.commit()
    with pytest.raises(Refused):
        actions.choose(Purpose.CA, Rule.SECOND, (), by=world.ana)
    clock.shift(timedelta(days=40))
    (line,) = lines(chosen(world.ana, Rule.SECOND))
    assert (line.case_id, line.step) == (case.id, 2)
    with pytest.raises(Refused):
        actions.choose(Purpose.CA, Rule.FIRST, (), by=world.ana)


def test_skipped_with_a_reason_put_back_and_looked_at_again(world: make.World) -> None:
    (_, first), (_, second) = several(world, 2)
    found = chosen(world.ana)
    actions.skip(found, 1, "Spoken with yesterday.", by=world.ana)
    with pytest.raises(Conflict):
        actions.skip(found, 1, "Twice.", by=world.ana)
    second.address = ""
    first.address = ADDRESSES[2]
    db.session.commit()
    skipped = lines(found)[0].caregiver_id
    actions.look_again(found, by=world.ana)
    db.session.commit()
    again = {line.caregiver_id: (line.state, line.skipped_why) for line in lines(found)}
    assert again.pop(skipped) == (LineState.SKIPPED, "Spoken with yesterday.")
    place = next(line.place for line in lines(found) if line.state is LineState.SKIPPED)
    actions.put_back(found, place, by=world.ana)
    db.session.commit()
    assert lines(found)[place - 1].state is LineState.READY


def test_each_letter_is_made_once_and_kept_as_one_made_by_hand(world: make.World) -> None:
    several(world)
    found = made(world.ana)
    written = letters(found)
    assert found.batch.state is BatchState.MADE
    assert [letter.made_by_id for letter in written] == [world.ana.person_id] * 3
    assert all(letter.made_at and letter.file_id and letter.page_count and letter.versions for letter in written)
    assert db.session.scalar(select(func.count()).select_from(LetterPage)) == 0
    assert timeline() == ["Letter 1 to the mother was made."] * 3
    assert carry_on() is False
    assert counts_of(world.ana, found.batch).made == 3


def test_people_are_told_once_of_a_whole_batch(world: make.World) -> None:
    several(world)
    found = made(world.ruth)
    told = db.session.execute(select(Outbox.person_id, Outbox.event).where(Outbox.thing == "letter_batch")).all()
    assert told == [(world.ana.person_id, "batch.made")]
    others = select(func.count()).select_from(Outbox).where(Outbox.thing == "letter")
    assert db.session.scalar(others) == 0
    in_log = select(func.count()).select_from(Audit).where(Audit.event == "letter.made_in_batch")
    assert db.session.scalar(in_log) == len(letters(found)) == 3


def test_the_print_file_has_each_letter_on_a_right_hand_page_in_posting_order(world: make.World) -> None:
    several(world)
    found = made(world.ana)
    with printed(found) as whole:
        texts = [_names_on(page) for page in whole.pages]
    assert len(texts) % 2 or not texts[-1]
    pages = [letter.page_count or 0 for letter in letters(found)]
    starts = [sum(count + count % 2 for count in pages[:number]) for number in range(3)]
    assert [start % 2 for start in starts] == [0, 0, 0]
    assert [texts[start] for start in starts] == ["has text"] * 3
    for start, count in zip(starts, pages, strict=True):
        assert not count % 2 or start + count == len(texts) or texts[start + count] == ""


def _names_on(page: Any) -> str:
    return "has text" if any(str(each.operator) == "Tj" or str(each.operator) == "TJ" for each in _drawn(page)) else ""


def _drawn(page: Any) -> Any:
    return pikepdf.parse_content_stream(page) if "/Contents" in page else ()


def closed(world: make.World, case: Case, _: Caregiver) -> None:
    make.closed(case, by=world.ana)


def ended(_: make.World, _case: Case, caregiver: Caregiver) -> None:
    caregiver.ended_at = core_clock.now()


def held(world: make.World, case: Case, _: Caregiver) -> None:
    make.hold(world.ana, case, why="In hospital")


def moved_house(_: make.World, _case: Case, caregiver: Caregiver) -> None:
    caregiver.address = "2 Other Road\nTawa\nWellington 5028"


def made_by_hand(world: make.World, case: Case, caregiver: Caregiver) -> None:
    make.letter_made(world.ana, case, caregiver)


def spoken_with(world: make.World, case: Case, _: Caregiver) -> None:
    said = {"kind": "call", "mode": "phone", "with_school": False, "with_caregiver": True}
    make.event(world.ana, case, Audience.SERVICE, waits=True, **said)  # type: ignore[arg-type]


def given_away(world: make.World, case: Case, _: Caregiver) -> None:
    make.assigned(case, to=world.david, by=world.ruth)


HAPPENS: dict[Callable[[make.World, Case, Caregiver], None], str] = {
    closed: "The case is closed.",
    ended: NOT_NAMED,
    held: "Letters wait until",
    spoken_with: "A caregiver was spoken with on Tue 3 March (call, Ana Tuhoro).",
    moved_house: "Changed since the batch was begun: Address.",
    made_by_hand: MEANWHILE,
    given_away: GONE,
}


@pytest.mark.parametrize("what", HAPPENS, ids=lambda what: what.__name__)
def test_what_happens_before_a_letter_is_made_leaves_it_out_with_the_reason(
    world: make.World, what: Callable[[make.World, Case, Caregiver], None]
) -> None:
    (case, caregiver), *_ = several(world, 2)
    found = begun(world.ana)
    assert carry_on()
    render_due()
    what(world, case, caregiver)
    db.session.commit()
    make_due()
    line = next(line for line in lines(found) if line.case_id == case.id)
    assert (line.state, line.letter_id) == (LineState.LEFT_OUT, None)
    assert line.skipped_why.startswith(HAPPENS[what])
    assert len(letters(found)) == 1
    assert db.session.get_one(LetterBatch, found.batch.id).state is BatchState.MADE


@pytest.mark.parametrize(
    "what", [closed, ended, held, spoken_with, made_by_hand, given_away], ids=lambda what: what.__name__
)
def test_what_happens_before_it_is_begun_leaves_a_line_out_too(
    world: make.World, what: Callable[[make.World, Case, Caregiver], None]
) -> None:
    (case, caregiver), *_ = several(world, 2)
    found = chosen(world.ana)
    what(world, case, caregiver)
    actions.begin(found, by=world.ana)
    db.session.commit()
    make_due()
    line = next(line for line in lines(found) if line.case_id == case.id)
    assert line.skipped_why.startswith(HAPPENS[what])


def other_ladder(world: make.World, _: Caregiver) -> None:
    change_ladder(Purpose.CA, [Step(Purpose.CA, 1, "Only", 0, is_formal=False)], "One.", version=0, by=world.ruth)


def began_again(world: make.World, caregiver: Caregiver) -> None:
    (line,) = db.session.scalars(select(BatchLine).where(BatchLine.caregiver_id == caregiver.id))
    ruled = LetterRestart(
        public_id="again", case_id=line.case_id, caregiver_id=caregiver.id, purpose=Purpose.CA, round=2
    )
    ruled.why, ruled.at, ruled.by_id = "Reopened.", core_clock.now(), world.ruth.person_id
    db.session.add(ruled)


@pytest.mark.parametrize(("what", "why"), [(other_ladder, OTHER_LADDER), (began_again, AGAIN)])
def test_another_ladder_and_one_that_began_again_are_told_apart(
    world: make.World, what: Callable[[make.World, Caregiver], None], why: str
) -> None:
    ((_, caregiver),) = several(world, 1)
    found = begun(world.ana)
    assert carry_on()
    render_due()
    what(world, caregiver)
    db.session.commit()
    make_due()
    assert [line.skipped_why for line in lines(found)] == [why]


def cases_were_held_first(statements: Statements) -> bool:
    held = "SELECT attendance_case.id \nFROM attendance_case \nWHERE attendance_case.id IN"
    case = next(place for place, text in enumerate(statements.texts) if text.startswith(held))
    return case < next(place for place, text in enumerate(statements.texts) if "letter.facts" in text)


def test_cases_are_held_before_their_letters_as_by_whoever_writes_one_by_hand(
    world: make.World, statements: Statements
) -> None:
    several(world, 1)
    found = begun(world.ana)
    assert carry_on()
    render_due()
    with statements.counted():
        assert carry_on()
    assert cases_were_held_first(statements)
    make_due()
    actions.mark_posted(now(found.batch, world.ana), core_clock.today(), by=world.ana)
    db.session.commit()
    with statements.counted():
        assert carry_on()
    assert cases_were_held_first(statements)


def test_two_batches_of_the_same_letters_make_each_once(world: make.World) -> None:
    several(world)
    one, other = chosen(world.ana), chosen(world.ruth)
    for found, by in ((one, world.ana), (other, world.ruth)):
        actions.begin(found, by=by)
        db.session.commit()
    make_due()
    assert len(letters(one)) + len(letters(other)) == 3
    in_force = select(func.count()).select_from(Letter).where(Letter.made_at.is_not(None))
    assert db.session.scalar(in_force) == 3
    left = [line for found in (one, other) for line in lines(found) if line.state is LineState.LEFT_OUT]
    assert {line.skipped_why for line in left} == {MEANWHILE}


def test_begun_a_second_time_it_was_begun_once(world: make.World) -> None:
    several(world, 1)
    found = begun(world.ana)
    with pytest.raises(Conflict, match=BEGUN):
        actions.begin(found, by=world.ruth)


def test_a_letter_that_somebody_looks_at_does_not_wait_for_a_whole_batch(world: make.World) -> None:
    several(world, AHEAD + 2)
    begun(world.ana)
    assert carry_on()
    due = select(func.count()).select_from(Letter).where(Letter.next_try_at.is_not(None))
    assert db.session.scalar(due) == AHEAD


def test_cancelled_what_is_made_stays_and_the_rest_is_not_made(world: make.World) -> None:
    several(world)
    found = begun(world.ana)
    assert carry_on()
    for letter in letters(found)[1:]:
        letter.next_try_at = None
    db.session.commit()
    render_due()
    assert carry_on()
    actions.cancel(found, by=world.ana)
    db.session.commit()
    make_due()
    assert len(letters(found)) == 1
    assert [line.skipped_why for line in lines(found)].count(CANCELLED) == 2
    assert now(found.batch, world.ana).batch.print_file_id


def test_previews_of_a_batch_that_was_cancelled_go_after_a_day_and_others_wait(
    world: make.World, clock: Traveller
) -> None:
    several(world)
    found = begun(world.ana)
    assert carry_on()
    clock.shift(timedelta(days=2))
    forget_previews()
    assert len(letters(found)) == 3
    actions.cancel(found, by=world.ana)
    db.session.commit()
    forget_previews()
    assert db.session.scalar(select(func.count()).select_from(Letter)) == 0


def test_a_full_disk_leaves_a_letter_out_in_words_and_the_batch_goes_on(
    world: make.World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(world, 2)
    found = begun(world.ana)

    def full(*_: object) -> str:
        raise StoreFailed("os error 28")

    with monkeypatch.context() as there:
        there.setattr(Store, "put", full)
        for _ in range(4):
            make_due()
            clock.shift(timedelta(minutes=2))
    make_due()
    assert {line.state for line in lines(found)} == {LineState.LEFT_OUT}
    assert all("file storage does not answer" in line.skipped_why for line in lines(found))
    batch = now(found.batch, world.ana).batch
    assert (batch.state, batch.print_file_id) == (BatchState.MADE, None)


def test_a_print_file_that_cannot_be_kept_is_tried_three_times_and_then_said(
    world: make.World, clock: Traveller, monkeypatch: pytest.MonkeyPatch
) -> None:
    several(world, 1)
    found = begun(world.ana)
    assert carry_on()
    render_due()

    def broken(*_: object) -> None:
        raise BindingFailed("quotes a letter")

    monkeypatch.setattr(carrying_binding, "bind", broken)
    for _ in range(4):
        make_due()
        clock.shift(timedelta(minutes=2))
    batch = now(found.batch, world.ana).batch
    assert (batch.state, batch.fault, batch.print_file_id) == (BatchState.MADE, NOT_BOUND, None)
    assert len(letters(found)) == 1


def test_posted_on_a_day_each_letter_has_its_own_record(world: make.World) -> None:
    several(world)
    found = made(world.ana)
    first = letters(found)[0]
    letter_actions.void_letter(
        make.letter_now(world.ana, db.session.get_one(Case, first.case_id), first), "No", by=world.ana
    )
    with pytest.raises(Refused, match="still to come"):
        actions.mark_posted(found, core_clock.today() + timedelta(days=1), by=world.ana)
    actions.mark_posted(found, core_clock.today(), by=world.ana)
    db.session.commit()
    with pytest.raises(Conflict):
        actions.undo(found, "No", by=world.ana)
    db.session.rollback()
    make_due()
    void, *sent = letters(found)
    assert void.sent_on is None
    assert [(each.sent_on, each.method, each.sent_by_id) for each in sent] == [
        (core_clock.today(), "post", world.ana.person_id)
    ] * 2
    assert [said for said in timeline() if "Posted on" in said] == [
        f"Letter 1 to the mother: Posted on {letter_day()}."
    ] * 2
    with pytest.raises(Conflict):
        actions.mark_posted(now(found.batch, world.ana), core_clock.today(), by=world.ana)


def test_to_each_that_was_posted_an_answer_is_hoped_for_as_to_a_single_one(world: make.World) -> None:
    """By the day that was said of all; not to one that is void, and to none while the worker has not noted it as posted."""
    several(world)
    found = made(world.ana)
    void, first, second = letters(found)
    case = db.session.get_one(Case, void.case_id)
    letter_actions.void_letter(make.letter_now(world.ana, case, void), "No", by=world.ana)
    by_day = core_clock.today() + timedelta(days=3)
    actions.mark_posted(found, core_clock.today(), answer_by=by_day, by=world.ana)
    db.session.commit()
    hopes = select(Task).where(Task.what.startswith("No answer to letter 1 to Nan")).order_by(Task.id)
    assert db.session.scalars(hopes).all() == []
    make_due()
    tasks = db.session.scalars(hopes).all()
    assert [(task.case_id, task.due_on, task.made_by_id) for task in tasks] == [
        (letter.case_id, by_day, world.ana.person_id) for letter in (first, second)
    ]
    assert [awaited(letter) for letter in (first, second)] == list(tasks)
    told = select(Audit.case_id).where(Audit.event == ADDED, Audit.thing_id.in_([task.id for task in tasks]))
    assert set(db.session.scalars(told)) == {first.case_id, second.case_id}
    with_head = make.letter_now(world.ana, db.session.get_one(Case, first.case_id), first)
    letter_actions.record_back(with_head, CameBack(Back.ANSWERED, core_clock.today()), by=world.ana)
    assert awaited(first) is None


def test_what_is_hoped_for_of_a_whole_bite_is_written_in_one_statement(
    world: make.World, statements: Statements
) -> None:
    several(world)
    today = core_clock.today()
    actions.mark_posted(made(world.ana), today, answer_by=today + timedelta(days=9), by=world.ana)
    db.session.commit()
    with statements.counted() as asked:
        carry_on()
    assert len([text for text in asked.texts if text.startswith("INSERT INTO task ")]) == 1
    assert db.session.scalar(select(func.count()).select_from(Task)) == 3


def test_where_no_day_is_named_no_answer_is_hoped_for(world: make.World) -> None:
    several(world, 1)
    actions.mark_posted(made(world.ana), core_clock.today(), by=world.ana)
    db.session.commit()
    make_due()
    assert db.session.scalar(select(func.count()).select_from(Task)) == 0


def letter_day() -> str:
    day = core_clock.today()
    return f"{day:%A} {day.day} {day:%B %Y}"


def test_undone_what_was_not_sent_is_void_and_what_was_stays(world: make.World) -> None:
    several(world)
    found = made(world.ana)
    first = letters(found)[0]
    head = make.letter_now(world.ana, db.session.get_one(Case, first.case_id), first)
    letter_actions.record_sending(head, Sending(Method.POST, core_clock.today()), by=world.ana)
    actions.undo(found, "Wrong envelopes.", by=world.ana)
    db.session.commit()
    make_due()
    sent, *void = letters(found)
    assert sent.voided_at is None
    assert [each.void_why for each in void] == ["Wrong envelopes."] * 2
    counts = counts_of(world.ana, now(found.batch, world.ana).batch)
    assert (counts.sent, counts.void, counts.not_sent) == (1, 2, 0)
    again = chosen(world.ana)
    assert len(lines_of(world.ana, again.batch, LineState.READY)) == 2


def waiting_mail(letter: Letter, by: Actor) -> LetterMail:
    """The mail server did not take it so far."""
    now = core_clock.now()
    mail = LetterMail(letter_id=letter.id, address="nan@example.org", asked_at=now, asked_by_id=by.person_id)
    mail.next_try_at, mail.attempts, mail.last_error = now + timedelta(hours=1), 1, "ConnectionRefusedError"
    db.session.add(mail)
    db.session.commit()
    return mail


def test_what_waits_for_the_mail_server_is_not_noted_as_posted(world: make.World) -> None:
    several(world)
    found = made(world.ana)
    mailed = letters(found)[0].id
    waiting_mail(letters(found)[0], world.ana)
    counts = counts_of(world.ana, now(found.batch, world.ana).batch)
    assert (counts.to_post, counts.in_mail, counts.to_undo) == (2, 1, 3)
    actions.mark_posted(found, core_clock.today(), by=world.ana)
    db.session.commit()
    make_due()
    assert {letter.id for letter in letters(found) if letter.sent_on is None} == {mailed}


def test_no_mail_leaves_with_a_letter_that_was_undone(world: make.World) -> None:
    several(world, 2)
    found = made(world.ana)
    mail = waiting_mail(letters(found)[0], world.ana).id
    actions.undo(found, "Wrong envelopes.", by=world.ana)
    db.session.commit()
    make_due()
    assert all(letter.voided_at for letter in letters(found))
    stopped = db.session.get_one(LetterMail, mail)
    assert (stopped.next_try_at, stopped.fault) == (None, CALLED_OFF)


def posted(found: Found, by: Actor) -> None:
    actions.mark_posted(found, core_clock.today(), by=by)


def undone(found: Found, by: Actor) -> None:
    actions.undo(found, "Wrong envelopes.", by=by)


@pytest.mark.parametrize("done", [posted, undone])
def test_letters_on_closed_cases_are_neither_noted_as_posted_nor_voided(
    world: make.World, done: Callable[[Found, Actor], None]
) -> None:
    (case, _), *_ = several(world, 2)
    found = made(world.ana)
    make.closed(db.session.get_one(Case, case.id), by=world.ana)
    db.session.commit()
    counts = counts_of(world.ana, now(found.batch, world.ana).batch)
    assert (counts.closed, counts.to_post, counts.to_undo) == (1, 1, 1)
    done(found, world.ana)
    db.session.commit()
    make_due()
    as_it_was = [letter.case_id for letter in letters(found) if not letter.sent_on and not letter.voided_at]
    assert as_it_was == [case.id]


def test_a_batch_all_of_closed_cases_is_neither_posted_nor_undone(world: make.World) -> None:
    ((case, _),) = several(world, 1)
    found = made(world.ana)
    make.closed(db.session.get_one(Case, case.id), by=world.ana)
    db.session.commit()
    with pytest.raises(Conflict, match="not on a closed case"):
        posted(found, world.ana)
    db.session.rollback()
    with pytest.raises(Conflict, match="not on a closed case"):
        undone(found, world.ana)


@pytest.mark.parametrize(("done", "fault"), [(posted, NOT_POSTED), (undone, NOT_VOIDED)])
def test_whoever_loses_the_role_meanwhile_leaves_a_batch_that_says_so_and_can_be_noted_again(
    world: make.World, done: Callable[[Found, Actor], None], fault: str
) -> None:
    several(world, 2)
    found = made(world.ana)
    done(found, world.ana)
    db.session.execute(update(RoleHeld).filter_by(person_id=world.ana.person_id).values(ended_at=core_clock.now()))
    db.session.commit()
    make_due()
    seen = now(found.batch, world.ruth)
    assert (seen.batch.state, seen.batch.fault, seen.batch.posted_on) == (BatchState.MADE, fault, None)
    assert not [letter for letter in letters(found) if letter.sent_on or letter.voided_at]
    done(seen, world.ruth)
    db.session.commit()
    make_due()
    assert all(letter.sent_on or letter.voided_at for letter in letters(found))
    assert now(found.batch, world.ruth).batch.fault == ""


def lost_three_times(found: Found, clock: Traveller) -> None:
    """Whoever put its print file together died, at each of its three tries."""
    for _ in range(3):
        while not isinstance(carrying._bite(found.batch.id), ToBind):
            render_due()
        clock.shift(carrying_binding.LEASE + timedelta(seconds=1))


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_print_file_that_was_lost_three_times_is_said_and_put_together_again(
    world: make.World, clock: Traveller, *, cancelled: bool
) -> None:
    several(world, 1)
    found = begun(world.ana)
    if cancelled:
        assert carry_on()
        render_due()
        assert isinstance(carrying._bite(found.batch.id), bool)
        actions.cancel(found, by=world.ana)
        db.session.commit()
    lost_three_times(found, clock)
    make_due()
    seen = now(found.batch, world.ana)
    assert (seen.batch.print_file_id, seen.batch.fault, seen.batch.next_try_at) == (None, NOT_BOUND, None)
    bind_again(seen, by=world.ana)
    db.session.commit()
    make_due()
    seen = now(found.batch, world.ana)
    assert (bool(seen.batch.print_file_id), seen.batch.fault) == (True, "")
    with pytest.raises(Conflict):
        bind_again(seen, by=world.ana)


PRINTED = select(StoredFile.key).join(LetterBatch, LetterBatch.print_file_id == StoredFile.id)


def test_the_print_file_is_put_together_again_without_cases_that_went_elsewhere(world: make.World) -> None:
    (case, _), *_ = several(world)
    found = made(world.ruth)
    at_another_service(world, db.session.get_one(Case, case.id))
    db.session.commit()
    former = db.session.scalars(PRINTED).one()
    bind_again(now(found.batch, world.ruth), by=world.ruth)
    db.session.commit()
    make_due()
    seen = now(found.batch, world.ruth)
    assert db.session.scalars(PRINTED).one() != former
    assert former not in db.session.scalars(select(StoredFile.key)).all()
    assert can_print_batch(world.ruth, seen)
    assert [row.number for row in letters_in(world.ruth, seen.batch)] == [1, 2]
    with printed(seen) as whole:
        first, second = [each.page_count or 0 for each in letters(found)]
        assert len(whole.pages) == first + first % 2 + second
    line = next(line for line in lines(found) if line.case_id == case.id)
    assert (line.state, line.skipped_why) == (LineState.LEFT_OUT, LET_GO)
    kept = select(Letter.made_at).where(Letter.case_id == case.id)
    assert db.session.scalars(kept).one()


def test_a_batch_that_was_posted_is_not_put_together_again(world: make.World) -> None:
    several(world, 1)
    found = made(world.ana)
    posted(found, world.ana)
    db.session.commit()
    make_due()
    with pytest.raises(Conflict, match="not posted"):
        bind_again(now(found.batch, world.ana), by=world.ana)
    told = select(func.count()).select_from(Audit).where(Audit.event == "batch.letters_posted")
    assert db.session.scalar(told) == 1


def test_the_posting_list_numbers_the_letters_as_they_lie(world: make.World) -> None:
    several(world)
    found = made(world.ruth)
    listed = letters_in(world.ruth, found.batch)
    assert [(row.number, row.caregiver_name) for row in listed] == [
        (1, "Nan Number1"),
        (2, "Nan Number2"),
        (3, "Nan Number0"),
    ]
    assert not letters_in(world.david, found.batch)
