"""A roll that is older than so many days is called old where it decides something (CAL-5)."""

from datetime import timedelta

from flask import Flask
from time_machine import Traveller

from tests import make
from tests.support.client import Client

OLD = "It is as of Tue 3 March <strong>and old</strong>: ask whoever sends it."


def test_nobody_found_on_an_old_roll_says_so(clock: Traveller, peopled: make.World, client: Client) -> None:
    client.sign_in(peopled.priya.person_id)
    page = client.get("/portal/referrals/new?q=zqxwv").text
    assert "It is as of Tue 3 March." in page
    clock.shift(timedelta(days=7))
    client.sign_in(peopled.priya.person_id)
    assert OLD not in client.get("/portal/referrals/new?q=zqxwv").text
    clock.shift(timedelta(days=1))
    client.sign_in(peopled.priya.person_id)
    assert OLD in client.get("/portal/referrals/new?q=zqxwv").text
    assert "and old" not in client.get("/portal/referrals/new?q=whanau").text


def test_an_old_roll_is_called_so_where_a_student_is_enrolled(
    clock: Traveller, app: Flask, peopled: make.World, with_case: str, client: Client
) -> None:
    for days, is_old in ((7, False), (1, True)):
        clock.shift(timedelta(days=days))
        client.sign_in(peopled.ana.person_id)
        page = client.get(f"/workspace/cases/{with_case}/student").text
        assert "The school’s roll, as of Tue 3 March" in page
        assert (">Old<" in page.replace("\n", "")) is is_old
