"""The same form from two windows, at the same moment: whole requests, each in a thread of its own (REQ-4, REQ-8)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from threading import Barrier

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.entries import Entry, EntryKind
from app.cases.models import Case
from app.core.db import db
from app.core.security import random_token
from app.referrals.models import Referral, State
from tests import make
from tests.pages.kept_forms import WORDS, rows, sent, signed_out
from tests.support.client import Client

Windows = tuple[Client, Client]


@pytest.fixture
def windows(client: Client, another_client: Callable[[], Client], world: make.World) -> Windows:
    """Two windows of Priya's."""
    return client.sign_in(world.priya.person_id), another_client().sign_in(world.priya.person_id)


def at_once(*works: Callable[[], TestResponse]) -> list[TestResponse]:
    together = Barrier(len(works))

    def carried_out(work: Callable[[], TestResponse]) -> TestResponse:
        together.wait(timeout=10)
        return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(carried_out, works))


def sending(window: Client, path: str, **values: str) -> Callable[[], TestResponse]:
    return lambda: window.send(path, **values)


def count(client: Client, what: type[Case] | type[Entry], *which: object) -> int:
    statement = select(func.count()).select_from(what).where(*which)  # type: ignore[arg-type]
    return int(client.outside(lambda: db.session.scalar(statement)))


def filled(world: make.World) -> tuple[str, str]:
    """A request that can be sent: its name in addresses, and its version."""
    request = make.filled(world.priya, world.whanau, contact=world.tom)
    return request.referral.public_id, str(request.version)


@pytest.mark.parametrize("keys", [("same", "same"), ("one", "other")])
def test_a_request_sent_from_two_windows_is_one_case(
    windows: Windows, world: make.World, keys: tuple[str, str]
) -> None:
    client, _ = windows
    public_id, version = client.outside(filled, world)
    path = f"/portal/referrals/{public_id}/submission"
    answers = at_once(
        *[sending(each, path, once=key, version=version) for each, key in zip(windows, keys, strict=True)]
    )
    assert [answer.location for answer in answers] == [f"/portal/referrals/{public_id}/submitted"] * 2
    assert count(client, Case) == 1
    number = client.outside(lambda: db.session.scalar(select(Case.number)))
    for window in windows:
        assert number in window.get(answers[0].location).text


def test_a_comment_with_one_key_is_one_comment(windows: Windows, number: str) -> None:
    client, _ = windows
    path, key = f"/portal/cases/{number}/comments", random_token()
    answers = at_once(*[sending(each, path, once=key, body="Kia ora") for each in windows])
    assert [(answer.status_code, answer.location) for answer in answers] == [(303, f"/portal/cases/{number}/")] * 2
    assert count(client, Entry, Entry.kind == EntryKind.COMMENT) == 1


def test_with_one_key_and_other_words_the_second_is_asked_again(windows: Windows, number: str) -> None:
    client, _ = windows
    path, key = f"/portal/cases/{number}/comments", random_token()
    words = ["One of the two.", "The other one."]
    answers = at_once(*[sending(each, path, once=key, body=body) for each, body in zip(windows, words, strict=True)])
    assert sorted(answer.status_code for answer in answers) == [303, 422]
    refused = next(index for index, answer in enumerate(answers) if answer.status_code == 422)
    assert words[refused] in answers[refused].text
    assert "already sent" in answers[refused].text
    assert count(client, Entry, Entry.kind == EntryKind.COMMENT) == 1


def test_one_student_started_from_two_windows_is_one_draft(windows: Windows, world: make.World) -> None:
    client, _ = windows
    answers = at_once(*[sending(each, "/portal/referrals/", student=world.whanau.public_id) for each in windows])
    drafts = select(func.count()).select_from(Referral).where(Referral.state == State.DRAFT)
    assert client.outside(lambda: db.session.scalar(drafts)) == 1
    assert sorted(answer.status_code for answer in answers) in ([303, 303], [303, 403])


def test_sent_from_the_old_page_and_from_where_it_is_offered_it_is_carried_out_once(
    client: Client, another_client: Callable[[], Client], world: make.World, number: str
) -> None:
    path, key = f"/portal/cases/{number}/comments", random_token()
    sent(signed_out(client, world.tom), path, world.tom, once=key)
    old_page, new = another_client().sign_in(world.tom.person_id), client.sign_in(world.tom.person_id)
    offered = new.get("/kept/")
    answers = at_once(lambda: sent(old_page, path, world.tom, once=key), lambda: new.fill(offered, "Send it now"))
    assert [answer.status_code for answer in answers] == [303, 303]
    bodies = client.outside(lambda: db.session.scalars(select(Entry.body).where(Entry.kind == "comment")).all())
    assert bodies == [WORDS]
    assert rows(client) == []


def test_one_form_kept_twice_at_the_same_moment_is_kept_once(
    client: Client, another_client: Callable[[], Client], world: make.World, number: str
) -> None:
    path = f"/portal/cases/{number}/comments"
    both = [signed_out(each, world.tom) for each in (client, another_client())]
    answers = at_once(*[lambda each=each: sent(each, path, world.tom, once="a-key") for each in both])
    assert all(answer.location.endswith("&kept=y") for answer in answers)
    assert len(rows(client)) == 1


def test_what_a_page_saves_as_its_button_is_pressed_is_kept_once(
    windows: Windows, world: make.World, number: str
) -> None:
    """One leaves the box by pressing its button: both come at once, after the sign-in has ended."""
    path = f"/portal/cases/{number}/comments"
    for window in windows:
        signed_out(window, world.tom)
    for turn in range(5):
        typed = {"once": f"key-{turn}", "body": f"We rang, number {turn}."}
        targets = (path, f"{path}/unsent")
        at_once(*[partial(sent, each, to, world.tom, **typed) for each, to in zip(windows, targets, strict=True)])
    assert [row.path for row in rows(windows[0])] == [path] * 5
