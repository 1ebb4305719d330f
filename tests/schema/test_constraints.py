"""What the database itself refuses, whatever the code above it does."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, insert, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError

from app.attendance.calendars.models import CalendarEntry, CalendarEntryKind
from app.attendance.models import AbsenceStatement, AbsenceWeek, LastAttendance
from app.attendance.prompts.models import PromptAnswer
from app.calendars.school_calendar import Half
from app.cases import actions, parts
from app.cases.barriers.models import Barrier, BarrierState, FormerBarrier, NamedBy
from app.cases.comments.actions import edit
from app.cases.entries import Audience, EntryAudience, EntryText
from app.cases.models import Case, CaseKind, CasePerson, Part, StatusChange
from app.cases.pauses.models import Pause, PauseState
from app.cases.plans.models import GoalState, Plan, PlanGoal, ReviewOutcome
from app.cases.statuses.models import StatusFact
from app.cases.transfers.models import Transfer, TransferState
from app.core import clock, events
from app.core.db import Base, db
from app.core.events import Audit
from app.core.files.stored import Kept, Scan, add
from app.core.security import public_id
from app.core.seen import ViewLog
from app.core.versions import version_of
from app.initiatives.models import Initiative, InitiativeState
from app.letters.batches.models import BatchLine, LetterBatch, LineState
from app.letters.purposes import Purpose
from app.letters.rulings import LetterRestart
from app.letters.steps import CaseLadder, Ladder, LadderStep
from app.letters.wordings.models import KeptWording, LetterText
from app.people.models import Person, Role
from app.people.role_requests.actions import ask_for_role
from app.people.telling.models import How, TellingChoice
from app.referrals.models import Referral
from app.students.caregivers.actions import change_caregiver
from app.students.models import Caregiver, Enrolment, FormerCaregiver
from app.students.records.models import MergeState, StudentMerge
from app.students.rules import facts_of
from tests import make
from tests.attendance.marks_rows import one_of_each

APPEND_ONLY = (
    *(Audit, ViewLog, StatusChange, EntryAudience, EntryText, AbsenceStatement, AbsenceWeek, FormerCaregiver),
    *(StatusFact, FormerBarrier, LastAttendance, Ladder, LadderStep, KeptWording, PromptAnswer),
)
WORDS = [
    (table.name, column.name)
    for table in Base.metadata.sorted_tables
    for column in table.columns
    if getattr(column.type, "enums", None)
]


@pytest.fixture(autouse=True)
def rows(world: make.World) -> None:
    """One in every table that has a word in it, or is append-only."""
    case = make.open_case(world)
    entry = make.note(world.ana, case)
    values = {"entry_id": entry.id, "was": Audience.SHARED, "became": Audience.SERVICE, "at": clock.now()}
    db.session.execute(insert(EntryAudience).values(by_id=world.ana.person_id, **values))
    edit(make.head(world.ana, case), entry, "Other words", version="", by=world.ana)
    who = {"person_id": world.ana.person_id, "role": "case_manager", "organisation_id": world.te_awa.id}
    add(Kept("ab/abc", "plan.pdf", "application/pdf", 1, "a" * 64, "b" * 64), scan=Scan.PENDING, by=world.ana)
    db.session.execute(insert(ViewLog).values(at=clock.now(), case_id=case.id, page="case", **who))
    letters(world, case)
    work(world, case)
    one_of_each(world.mere, world.ng.id, case)
    wanted = db.session.get_one(Person, world.aroha.person_id)
    ask_for_role(wanted, world.tawa.id, Role.OFFICE_SUPPORT, why="", by=world.aroha)
    day, closed = clock.today(), CalendarEntryKind.CLOSED
    db.session.add(
        CalendarEntry(
            public_id=public_id(),
            school_id=world.tawa.id,
            kind=closed,
            half=Half.MORNING,
            from_on=day,
            to_on=day,
            at=clock.now(),
            by_id=world.mere.person_id,
        )
    )
    db.session.add(
        TellingChoice(person_id=world.ana.person_id, event="school_added", how=How.NONE, chosen_at=clock.now())
    )


def work(world: make.World, case: Case) -> None:
    """What is done on a case."""
    who, now, today = world.ana.person_id, clock.now(), clock.today()
    change = db.session.scalars(select(StatusChange).limit(1)).one()
    db.session.add(StatusFact(change_id=change.id, field="why", text="Attends again."))
    said: dict[str, Any] = {"named_by": NamedBy.WHANAU, "state": BarrierState.OPEN}
    barrier = Barrier(public_id="b", case_id=case.id, code="transport", added_at=now, added_by_id=who, **said)
    plan = Plan(case_id=case.id, number=1, agreed_with="Mum", review_on=today, made_at=now, made_by_id=who)
    plan.outcome = ReviewOutcome.SAME
    state, asked = TransferState.ASKED, {"asked_at": now, "asked_by_id": who}
    transfer = Transfer(public_id="t", case_id=case.id, from_id=case.service_id, state=state, why="Moved.", **asked)
    made = {
        "made_at": now,
        "made_by_id": who,
        "from_on": today,
        "aim": "Fewer late.",
        "name": "Walking bus",
        "kind": "other",
    }
    doing = Initiative(public_id="i", organisation_id=case.service_id, state=InitiativeState.RUNNING, **made)
    merge = StudentMerge(public_id="m", from_id=case.student_id, into_id=world.ng.id, organisation_id=case.service_id)
    merge.state, merge.why, merge.proposed_at, merge.proposed_by_id = MergeState.REFUSED, "Alike.", now, who
    pause = Pause(public_id="p", case_id=case.id, service_id=case.service_id, state=PauseState.ASKED, **asked)
    pause.why, pause.review_on = "In hospital.", today
    db.session.add_all([barrier, plan, transfer, doing, merge, pause])
    db.session.flush()
    db.session.add(FormerBarrier(barrier_id=barrier.id, number=1, until=now, by_id=who, **said))
    db.session.add(PlanGoal(plan_id=plan.id, place=1, text="Comes by bus", state=GoalState.OPEN))
    db.session.flush()


def letters(world: make.World, case: Case) -> None:
    """What a letter leaves, and what it rests on: days absent, and a caregiver of whom something else was known."""
    caregiver = make.letter_ready(world, case)
    make.letter_sent(world.ana, case, caregiver)
    make.hold(world.ana, case)
    make.excepted(world.ruth, case, caregiver, 3)
    who = {"case_id": case.id, "caregiver_id": caregiver.id, "purpose": Purpose.CA, "by_id": world.ruth.person_id}
    db.session.add(LetterRestart(public_id="r", round=2, why="Anew.", at=clock.now(), **who))
    letters_of_its_own(world, case)
    known = facts_of(caregiver)
    told, version = replace(known, phone="04 555 0123", address_source="Nan"), version_of(known.texts)
    change_caregiver(make.head(world.ana, case), caregiver.id, told, version=version, by=world.ana)


def letters_of_its_own(world: make.World, case: Case) -> None:
    """A service's own ladder and text, the ladder a case goes by, a batch, and a last day at school."""
    now, today, who = clock.now(), clock.today(), world.ruth.person_id
    at: dict[str, Any] = {"organisation_id": world.te_awa.id, "purpose": Purpose.CA}
    ladder = Ladder(public_id="l", number=1, why="Fewer.", made_at=now, made_by_id=who, **at)
    kept = KeptWording(digest="d" * 64, content="{}")
    text = LetterText(public_id="x", step=1, language="en", number=1, content="{}", digest="d" * 64, **at)
    text.made_at, text.made_by_id = now, who
    batch = LetterBatch(public_id="b", rule="due", asked_at=now, asked_by_id=who, asked_as=Role.WORKFLOW_LEAD, **at)
    db.session.add_all([ladder, kept, text, batch])
    db.session.flush()
    told = {"student_id": case.student_id, "last_on": today, "source": "Nan", "told_on": today, "recorded_at": now}
    last = LastAttendance(recorded_by_id=who, organisation_id=world.te_awa.id, **told)
    step = LadderStep(ladder_id=ladder.id, number=1, name="One letter")
    goes_by = CaseLadder(case_id=case.id, purpose=Purpose.CA, ladder_id=ladder.id, as_of=today, at=now, by_id=who)
    to = db.session.scalars(select(Caregiver.id).where(Caregiver.student_id == case.student_id).limit(1)).one()
    line = BatchLine(batch_id=batch.id, place=1, case_id=case.id, caregiver_id=to, step=1, skipped_why="Spoken with")
    line.state = LineState.SKIPPED
    db.session.add_all([last, step, line])
    db.session.merge(goes_by)
    db.session.flush()


@pytest.mark.parametrize("table", [table.__tablename__ for table in APPEND_ONLY])
@pytest.mark.parametrize("change", ["UPDATE {table} SET {key} = {key}", "DELETE FROM {table}"])
def test_append_only_table_refuses(world: make.World, table: str, change: str) -> None:
    assert db.session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    key = next(iter(Base.metadata.tables[table].primary_key)).name
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(change.format(table=table, key=key)))


def test_a_word_that_is_not_in_the_list_is_refused_in_every_column(world: make.World) -> None:
    empty = {name for name, _ in WORDS if not db.session.execute(text(f"SELECT count(*) FROM {name}")).scalar_one()}
    assert not empty
    taken = [name for name in WORDS if name[0] not in {t.__tablename__ for t in APPEND_ONLY} and _takes_anything(*name)]
    assert not taken


def test_words_are_stored_by_value(world: make.World) -> None:
    stored = db.session.execute(text("SELECT status, kind FROM attendance_case")).one()
    assert tuple(stored) == ("open", "CA")


def test_a_student_has_one_case_that_is_not_closed(world: make.World) -> None:
    with pytest.raises(IntegrityError):
        _open_case(world)


def test_a_closed_case_leaves_room_for_another(world: make.World) -> None:
    case = db.session.scalars(select(Case)).one()
    make.closed(case, by=world.ruth)
    _open_case(world)
    assert db.session.scalar(select(func.count()).select_from(Case)) == 2


@pytest.mark.parametrize("part", [Part.MANAGER, Part.PRIMARY_CONTACT])
def test_a_case_has_one_of_these_at_a_time(world: make.World, part: Part) -> None:
    with pytest.raises(IntegrityError):
        _name(world, part)


@pytest.mark.parametrize("part", [Part.COVER, Part.SECONDARY_CONTACT])
def test_a_case_has_several_of_these(world: make.World, part: Part) -> None:
    _name(world, part)
    _name(world, part)
    assert db.session.scalar(select(func.count()).select_from(CasePerson).where(CasePerson.part == part)) == 2


def test_urgent_without_a_why_is_refused(world: make.World) -> None:
    _refused("UPDATE attendance_case SET urgency = 0, urgent_why = ''")


def test_urgency_is_nought_or_one(world: make.World) -> None:
    _refused("UPDATE attendance_case SET urgency = 2")


def test_a_sent_request_without_its_case_is_refused(world: make.World) -> None:
    _refused("UPDATE referral SET case_id = NULL")


def test_a_sent_request_without_its_sender_is_refused(world: make.World) -> None:
    _refused("UPDATE referral SET submitted_by_id = NULL")


def test_a_school_has_one_draft_for_a_student(world: make.World) -> None:
    make.draft(world.priya, world.ng)
    first = db.session.scalars(select(Referral).where(Referral.student_id == world.ng.id)).one()
    copied = {c.name: getattr(first, c.name) for c in Referral.__table__.columns if c.name != "id"}
    with pytest.raises(IntegrityError):
        db.session.execute(insert(Referral).values(**{**copied, "public_id": "another"}))


def test_an_enrolment_never_ends_before_it_starts(world: make.World) -> None:
    enrolment = db.session.scalars(select(Enrolment)).first()
    assert enrolment is not None
    enrolment.to_on = enrolment.from_on - timedelta(days=1)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_a_role_that_a_person_gave_names_who(world: make.World) -> None:
    _refused("UPDATE role_held SET given_by_command = false, given_by_id = NULL, source = 'person'")


def test_a_time_without_a_zone_is_refused(world: make.World) -> None:
    naive = clock.now().replace(tzinfo=None)
    with pytest.raises(Exception, match=r"core\.clock"):
        db.session.execute(select(Audit.id).where(Audit.at < naive))


def test_times_keep_their_microseconds_and_come_back_aware(world: make.World) -> None:
    now = clock.now().replace(microsecond=123457)
    case = db.session.scalars(select(Case)).one()
    case.made_at = now
    db.session.flush()
    db.session.expire_all()
    assert case.made_at == now
    assert case.made_at.tzinfo is not None


def test_every_event_leaves_an_audit_row_without_text(world: make.World) -> None:
    columns = {column.name for column in Audit.__table__.columns}
    assert not columns & {"text", "body", "name"}
    case = db.session.scalars(select(Case)).one()
    before = db.session.scalar(select(func.count()).select_from(Audit))
    events.record("case.looked_at", by=world.ana, on=case, about=case)
    assert db.session.scalar(select(func.count()).select_from(Audit)) == (before or 0) + 1


def _name(world: make.World, part: Part) -> None:
    case = db.session.scalars(select(Case)).one()
    parts.name_person(case, world.david.person_id, part, organisation_id=world.te_awa.id, by=world.ruth)


def _refused(statement: str) -> None:
    with pytest.raises(IntegrityError):
        db.session.execute(text(statement))


def _takes_anything(table: str, column: str) -> bool:
    """Does this column take a word that is in no list? One that is kept as it is takes no word at all."""
    try:
        with db.session.begin_nested():
            db.session.execute(text(f"UPDATE {table} SET {column} = 'nonsense'"))
            return True
    except DBAPIError as refused:
        return not (isinstance(refused, IntegrityError) or "append-only" in str(refused))


def _open_case(world: make.World) -> None:
    actions.open_case(
        student_id=world.whanau.id,
        school_id=world.tawa.id,
        service_id=world.te_awa.id,
        region="WGN",
        kind=CaseKind.CA,
        by=world.priya,
    )


@pytest.mark.parametrize("column", ["facts", "wording", "file_id", "made_at", "made_by_id", "step", "versions"])
def test_what_a_letter_said_when_it_was_made_is_not_changed(world: make.World, column: str) -> None:
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text(f"UPDATE letter SET {column} = {column} WHERE made_at IS NOT NULL"))


def test_a_letter_that_was_made_is_not_deleted_and_what_becomes_of_it_is_recorded(world: make.World) -> None:
    db.session.execute(text("UPDATE letter SET void_why = 'Twice' WHERE made_at IS NOT NULL"))
    with pytest.raises(DBAPIError, match="append-only"):
        db.session.execute(text("DELETE FROM letter WHERE made_at IS NOT NULL"))
