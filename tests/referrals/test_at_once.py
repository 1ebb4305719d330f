"""Two at once, each in a transaction of its own: one case, and nothing lost (REQ-4, REQ-8)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import select

from app.cases.arrivals.actions import add_newcomer
from app.cases.arrivals.rules import Newcomer
from app.cases.models import Case
from app.cases.queries import CaseHead
from app.core import once
from app.core.db import begin_write, db
from app.core.errors import Conflict, Refused
from app.core.versions import version_of
from app.referrals import actions
from app.referrals.models import Outcome, Referral
from app.referrals.queries import Request, held_request_for
from app.referrals.saving import Page, save_draft
from app.students.models import Enrolment, Student
from app.students.particulars.actions import change_student
from app.students.particulars.queries import recorded_of
from tests import make

Work = Callable[[], Any]
A_NEWCOMER = Newcomer("Ani Rua", date(2012, 5, 4), date(2026, 2, 2), 9, "Enrolment form")


def at_once(app: Flask, *works: Work) -> list[Any]:
    """Each in a thread and a transaction of its own, begun together; what it returned or raised."""
    together = Barrier(len(works))

    def carried_out(work: Work) -> Any:
        with app.app_context():
            together.wait(timeout=10)
            begin_write()
            try:
                result = work()
                db.session.commit()
                return result
            except Exception as error:  # noqa: BLE001 (what was raised is the result)
                return error

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(carried_out, works))


def test_one_request_sent_by_two_gives_one_case(app: Flask, own_world: make.World) -> None:
    request = make.filled(own_world.priya, own_world.whanau, contact=own_world.tom)
    public_id, version = request.referral.public_id, request.version
    db.session.commit()

    def send(by: Any) -> Work:
        return lambda: actions.submit(make.request_now(by, public_id), version=version, by=by).number

    first, second = at_once(app, send(own_world.priya), send(own_world.mere))
    assert first == second
    assert len(db.session.scalars(select(Case)).all()) == 1


def test_the_second_of_two_requests_at_once_joins_the_first(app: Flask, own_world: make.World) -> None:
    make.enrolled(own_world.whanau.id, own_world.puna)
    at_tawa = make.filled(own_world.priya, own_world.whanau, contact=own_world.tom)
    at_puna = make.filled(own_world.jin, own_world.whanau, contact=own_world.jin)
    sent = [(own_world.priya, at_tawa.referral.public_id), (own_world.jin, at_puna.referral.public_id)]
    version = at_tawa.version
    db.session.commit()

    def send(by: Any, public_id: str) -> Work:
        return lambda: actions.submit(make.request_now(by, public_id), version=version, by=by).number

    numbers = at_once(app, *[send(*each) for each in sent])
    assert numbers[0] == numbers[1]
    assert set(db.session.scalars(select(Referral.outcome))) == {Outcome.NEW, Outcome.JOINED}


def test_case_numbers_given_out_at_once_differ(app: Flask, own_world: make.World) -> None:
    pupils = [make.student(f"Tama Number{number}", own_world.tawa) for number in range(4)]
    requests = [make.filled(own_world.priya, pupil, contact=own_world.tom) for pupil in pupils]
    sent = [(request.referral.public_id, request.version) for request in requests]
    db.session.commit()

    def send(public_id: str, version: int) -> Work:
        by = own_world.priya
        return lambda: actions.submit(make.request_now(by, public_id), version=version, by=by).number

    numbers = at_once(app, *[send(*each) for each in sent])
    assert len({str(number) for number in numbers}) == 4
    assert all(isinstance(number, str) for number in numbers), numbers


def test_of_two_who_save_the_same_field_at_once_one_is_shown_both(app: Flask, own_world: make.World) -> None:
    public_id = make.draft(own_world.priya, own_world.whanau, reason="First").referral.public_id
    db.session.commit()

    def save(by: Any, text: str) -> Work:
        return lambda: save_draft(make.request_now(by, public_id), {"reason": text}, page=Page({"reason": 1}), by=by)

    clashes = at_once(app, save(own_world.priya, "Mine"), save(own_world.mere, "Theirs"))
    assert sorted(len(found) for found in clashes) == [0, 1]
    assert make.request_now(own_world.priya, public_id).versions["reason"] == 2


def test_two_saves_of_one_page_at_once_leave_the_later_text(app: Flask, own_world: make.World) -> None:
    """The second overtakes the first, or not: whatever the order, no conflict and the later text."""
    public_id = make.draft(own_world.priya, own_world.whanau, reason="First").referral.public_id
    db.session.commit()
    by = own_world.priya

    def save(turn: int, text: str) -> Work:
        page = Page({"reason": 1}, "mine", turn)
        return lambda: save_draft(held(by, public_id), {"reason": text}, page=page, by=by)

    assert at_once(app, save(1, "Away"), save(2, "Away most Mondays")) == [[], []]
    assert make.request_now(by, public_id).texts["reason"] == "Away most Mondays"


def test_different_fields_saved_at_once_all_stand(app: Flask, own_world: make.World) -> None:
    public_id = make.draft(own_world.priya, own_world.whanau).referral.public_id
    db.session.commit()
    typed = {"reason": own_world.priya, "plan": own_world.mere, "needs": own_world.priya, "health": own_world.mere}

    def save(field: str, by: Any) -> Work:
        return lambda: save_draft(held(by, public_id), {field: field}, page=Page({}, field, 1), by=by)

    assert at_once(app, *[save(*each) for each in typed.items()]) == [[]] * 4
    assert make.request_now(own_world.priya, public_id).texts == {field: field for field in typed}


def test_of_a_save_and_a_send_at_once_nothing_is_sent_unseen(app: Flask, own_world: make.World) -> None:
    """Either the request goes as it was checked and the save is refused, or the save stands and the request is shown."""
    request = make.filled(own_world.priya, own_world.whanau, contact=own_world.tom)
    public_id, version = request.referral.public_id, request.version
    db.session.commit()

    def save() -> Any:
        page = Page({"reason": 1}, "mine", 1)
        return save_draft(held(own_world.mere, public_id), {"reason": "Other"}, page=page, by=own_world.mere)

    def send() -> Any:
        return actions.submit(make.request_now(own_world.priya, public_id), version=version, by=own_world.priya).number

    results = at_once(app, save, send)
    assert sorted(isinstance(result, Conflict) for result in results) == [False, True], results


def held(by: Any, public_id: str) -> Request:
    found = held_request_for(by, public_id)
    assert found is not None
    return found


def test_of_two_drafts_begun_at_once_one_is_refused(app: Flask, own_world: make.World) -> None:
    def begin(by: Any) -> Work:
        return lambda: actions.start_draft(own_world.whanau.id, prefill={}, by=by).public_id

    results = at_once(app, begin(own_world.priya), begin(own_world.mere))
    assert sorted(isinstance(result, Refused) for result in results) == [False, True], results


def test_of_two_with_one_key_at_once_the_second_finds_the_first_answer(app: Flask, own_world: make.World) -> None:
    person_id = own_world.priya.person_id

    def claim() -> Any:
        earlier = once.claim("a-key", person_id=person_id, content="same")
        if earlier is None:
            once.remember("a-key", "/there", person_id=person_id)
        return earlier

    results = at_once(app, claim, claim)
    assert sorted(results, key=lambda found: found is not None) == [None, once.Earlier("/there", True)]


def test_of_one_student_added_twice_at_once_there_is_one(app: Flask, own_world: make.World) -> None:
    def add(by: Any) -> Work:
        return lambda: add_newcomer(A_NEWCOMER, by=by).id

    first, second = at_once(app, add(own_world.priya), add(own_world.mere))
    assert first == second
    assert len(db.session.scalars(select(Enrolment).where(Enrolment.student_id == first)).all()) == 1


def test_of_one_new_number_at_two_schools_at_once_there_is_one_student(app: Flask, own_world: make.World) -> None:
    """The second gets the answer that a second later it would have got."""
    told = replace(A_NEWCOMER, national_number="123456")

    def add(by: Any) -> Work:
        return lambda: add_newcomer(told, by=by).id

    first, second = at_once(app, add(own_world.priya), add(own_world.sione))
    assert first == second
    at = select(Enrolment.school_id).where(Enrolment.student_id == first).order_by(Enrolment.school_id)
    assert list(db.session.scalars(at)) == sorted([own_world.tawa.id, own_world.puna.id])


def test_of_one_new_number_with_two_names_at_once_the_second_is_to_be_checked(
    app: Flask, own_world: make.World
) -> None:
    told = replace(A_NEWCOMER, national_number="123456")

    def add(by: Any, name: str) -> Work:
        return lambda: add_newcomer(replace(told, legal_name=name), by=by).id

    results = at_once(app, add(own_world.priya, "Ani Rua"), add(own_world.sione, "Zqxwv Toru"))
    (refused,) = [each for each in results if isinstance(each, Exception)]
    assert isinstance(refused, Refused)
    assert not any(text in str(refused) for text in ("Ani", "Zqxwv"))
    assert len(db.session.scalars(select(Student).where(Student.national_number == "123456")).all()) == 1


def assigned_to_ana(of: make.World, pupil: make.Pupil) -> Case:
    return make.assigned(make.submitted(of.priya, pupil, contact=of.tom), to=of.ana, by=of.ruth)


def test_of_one_number_written_on_two_records_at_once_the_second_is_refused(app: Flask, own_world: make.World) -> None:
    pupils = [own_world.whanau, own_world.ng]
    heads = [make.head(own_world.ana, assigned_to_ana(own_world, pupil)) for pupil in pupils]
    db.session.commit()

    def write(head: CaseHead) -> Work:
        def written() -> bool:
            known = recorded_of(head.student_id).facts
            told = replace(known, national_number="123456")
            return change_student(head, told, version=version_of(known.texts), by=own_world.ana)

        return written

    results = at_once(app, *[write(head) for head in heads])
    assert sorted(isinstance(result, Refused) for result in results) == [False, True], results
