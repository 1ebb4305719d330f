"""What a first visit costs, over the wire, as a browser asks for it (`quality.md`, Browser: first target)."""

import gzip
import re
from pathlib import Path

import pytest

from tests import make
from tests.support.client import Client

FIRST_BYTES = 45_000
FIRST_REQUESTS = 5
LATER_BYTES = 10_000
APP = Path(__file__).parents[2] / "app"


@pytest.mark.parametrize(
    ("who", "path"),
    [
        *(("mere", path) for path in ("/portal/", "/portal/cases/", "/portal/cases/{}/", "/portal/referrals/new")),
        *(("ruth", path) for path in ("/workspace/", "/workspace/queue/", "/workspace/cases/", "/workspace/cases/{}/")),
        ("ruth", "/search?q=hemi"),
    ],
)
def test_a_first_load_is_light(client: Client, who: str, path: str) -> None:
    world = client.outside(make.world)
    number = client.outside(lambda: make.open_case(world).number)
    client.sign_in(world.people[who].person_id)
    page = client.get(path.format(number))
    assert page.status_code == 200
    addresses = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)))
    sizes = [fetched(client, address) for address in addresses]
    html = len(gzip.compress(page.data, 6))
    assert html <= LATER_BYTES
    assert html + sum(sizes) <= FIRST_BYTES
    assert 1 + len(sizes) <= FIRST_REQUESTS


def fetched(client: Client, address: str) -> int:
    """Bytes over the wire of an asset that the browser may keep for ever."""
    with client.get(address, headers={"Accept-Encoding": "br, gzip"}) as asset:
        assert asset.status_code == 200
        assert "immutable" in asset.headers["Cache-Control"]
        return len(asset.data)


def test_no_list_counts_its_way_through_pages() -> None:
    assert not [str(file) for file in APP.rglob("*.py") if ".offset(" in file.read_text()]
