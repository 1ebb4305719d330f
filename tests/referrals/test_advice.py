"""What the answers to six questions advise (REQ-5): each row of the list, which one leads, and what few days need."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from app.cases.models import Case
from app.core.db import db
from app.core.lists import rows
from app.referrals import advice
from app.referrals.advice import ASKED, FEW, LEVELS, LIST, NAME_ONE, SAY_IT, WHY, advise, field_of, labels
from app.referrals.questions import FIELDS, TICKS
from app.referrals.rules import missing
from tests import make
from tests.pages.test_autosave import Page
from tests.support.client import Client

TODAY = date(2026, 11, 24)
ROWS = rows(LIST)


def yes(*codes: str, **more: str) -> dict[str, str]:
    return {field_of(code): "yes" for code in codes} | more


def test_questions_left_out_advise_nothing() -> None:
    assert advise({}, TODAY) is None
    assert advise({"reason": "Away on Mondays", "year_level": "13", WHY: "Only this"}, TODAY) is None


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["code"])
def test_each_row_brings_its_level_and_its_words(row: dict[str, str]) -> None:
    found = advise(yes(row["code"], **{WHY: "Because"}), TODAY)
    assert found is not None
    assert (found.level, [reason.words for reason in found.reasons]) == (row["level"], [row["words"]])
    assert found.heading == LEVELS[row["level"]]


def test_of_all_that_hold_the_strongest_leads_and_every_reason_is_shown() -> None:
    """Step by step down the list's own order."""
    left = [row["code"] for row in ROWS]
    for level in LEVELS:
        found = advise(yes(*left), TODAY)
        assert found is not None
        assert found.level == level
        assert len(found.reasons) == len(left)
        assert found.reasons[0].level == level
        left = [row["code"] for row in ROWS if row["code"] in left and row["level"] != level]
    assert not left


@pytest.mark.parametrize(
    ("answers", "asks"),
    [
        (yes("few_days"), NAME_ONE),
        (yes("few_days", "had_service"), NAME_ONE),
        (yes("few_days", "early_history"), SAY_IT),
        (yes("early_pattern", **{WHY: " "}), SAY_IT),
        (yes("few_days", "early_exceptional", **{WHY: "A bereavement"}), ""),
        (yes("had_service"), ""),
    ],
)
def test_fewer_than_15_days_need_a_reason_with_a_sentence(answers: dict[str, str], asks: str) -> None:
    found = advise(answers, TODAY)
    assert found is not None
    assert found.lacks == asks
    assert "advice" not in " ".join(missing(answers)), "it is said, and never demanded"


def test_advice_for_asking_is_nearly_reached_while_something_is_asked_for() -> None:
    nearly, wait = advise(yes("few_days", "had_service"), TODAY), advise(yes("few_days", "improving"), TODAY)
    assert nearly is not None
    assert wait is not None
    assert (nearly.heading, nearly.promise) == ("Nearly", "With that, asking now is strongly recommended.")
    assert (wait.heading, wait.promise) == (LEVELS["wait"], "")


def test_only_few_days_lead_nowhere() -> None:
    found = advise(yes("few_days"), TODAY)
    assert found is not None
    assert (found.level, found.reasons) == ("", ())


def test_the_list_is_dated(monkeypatch: pytest.MonkeyPatch) -> None:
    before = date.fromisoformat(ROWS[0]["valid_from"]) - timedelta(days=1)
    assert advise(yes("had_service"), before) is None
    ended = ({**ROWS[0], "valid_to": "2026-11-23"}, {**ROWS[0], "valid_from": "2026-11-24", "level": "wait"})
    monkeypatch.setattr(advice, "rows", lambda _: ended)
    found = [advise(yes("had_service"), day) for day in (TODAY - timedelta(days=1), TODAY)]
    assert [each.level for each in found if each] == ["strongly_recommended", "wait"]


def test_six_questions_ask_for_every_row_once_and_for_no_age() -> None:
    asked = [code for codes in ASKED.values() for code in codes]
    assert len(ASKED) <= 6
    assert sorted(asked) == sorted([*(row["code"] for row in ROWS), "few_days"])
    assert set(labels()) <= FIELDS.keys() & TICKS
    assert not any(word in " ".join(labels().values()).lower() for word in ("year level", " age", "years old"))
    assert FIELDS[FEW].words


def test_advice_stands_on_the_form_before_sending_and_travels_with_the_request(client: Client) -> None:
    """At once where the page saves itself, after Save without script; it holds nothing back."""
    world: make.World = client.outside(make.world)
    public_id = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    client.sign_in(world.priya.person_id)
    address = f"/portal/referrals/{public_id}/"
    heading, words = LEVELS["wait"], "What you do works."
    form = client.get(address).text
    assert heading not in form
    assert f"Call {world.te_awa.name}" in form
    page = Page(client, address)
    assert words in page.type(advice_improving="y").text
    client.fill(client.get(address), "Save draft", advice_few_days="y")
    page_now = client.get(address).text
    assert words in page_now
    assert "With fewer than 15 days, tick a history" in page_now
    check = client.get(f"{address}check")
    assert heading in check.text
    assert words in check.text
    sent = client.fill(check, "Send the request")
    assert sent.status_code == 303
    number = client.outside(lambda: db.session.scalar(select(Case.number)))
    client.sign_in(world.ruth.person_id)
    asked = client.get(f"/workspace/cases/{number}/request").text
    assert heading in asked
    assert words in asked
