"""What most tests of pages begin with: a world of the test's own, and what stands in it."""

import pytest

from tests import make
from tests.support.client import Client


@pytest.fixture
def world(client: Client) -> make.World:
    made: make.World = client.outside(make.world)
    return made


@pytest.fixture
def number(client: Client, world: make.World) -> str:
    """Hēmi's case, with Ana."""
    found: str = client.outside(lambda: make.open_case(world).number)
    return found


@pytest.fixture
def address(client: Client, world: make.World) -> str:
    """A draft of Priya's that could be sent."""
    started = client.outside(lambda: make.filled(world.priya, world.whanau, contact=world.tom).referral.public_id)
    return f"/portal/referrals/{started}/"
