"""Two who change where a case stands at the same second: nothing is lost, nobody sees an error, and the case is somewhere whole."""

from collections.abc import Callable, Mapping
from itertools import combinations, pairwise
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from app.cases.models import Case, CasePerson, Part, Status, StatusChange
from app.cases.pauses.models import Pause, PauseState
from app.cases.standing import counted_again, kept_counts
from app.cases.transfers.actions import ask_for_transfer
from app.cases.transfers.models import Transfer, TransferState
from app.core.db import db
from app.people.models import Organisation, Role
from tests import make
from tests.pages.test_sent_at_once import at_once
from tests.support.client import Client

EXPECTED = {f"expected_end_on-{box}": number for box, number in (("day", "1"), ("month", "12"), ("year", "2099"))}
TALKED = {"why": "So it is.", "no_contact_why": "Closed."}
CLOSING = {"attendance": "Each day.", "no_transition_why": "All is well.", **TALKED}
ANSWERS = {303, 403, 404, 409, 422}
Things = Mapping[str, str]
Act = Callable[[Things], tuple[str, str, Mapping[str, str]]]
"""Who sends what to which address."""


def _close(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "ruth", f"{of['case']}status/closing/attending_regularly", {"stands": "open", **CLOSING}


def _transition(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "ruth", f"{of['case']}status/transition", {"stands": "open", **EXPECTED, **TALKED}


def _approve(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "ruth", f"{of['case']}pause/{of['pause']}/approval", {}


def _assign(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "ruth", f"{of['case']}assignment", {"case_manager": of["david"], "has_now": of["has_now"]}


def _accept(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "lupe", f"/workspace/transfers/{of['transfer']}/acceptance", {}


def _leave(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "tane", f"/workspace/people/{of['has_now']}/case_manager/ending", {"case_heir": of["david"]}


def _wrong(of: Things) -> tuple[str, str, Mapping[str, str]]:
    return "ruth", f"{of['case']}status/closing/made_in_error", {"stands": "queue", "wrong": "All of it.", **TALKED}


WORKED: tuple[Act, ...] = (_close, _transition, _approve, _assign, _accept, _leave)
QUEUED: tuple[Act, ...] = (_assign, _accept, _wrong)


@pytest.mark.parametrize("acts", [WORKED, QUEUED], ids=["worked", "in the queue"])
def test_whatever_two_do_at_once_the_case_stands_in_one_place(
    client: Client, another_client: Callable[[], Client], world: make.World, acts: tuple[Act, ...]
) -> None:
    pairs = list(combinations(acts, 2))
    cases = client.outside(lambda: [_ready(world, number, is_queued=acts is QUEUED) for number in range(len(pairs))])
    browsers = {who: another_client().sign_in(world.people[who].person_id) for who in ("lupe", "tane")}
    ruths = [another_client().sign_in(world.ruth.person_id) for _ in range(2)]
    for of, pair in zip(cases, pairs, strict=True):
        said = "+".join(act.__name__ for act in pair)
        sent = [act(of) for act in pair]
        works = [_sending(browsers.get(each[0], ruth), each) for each, ruth in zip(sent, ruths, strict=True)]
        answers = [answer.status_code for answer in at_once(*works)]
        assert set(answers) <= ANSWERS, (said, answers)
        assert 303 in answers, (said, answers)
        assert not client.outside(lambda of=of: _faults(of["number"])), (said, answers)
    assert client.outside(lambda: kept_counts() == counted_again())


def _sending(browser: Client, sent: tuple[str, str, Mapping[str, str]]) -> Callable[[], TestResponse]:
    _, path, values = sent
    return lambda: browser.send(path, **values)


def _ready(world: make.World, number: int, *, is_queued: bool) -> Things:
    """A case of somebody's own, on which a pause waits for a lead and a transfer for another service; or one in the queue."""
    db.session.get_one(Organisation, world.te_awa.id).has_other_pauses = True
    asked = make.submitted(world.priya, make.student(f"Tama N{number}", world.tawa), contact=world.tom)
    found = {"number": asked.number, "case": f"/workspace/cases/{asked.number}/", "david": world.david.public_id}
    if not is_queued:
        manager = make.person(f"Kea{number}", Role.CASE_MANAGER, db.session.get_one(Organisation, world.te_awa.id))
        make.assigned(asked, to=manager, by=world.ruth)
        found["pause"] = make.pause_asked(manager, asked).pause.public_id
        found["has_now"] = manager.public_id
    transfer = ask_for_transfer(make.head(world.ruth, asked), world.maunga.id, "They moved.", by=world.ruth)
    make.offered(world, transfer, to=world.maunga)
    return {"pause": "", "has_now": "", **found, "transfer": transfer.public_id}


def _faults(number: str) -> list[str]:
    """What is not whole about it."""
    case = db.session.scalars(select(Case).where(Case.number == number)).one()
    named = select(CasePerson).where(CasePerson.case_id == case.id, CasePerson.part == Part.MANAGER)
    managers = db.session.scalars(named.where(CasePerson.until.is_(None))).all()
    changes = db.session.scalars(select(StatusChange).where(StatusChange.case_id == case.id).order_by(StatusChange.id))
    is_whole = {
        "one manager, who is kept": [each.person_id for each in managers] == [case.manager_id] * bool(case.manager_id),
        "of its service": all(each.organisation_id == case.service_id for each in managers),
        "nobody in the queue has one": case.status is not Status.QUEUE or not managers,
        "who works it has one": case.status not in {Status.OPEN, Status.TRANSITION} or bool(managers),
        "each change follows the one before": all(a.became is b.was for a, b in pairwise(changes)),
        "what waited ended with it": case.status is not Status.CLOSED or not _waiting(case.id),
    }
    return [fault for fault, is_so in is_whole.items() if not is_so]


def _waiting(case_id: int) -> Any:
    """Pauses and transfers of it that nobody has answered."""
    transfers = select(func.count()).where(Transfer.case_id == case_id, Transfer.state == TransferState.OFFERED)
    pauses = select(func.count()).where(Pause.case_id == case_id, Pause.state == PauseState.ASKED)
    return db.session.scalar(select(transfers.scalar_subquery() + pauses.scalar_subquery()))
