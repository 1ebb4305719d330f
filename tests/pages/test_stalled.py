"""A sender on whose line nothing comes any more."""

import io
from typing import Any

import pytest

from app.people.actions import end_sign_ins_of
from tests import make
from tests.support.client import Client


class Stalled(io.BytesIO):
    """Something was announced, and nothing comes."""

    waited = 0

    def read(self, _size: int | None = -1, /) -> bytes:
        self.waited += 1
        raise TimeoutError

    def readinto(self, _buffer: Any, /) -> int:
        return len(self.read())


@pytest.mark.parametrize("ended", [True, False])
def test_whoever_was_given_up_is_not_waited_for_again(
    client: Client, world: make.World, number: str, ended: bool
) -> None:
    """By nothing that asks for the form afterwards: not by the error page, nor by what reads the rest of a body."""
    client.sign_in(world.tom.person_id)
    if ended:
        client.outside(end_sign_ins_of, client.person_id)
    line = Stalled(bytes(1000))
    path, kind = f"/portal/cases/{number}/comments", "multipart/form-data; boundary=limit"
    with client.post(path, input_stream=line, content_type=kind) as answer:
        assert answer.status_code == (303 if ended else 400)
    assert line.waited == 1
