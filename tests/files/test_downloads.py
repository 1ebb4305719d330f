"""How a file is served (SHARE-6): as a download, in place where that is safe, and never as anything that acts."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.files import stored
from app.core.files.spool import Spool
from app.core.files.store import Store, StoreFailed, the_store
from app.core.files.stored import Kept, Scan, StoredFile
from app.core.web import downloads
from app.core.web.guards import open_to
from tests import make
from tests.support.client import Client

BODY = b"Kia ora" * 200_000
Add = Callable[..., str]


@pytest.fixture
def add(client: Client, app: Flask) -> Add:
    """Adds a file, and gives the address of a page of this test that serves it."""

    def serve(public_id: str, how: str) -> Response:
        file = db.session.scalars(select(StoredFile).where(StoredFile.public_id == public_id)).one()
        return downloads.send(file, inline=how == "in-place")

    app.add_url_rule("/account/try/<public_id>/<how>", "try_download", open_to()(serve))
    world = client.outside(make.world)
    client.sign_in(world.priya.person_id)

    def added(media: str, name: str = "Whānau hui.pdf", scan: Scan = Scan.CLEAN) -> str:
        with Spool() as spool:
            spool.write(BODY)
            kept = Kept(the_store().put(spool), name, media, spool.size, spool.sha256, spool.sha256)
        return f"/account/try/{stored.add(kept, scan=scan, by=world.priya).public_id}"

    return lambda *given, **named: str(client.outside(lambda: added(*given, **named)))


def test_a_file_comes_as_a_download(client: Client, add: Add) -> None:
    answer = client.get(add("application/pdf") + "/download")
    assert answer.data == BODY
    headers = answer.headers
    assert headers["Content-Length"] == str(len(BODY))
    assert headers["Content-Disposition"].startswith('attachment; filename="Whanau hui.pdf"')
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("media", "how", "is_sandboxed"),
    [
        ("application/pdf", "inline", False),
        ("image/jpeg", "inline", True),
        ("image/png", "inline", True),
        ("text/plain", "attachment", True),
        ("message/rfc822", "attachment", True),
    ],
)
def test_only_pdf_and_pictures_open_in_place(
    client: Client, add: Add, media: str, how: str, is_sandboxed: bool
) -> None:
    headers = client.get(add(media) + "/in-place").headers
    assert headers["Content-Disposition"].startswith(f"{how}; ")
    assert headers["Content-Type"].startswith(media)
    assert headers["Content-Security-Policy"].endswith("sandbox") == is_sandboxed


def test_head_tells_the_same_without_the_file(client: Client, add: Add) -> None:
    answer = client.head(add("application/pdf") + "/download")
    assert (answer.status_code, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == str(len(BODY))


@pytest.mark.parametrize(
    ("scan", "words"),
    [
        (Scan.PENDING, "still being checked for viruses"),
        (Scan.INFECTED, "A virus was found in this file"),
        (Scan.FAILED, "could not be checked for viruses"),
    ],
)
def test_what_is_not_known_to_be_clean_does_not_open(client: Client, add: Add, scan: Scan, words: str) -> None:
    answer = client.get(add("application/pdf", scan=scan) + "/in-place")
    assert answer.status_code == 403
    assert words in answer.text


def test_without_a_scanner_a_file_opens(client: Client, add: Add) -> None:
    assert client.get(add("application/pdf", scan=Scan.NOT_SCANNED) + "/in-place").status_code == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_an_object_that_is_gone_is_a_page_that_says_so(client: Client, add: Add, method: str) -> None:
    address = add("application/pdf")
    for key in client.outside(lambda: db.session.scalars(select(StoredFile.key)).all()):
        client.outside(lambda key=key: the_store().delete(key))
    answer = client.open(f"{address}/download", method=method)
    assert answer.status_code == 410
    assert method == "HEAD" or "This file is gone" in answer.text


def test_a_store_that_does_not_answer_is_a_page_that_says_so(
    client: Client, add: Add, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = add("application/pdf")

    def fail(*_: object) -> None:
        raise StoreFailed("down")

    monkeypatch.setattr(Store, "read", fail)
    answer = client.get(f"{address}/download")
    assert answer.status_code == 503
    assert "The file cannot be fetched just now" in answer.text
