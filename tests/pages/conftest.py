"""What most tests of pages begin with: a world of the test's own, and what stands in it."""

import pytest

from tests import make
from tests.support.client import Client


@pytest.fixture
def world(peopled: make.World) -> make.World:
    return peopled


@pytest.fixture
def number(with_case: str) -> str:
    """Hēmi's case, with Ana."""
    return with_case


@pytest.fixture
def address(client: Client, world: make.World) -> str:
    """A draft of Priya's that could be sent."""
    started = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    return f"/portal/referrals/{started}/"
