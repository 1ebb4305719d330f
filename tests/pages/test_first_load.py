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
FORM_BYTES = 8 * 1024
"""Of the form of a request as the roll begins it: every question is on it."""
APP = Path(__file__).parents[2] / "app"
PREFILLED = {
    "caregiver_name": "Ngaire Te Rangi-Smith",
    "caregiver_relationship": "grandmother",
    "caregiver_phone": "027 555 0143",
    "caregiver_email": "ngaire.te-rangi@example.nz",
    "caregiver_language": "te reo Māori",
    "address": "12 Kōwhai Street, Tawa, Wellington 5028",
}


@pytest.mark.parametrize(
    ("who", "path"),
    [
        *(("mere", path) for path in ("/portal/", "/portal/cases/", "/portal/cases/{}/", "/portal/referrals/new")),
        *(("ruth", path) for path in ("/workspace/", "/workspace/queue/", "/workspace/cases/", "/workspace/cases/{}/")),
        ("ruth", "/search?q=hemi"),
        *(("mere", path) for path in ("/portal/referrals/{draft}/", "/portal/referrals/{draft}/actions")),
    ],
)
def test_a_first_load_is_light(client: Client, who: str, path: str) -> None:
    world = client.outside(make.world)
    number = client.outside(lambda: make.open_case(world).number)
    draft = client.outside(lambda: make.draft(world.priya, world.ng, **PREFILLED).referral.public_id)
    client.sign_in(world.people[who].person_id)
    page = client.get(path.format(number, draft=draft))
    assert page.status_code == 200
    addresses = sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page.text)))
    sizes = [fetched(client, address) for address in addresses]
    html = len(gzip.compress(page.data, 6))
    assert html <= (FORM_BYTES if "{draft}" in path else LATER_BYTES)
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
