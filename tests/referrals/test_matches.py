"""Two records that may be one student are put to the service's lead, and no school learns of it (REQ-10)."""

from datetime import date, timedelta

import pytest
from sqlalchemy import delete, func, select, update
from time_machine import Traveller

from app.attendance.actions import state_absences
from app.attendance.queries import statements_of
from app.cases.access.queries import access_log_for
from app.cases.actions import change_status, close_case
from app.cases.files.queries import files_on
from app.cases.models import Case, Status
from app.cases.queries import case_for
from app.cases.rules import LISTS
from app.cases.search.queries import cases_found
from app.cases.search.rules import sought
from app.cases.timeline import timeline_for
from app.core import clock
from app.core.db import Base, db
from app.core.errors import Conflict
from app.core.events import Audit, Channel, Outbox
from app.core.lists import rows
from app.core.security import public_id
from app.people.models import Catchment, Role
from app.people.queries import Actor
from app.people.telling.actions import choose_telling
from app.people.telling.models import How
from app.people.telling.queries import told_to
from app.people.telling.rules import choices_of
from app.referrals.actions import submit
from app.referrals.duplicates.actions import confirm_merge, propose_merge, undo_merge
from app.referrals.duplicates.queries import Merge, merge_for, merges_for, pair_for
from app.referrals.files.actions import files_now
from app.referrals.matches.actions import not_the_same, same_student
from app.referrals.matches.queries import match_for, matches_for, waiting_for
from app.referrals.models import LikelyMatch, Outcome, Referral, State
from app.referrals.queries import requests_on_case
from app.students.merging.rules import MOVES
from app.students.models import Student
from app.students.particulars.queries import recorded_of
from app.students.privacy.actions import mark_given
from app.students.records.models import MergeState, StudentMerge
from app.students.siblings.models import Sibling
from tests import make
from tests.attendance.marks_rows import response
from tests.letters import school
from tests.support.client import Client

BORN = date(2011, 5, 4)
LISTED = rows(LISTS / "notifications.csv")


def found() -> list[LikelyMatch]:
    return list(db.session.scalars(select(LikelyMatch).order_by(LikelyMatch.id)))


def earlier(of: make.World, name: str = "Hana Te Ōhaki-Ngata", born_on: date = BORN) -> Case:
    """At Puna Street School, with Te Awa's Ana."""
    case = make.submitted(of.jin, make.student(name, of.puna, born_on=born_on), contact=of.jin)
    return make.assigned(case, to=of.ana, by=of.ruth)


def later(of: make.World, name: str = "hana te ohaki ngata", born_on: date = BORN) -> Case:
    """Another record, at Tawa Awa College, of the same service."""
    return make.submitted(of.priya, make.student(name, of.tawa, born_on=born_on), contact=of.tom)


def last_request(of: Case) -> int:
    return int(
        db.session.scalar(select(Referral.id).where(Referral.case_id == of.id).order_by(Referral.id.desc())) or 0
    )


def both(of: make.World) -> tuple[Case, Case, LikelyMatch]:
    first, second = earlier(of), later(of)
    (match,) = found()
    return first, second, match


def test_the_same_folded_name_and_date_of_birth_are_put_to_the_lead(world: make.World) -> None:
    first, second, match = both(world)
    assert (match.case_id, match.other_case_id, second.status) == (second.id, first.id, Status.QUEUE)
    told = db.session.execute(select(Outbox.person_id, Outbox.channel).where(Outbox.event == "match.found")).all()
    assert [(row.person_id, row.channel.value) for row in told] == [(world.ruth.person_id, "app")]
    (row,) = matches_for(world.ruth)
    assert (row.new_number, row.earlier_number, row.earlier_school) == (second.number, first.number, world.puna.name)


def test_while_the_new_one_is_in_triage_the_investigators_learn_of_that_one_as_they_chose(world: make.World) -> None:
    """And nobody learns of the other’s (REQ-10)."""
    first = earlier(world)
    db.session.execute(update(Catchment).values(service_id=None))
    second = later(world)
    assert second.status is Status.TRIAGE
    told = db.session.scalars(select(Outbox).where(Outbox.event == "match.found")).all()
    assert [(row.person_id, row.case_id, row.channel) for row in told] == [
        (world.ruth.person_id, first.id, Channel.APP),
        (world.moana.person_id, second.id, Channel.APP),
    ]
    (line,) = [line for line in told_to(world.moana).lines if line.event == "match.found"]
    assert (line.place.number, line.place.name) == (second.number, "hana te ohaki ngata")
    (row,) = matches_for(world.ruth)
    assert (row.new_number, row.new_has_service, row.earlier_number) == (None, False, first.number)
    assert not any(matches_for(who) for name, who in world.people.items() if name != "ruth")
    likely = next(choice for choice in choices_of(Role.INVESTIGATOR, LISTED) if choice.event == "likely_match")
    choose_telling({likely: How.DAILY}, by=world.moana)
    make.submitted(world.priya, make.student("HANA TE OHAKI NGATA", world.tawa, born_on=BORN), contact=world.tom)
    channels = db.session.scalars(select(Outbox.channel).where(Outbox.event == "match.found").order_by(Outbox.id))
    assert sorted(list(channels)[2:]) == [Channel.APP, *[Channel.APP_DIGEST] * 3], (
        "once to the lead, who did not choose"
    )
    assert first.number not in {line.place.number for line in told_to(world.moana).lines}


@pytest.mark.parametrize(
    ("name", "born_on"),
    [("Hana Ngata", BORN), ("Ngata Hana Te Ohaki", BORN), ("Hana Te Ohaki Ngata", date(2011, 4, 5))],
)
def test_another_student_is_no_match(world: make.World, name: str, born_on: date) -> None:
    earlier(world)
    later(world, name, born_on)
    assert not found()


def test_a_record_is_no_match_of_itself(world: make.World) -> None:
    close_case(make.open_case(world), "rejected", by=world.ruth, why="No.")
    make.submitted(world.mere, world.whanau, contact=world.tom)
    assert not found()


@pytest.mark.parametrize(("days", "reason", "is_found"), [(0, "", True), (120, "", False), (0, "duplicate", False)])
def test_a_closed_case_matches_as_long_as_it_would_open_again(
    world: make.World, clock: Traveller, days: int, reason: str, is_found: bool
) -> None:
    close_case(earlier(world), reason, by=world.ruth, why="So it is.")
    clock.shift(timedelta(days=days))
    later(world)
    assert bool(found()) is is_found


def test_where_two_services_have_the_cases_the_lead_of_the_earlier_decides_and_learns_only_what_decides(
    world: make.World,
) -> None:
    first = make.submitted(world.kahu, make.student("Hana Te Ōhaki-Ngata", world.bay, born_on=BORN), contact=world.kahu)
    second = later(world)
    (match,) = found()
    told = db.session.scalars(select(Outbox).where(Outbox.event == "match.found")).all()
    assert [(row.person_id, row.case_id) for row in told] == [(world.lupe.person_id, first.id)]
    (row,) = matches_for(world.lupe)
    assert (row.new_school, row.new_born_on, row.earlier_number) == (world.tawa.name, BORN, first.number)
    assert second.number not in {str(value) for value in row}
    assert (row.new_number, row.new_status, case_for(world.lupe, second.number)) == (None, None, None)
    assert not any(matches_for(who) for name, who in world.people.items() if name != "lupe")
    assert match_for(world.ruth, match.public_id) is None
    assert same_student(match, by=world.lupe)
    assert (first.service_id, first.status, second.status) == (world.te_awa.id, Status.QUEUE, Status.CLOSED)
    assert db.session.get_one(Referral, last_request(first)).outcome is Outcome.MOVED
    assert case_for(world.ruth, first.number) is not None
    assert case_for(world.lupe, second.number) is None


def test_while_nobody_has_the_earlier_case_the_lead_of_the_new_one_decides(world: make.World) -> None:
    db.session.execute(update(Catchment).values(service_id=None))
    first = make.submitted(world.kahu, make.student("Hana Te Ōhaki-Ngata", world.bay, born_on=BORN), contact=world.kahu)
    db.session.execute(update(Catchment).values(service_id=world.te_awa.id))
    second = later(world)
    (row,) = matches_for(world.ruth)
    assert (row.new_number, row.earlier_number, row.earlier_has_service) == (second.number, None, False)
    told = db.session.execute(select(Outbox.person_id, Outbox.case_id).where(Outbox.event == "match.found")).all()
    assert {(row.person_id, row.case_id) for row in told} == {
        (world.ruth.person_id, second.id),
        (world.moana.person_id, first.id),
    }
    assert same_student(found()[0], by=world.ruth)
    assert (first.service_id, first.status) == (world.te_awa.id, Status.QUEUE)


def test_only_a_lead_of_the_service_sees_it(world: make.World) -> None:
    _, _, match = both(world)
    assert match_for(world.ruth, match.public_id) is match
    for other in (world.ana, world.david, world.lupe, world.mere, world.priya, world.moana, world.tane):
        assert match_for(other, match.public_id) is None
        assert not matches_for(other)


def both_in_triage(of: make.World) -> tuple[Case, Case, LikelyMatch]:
    """No service covers their catchments."""
    db.session.execute(update(Catchment).values(service_id=None))
    first = make.submitted(of.jin, make.student("Hana Te Ōhaki-Ngata", of.puna, born_on=BORN), contact=of.jin)
    second = later(of)
    (match,) = found()
    assert first.status is second.status is Status.TRIAGE
    return first, second, match


def test_what_no_service_has_is_decided_by_an_investigator_who_sees_nothing_else(world: make.World) -> None:
    make.submitted(world.kahu, make.student("Mia Abel", world.bay, born_on=BORN), contact=world.kahu)
    make.submitted(world.priya, make.student("Mia Abel", world.tawa, born_on=BORN), contact=world.tom)
    (of_services,) = found()
    db.session.execute(delete(LikelyMatch))
    first, second, match = both_in_triage(world)
    db.session.add(
        LikelyMatch(
            public_id="again",
            case_id=of_services.case_id,
            other_case_id=of_services.other_case_id,
            found_at=match.found_at,
        )
    )
    (row,) = matches_for(world.moana)
    assert (row.new_number, row.earlier_number) == (second.number, first.number)
    assert not any(matches_for(who) for name, who in world.people.items() if name not in {"moana", "lupe"})
    assert match_for(world.ruth, match.public_id) is None
    (line, *_) = [line for line in told_to(world.moana).lines if line.event == "match.found"]
    assert line.place.path == "/ministry/matches/"
    assert same_student(match, by=world.moana)
    assert (first.status, second.status, second.close_reason) == (Status.TRIAGE, Status.CLOSED, "duplicate")
    assert len(requests_on_case(first.id)) == 2
    assert not matches_for(world.moana)


def test_of_a_closed_case_an_investigator_learns_no_number(world: make.World) -> None:
    first, second, _ = both_in_triage(world)
    close_case(first, "", by=world.moana, why="So it is.")
    (row,) = matches_for(world.moana)
    assert (row.new_number, row.earlier_number, row.earlier_status) == (second.number, None, None)


def test_one_student_has_one_case_with_both_requests(world: make.World) -> None:
    first = earlier(world)
    request = make.filled(
        world.priya, make.student("Hana Te Ohaki Ngata", world.tawa, born_on=BORN), contact=world.tom, **make.URGENT
    )
    make.request_with(world.priya, request, "plan.txt")
    second = submit(request, version=request.version, files=files_now(request.referral), by=world.priya)
    (match,) = found()
    assert same_student(match, by=world.ruth)
    assert (second.status, second.close_reason, first.status) == (Status.CLOSED, "duplicate", Status.OPEN)
    assert first.urgent_why == make.URGENT["urgent_why"]
    assert (match.is_same, match.decided_by_id) == (True, world.ruth.person_id)
    assert len(requests_on_case(first.id)) == 2
    joined = db.session.get_one(Referral, request.referral.id)
    assert (joined.state, joined.outcome, joined.case_id) == (State.SUBMITTED, Outcome.JOINED, first.id)
    assert any(second.number in (entry.body or "") for entry in timeline_for(world.ana, first.id))
    assert any(first.number in (entry.body or "") for entry in timeline_for(world.ruth, second.id))
    files = files_on(world.ana, timeline_for(world.ana, first.id))
    assert [file.name for listed in files.values() for file in listed] == ["plan.txt"]
    audited = db.session.scalars(select(Audit.case_id).where(Audit.event == "match.confirmed")).all()
    assert set(audited) == {first.id, second.id}
    assert not same_student(match, by=world.ruth), "once is enough"
    assert not matches_for(world.ruth)


def test_a_closed_earlier_case_opens_again(world: make.World) -> None:
    first = make.closed(earlier(world), by=world.ruth)
    later(world)
    same_student(found()[0], by=world.ruth)
    assert first.status is Status.QUEUE
    assert make.head(world.ruth, first).manager_name is None


def test_two_students_keep_their_cases(world: make.World) -> None:
    first, second, match = both(world)
    assert not_the_same(match, by=world.ruth)
    assert (first.status, second.status, match.is_same) == (Status.OPEN, Status.QUEUE, False)
    assert not not_the_same(match, by=world.ruth)
    with pytest.raises(Conflict):
        same_student(match, by=world.ruth)
    assert second.status is Status.QUEUE
    assert db.session.scalar(select(func.count()).select_from(Audit).where(Audit.event == "match.parted")) == 2
    make.closed(second, by=world.ruth)
    make.submitted(world.mere, make.Pupil(second.student_id, "", ""), contact=world.tom)
    assert second.status is Status.QUEUE
    assert found() == [match], "what was looked at once is not asked again"


def test_a_case_that_ended_meanwhile_has_nothing_to_join(world: make.World) -> None:
    _, second, match = both(world)
    close_case(second, "withdrawn_by_school", by=world.priya, why="Moved.")
    with pytest.raises(Conflict):
        same_student(match, by=world.ruth)


def test_a_school_never_learns_of_a_match_that_waits_or_was_parted(world: make.World) -> None:
    first, second, match = both(world)
    for decide in (lambda: False, lambda: not_the_same(match, by=world.ruth)):
        decide()
        for who in (world.mere, world.priya, world.tom):
            read = " ".join(entry.body or "" for entry in timeline_for(who, second.id))
            assert not [word for word in (first.number, world.puna.name, "uplicate", "ame student") if word in read]
            assert case_for(who, first.number) is None
        assert not [line.what for line in access_log_for(world.mere, second.id) if line.what.startswith("match")]


def test_once_it_is_one_student_the_school_that_asked_goes_on_in_the_earlier_case(world: make.World) -> None:
    """As if it had joined when it was sent (REQ-7): sees it, is told, is asked again into it, and its contact is the contact."""
    first, second, match = both(world)
    change_status(first, Status.TRANSITION, by=world.ruth, why="So far.")
    db.session.execute(delete(Outbox))
    newer = db.session.get_one(Student, second.student_id)
    newer.national_number, newer.address = "12345", "1 New Street"
    assert same_student(match, by=world.ruth)
    assert (first.status, first.school_id, second.student_id) == (Status.OPEN, world.tawa.id, first.student_id)
    stays = db.session.get_one(Student, first.student_id)
    assert (stays.national_number, stays.address) == ("12345", "1 New Street")
    contact = make.head(world.tom, first)
    assert contact.contact_name == "Tom Hargreaves"
    assert {number for number in (first.number, second.number) if case_for(world.mere, number)} == {
        first.number,
        second.number,
    }
    assert first.number in " ".join(entry.body or "" for entry in timeline_for(world.mere, second.id))
    told = db.session.execute(select(Outbox.person_id, Outbox.case_id).where(Outbox.event == "referral.joined")).all()
    assert {(row.person_id, row.case_id) for row in told} == {
        (who.person_id, first.id) for who in (world.priya, world.tom, world.ana)
    }
    assert {row.number for row in cases_found(world.mere, sought("ohaki")).cases} == {first.number, second.number}
    again = make.submitted(world.mere, make.Pupil(first.student_id, "", ""), contact=world.aroha)
    assert (again.id, found()) == (first.id, [match]), "no third case, no further match"


def test_where_the_earlier_case_ended_for_good_meanwhile_the_new_one_stays(world: make.World) -> None:
    first, second, match = both(world)
    close_case(first, "rejected", by=world.ruth, why="No.")
    assert same_student(match, by=world.ruth)
    assert (first.status, second.status, second.student_id) == (Status.CLOSED, Status.QUEUE, first.student_id)
    assert len(requests_on_case(second.id)) == 1
    assert case_for(world.mere, second.number) is not None


def test_the_lead_decides_on_one_page(client: Client) -> None:
    world: make.World = client.outside(make.world)

    def two() -> tuple[str, str]:
        first = earlier(world)
        request = make.filled(
            world.priya, make.student("hana te ohaki ngata", world.tawa, born_on=BORN), contact=world.tom
        )
        make.request_with(world.priya, request, "plan.txt")
        return first.number, submit(
            request, version=request.version, files=files_now(request.referral), by=world.priya
        ).number

    first, second = client.outside(two)
    client.sign_in(world.ruth.person_id)
    page = client.get("/workspace/matches/")
    assert first in page.text
    assert second in page.text
    assert "Puna Street School" in page.text
    assert client.fill(page, f"Same student: {second} and {first}").status_code == 303
    assert "No likely matches" in client.get("/workspace/matches/").text
    client.sign_in(world.priya.person_id)
    public_id = client.outside(lambda: db.session.scalar(select(Referral.public_id).order_by(Referral.id.desc())))
    sent = client.get(f"/portal/referrals/{public_id}/submitted").text
    assert first in sent
    assert "had a case already" in sent
    assert "plan.txt" in client.get(f"/portal/cases/{first}/request").text
    assert first in client.get(f"/portal/cases/{second}/").text


def test_an_investigator_decides_on_the_same_page(client: Client) -> None:
    world: make.World = client.outside(make.world)
    first, second = client.outside(lambda: [case.number for case in both_in_triage(world)[:2]])
    client.sign_in(world.moana.person_id)
    page = client.get("/ministry/matches/")
    assert 'aria-current="page">Likely matches' in page.text
    assert first in page.text
    assert "/cases/" not in page.text, "an investigator opens no case here"
    assert client.fill(page, f"Not the same: {second} and {first}").status_code == 303
    assert "No likely matches" in client.get("/ministry/matches/").text
    assert "Likely matches" not in client.sign_in(world.rachel.person_id).get("/ministry/people/").text


def test_no_school_finds_in_its_own_words_what_the_other_said(world: make.World) -> None:
    first, second, match = both(world)
    newer = db.session.get_one(Student, second.student_id)
    db.session.get_one(Student, first.student_id).address, newer.address = "1 Rata Street", "7 Zqxwv Lane"
    db.session.flush()
    same_student(match, by=world.ruth)
    recorded = recorded_of(first.student_id)
    assert (recorded.facts.address, recorded.known_to(world.puna.id).address) == ("7 Zqxwv Lane", "1 Rata Street")
    assert recorded.known_to(world.te_awa.id).address == "7 Zqxwv Lane"
    assert recorded_of(newer.id).known_to(world.tawa.id).address != "1 Rata Street"
    assert recorded.known_to(world.tawa.id).address == "7 Zqxwv Lane", "what its own roll said it still reads"


def test_whatever_hangs_on_the_newer_record_goes_along_as_with_a_merge(world: make.World) -> None:
    """One row of each kind that moves; what was stated is never changed, and read with the other’s."""
    first, second, match = both(world)
    newer_id, head = second.student_id, make.head(world.ruth, second)
    make.agency(world.ruth, second)
    mark_given(newer_id, clock.today(), by=world.ruth)
    pair = {"student_id": min(newer_id, world.ng.id), "other_id": max(newer_id, world.ng.id)}
    for ends in (pair, {"student_id": newer_id, "other_id": make.student("Piripi Ngata", world.tawa).id}):
        who = {"organisation_id": world.te_awa.id, "added_by_id": world.ruth.person_id, "added_at": clock.now()}
        db.session.add(Sibling(public_id=public_id(), **ends, **who))
    state_absences(head, make.absences(clock.today()), by=world.ruth)
    written_about(newer_id, of=world)
    db.session.flush()
    hung = {(table, column) for table, column in MOVES if hangs(table, column, newer_id)}
    assert hung == set(MOVES)
    assert same_student(match, by=world.ruth)
    assert not [moved for moved in MOVES if hangs(*moved, newer_id)]
    assert len(statements_of(first.student_id)) == 1
    assert db.session.get_one(Student, newer_id).merged_into_id == first.student_id
    merge = db.session.scalars(select(StudentMerge)).one()
    assert (merge.from_id, merge.into_id, merge.decided_by_id) == (newer_id, first.student_id, world.ruth.person_id)
    assert first.number in merge.why


def written_about(student_id: int, *, of: make.World) -> None:
    """A school holds its letters back, lets one out of its turn, and knows of a holiday."""
    student = make.Pupil(student_id, db.session.get_one(Student, student_id).public_id, "")
    to = school.caregiver(of.mere, student)
    school.excepted(of.mere, student, to, 1)
    school.hold(of.mere, student)
    school.holiday(of.mere, student)
    db.session.add(
        response({"student_id": student_id, "school_id": of.tawa.id}, {"at": clock.now(), "by_id": of.mere.person_id})
    )


def hangs(table: str, column: str, student_id: int) -> bool:
    of = Base.metadata.tables[table]
    return db.session.scalar(select(of.c.id).where(of.c[column] == student_id).limit(1)) is not None


def test_what_was_confirmed_is_no_merge_to_undo(world: make.World) -> None:
    first, _, match = both(world)
    same_student(match, by=world.ruth)
    merge = db.session.scalars(select(StudentMerge)).one()
    assert not merges_for(world.ruth)
    assert merge_for(world.ruth, merge.public_id) is None
    third = make.twice(world, make.closed(first, by=world.ruth))
    ids = [db.session.get_one(Student, case.student_id).public_id for case in (first, third)]
    pair = pair_for(world.ruth, *ids)
    assert pair
    assert pair.may_go == [pair.later], "another record went into the earlier one"


def test_what_was_proposed_about_the_newer_record_is_answered(world: make.World) -> None:
    """It went away, so nobody could answer it any more, and nothing else could be proposed about the other one."""
    first, second, match = both(world)
    third = make.closed(make.twice(world, second), by=world.ruth)
    ids = [db.session.get_one(Student, case.student_id).public_id for case in (second, third)]
    pair = pair_for(world.ana, *ids) or pair_for(world.ruth, *ids)
    assert pair
    propose_merge(pair, pair.later, why="The same mother.", by=world.ruth)
    assert same_student(match, by=world.ruth)
    assert not merges_for(world.ruth)
    ids[0] = db.session.get_one(Student, first.student_id).public_id
    again = pair_for(world.ruth, *ids)
    assert again
    assert propose_merge(again, again.later, why="The same mother.", by=world.ruth).state is MergeState.PROPOSED


def test_what_went_into_the_newer_record_before_goes_along_and_still_comes_apart(world: make.World) -> None:
    """Its statements are read with the earlier record, and its national number comes back where it came from."""
    first, second, match = both(world)
    third = make.closed(make.twice(world, second), by=world.ruth)
    oldest = db.session.get_one(Student, third.student_id)
    oldest.national_number = "990002"
    state_absences(make.head(world.ruth, third), make.absences(clock.today()), by=world.ruth)
    db.session.flush()
    pair = pair_for(world.ruth, *(db.session.get_one(Student, case.student_id).public_id for case in (second, third)))
    assert pair
    merge = propose_merge(pair, pair.later, why="The same mother.", by=world.ruth)
    confirm_merge(the_merge(world.ruth, merge), by=world.ruth)
    assert same_student(match, by=world.ruth)
    assert (oldest.merged_into_id, third.student_id) == (first.student_id, first.student_id)
    assert len(statements_of(first.student_id)) == 1
    assert [row.public_id for row in merges_for(world.ruth)] == [merge.public_id]
    undo_merge(the_merge(world.ruth, merge), by=world.ruth)
    assert (oldest.merged_into_id, oldest.national_number, third.student_id) == (None, "990002", oldest.id)
    assert not statements_of(first.student_id)
    assert second.student_id == first.student_id


def the_merge(who: Actor, merge: StudentMerge) -> Merge:
    found = merge_for(who, merge.public_id)
    assert found
    return found


def test_what_was_merged_meanwhile_waits_no_more(world: make.World) -> None:
    """Of a pair that waits here the two records were put side by side by their address, and merged."""
    first, second, match = both(world)
    make.closed(second, by=world.ruth)
    pair = pair_for(world.ruth, *(db.session.get_one(Student, case.student_id).public_id for case in (first, second)))
    assert pair
    merge = propose_merge(pair, pair.later, why="The same mother.", by=world.ruth)
    assert matches_for(world.ruth)
    confirm_merge(the_merge(world.ruth, merge), by=world.ruth)
    assert not matches_for(world.ruth)
    assert waiting_for(world.ruth)[0] == 0
    with pytest.raises(Conflict, match="merged meanwhile"):
        same_student(match, by=world.ruth)


def test_another_school_of_the_newer_record_waits_as_after_a_move(clock: Traveller, world: make.World) -> None:
    """The one that asked sees the case at once, and what had closed before only whoever had it (CASE-10)."""
    first, second, match = both(world)
    make.closed(first, by=world.ruth)
    make.enrolled(second.student_id, world.bay)
    assert same_student(match, by=world.ruth)
    assert reads(world, first) == {"mere": True, "jin": True, "kahu": False}
    assert reads(world, second) == {"mere": True, "jin": False, "kahu": False}
    clock.shift(timedelta(days=8))
    assert reads(world, first) == {"mere": True, "jin": True, "kahu": True}
    assert reads(world, second) == {"mere": True, "jin": False, "kahu": True}


def reads(world: make.World, case: Case) -> dict[str, bool]:
    return {who: case_for(world.people[who], case.number) is not None for who in ("mere", "jin", "kahu")}


def test_the_school_of_a_case_that_ended_for_good_waits_before_it_sees_the_new_one(world: make.World) -> None:
    first, second, match = both(world)
    close_case(first, "rejected", by=world.ruth, why="No.")
    assert same_student(match, by=world.ruth)
    assert reads(world, first) == {"mere": False, "jin": True, "kahu": False}
    assert reads(world, second) == {"mere": True, "jin": False, "kahu": False}
    found = {row.number for row in cases_found(world.mere, sought("ohaki")).cases}
    assert found == {second.number}
