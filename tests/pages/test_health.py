"""What is asked by machines, and what somebody meets who is not signed in."""

from pathlib import Path

from app.core.jobs import beat
from tests.support.client import Client


def test_the_process_answers(client: Client) -> None:
    assert client.get("/healthz").status_code == 200


def test_ready_names_what_is_lacking(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "worker" in answer.text


def test_ready_when_all_is_there(client: Client) -> None:
    Path(client.application.extensions["settings"].storage).mkdir(exist_ok=True)
    client.outside(beat, "worker")
    answer = client.get("/readyz")
    assert (answer.status_code, answer.text) == (200, "ready\n")


def test_who_is_not_signed_in_is_led_to_sign_in(client: Client) -> None:
    answer = client.get("/portal/")
    assert answer.status_code == 303
    assert answer.location == "/sign-in?next=/portal/"
    assert client.get(answer.location).status_code == 200
