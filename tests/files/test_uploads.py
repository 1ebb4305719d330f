"""Files of a form, as a person sends them: each stands or falls by itself; limits hold while they stream."""

import io
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask, g
from sqlalchemy import select
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart
from werkzeug.wrappers import Response

from app.core.db import db
from app.core.files import kinds, pictures, stored, unfit
from app.core.files.ours import OWNER
from app.core.files.spool import Spool
from app.core.files.store import Store, StoreFailed
from app.core.files.stored import StoredFile
from app.core.security import csrf_token, random_token
from app.core.web import bodies, uploads
from app.core.web.answers import done
from app.core.web.guards import needs
from app.core.web.writes import Sent
from tests import make
from tests.support import samples
from tests.support.client import Client
from tests.support.figures import FIGURES, MOST_FILES

URL = "/portal/try/files"


@pytest.fixture
def client(client: Client, app: Flask) -> Client:
    """With a page that keeps files and tells what came of them, signed in as a person of a school."""

    def may(_actor: Any, _thing: Any) -> bool:
        return True

    def keep(_thing: Any) -> Response:
        for upload in uploads.taken():
            if upload.kept:
                stored.add(upload.kept, scan=uploads.first_scan(), by=g.actor)
        told = [(upload.name, upload.refusal, upload.field) for upload in uploads.taken()]
        app.extensions["told"].append(told)
        return done("", URL)

    app.extensions["told"] = []
    view = needs(may, on=lambda actor: object(), sent=Sent.FILES)(keep)
    app.add_url_rule(URL, "portal.try_files", view, methods=["POST"])
    world = client.outside(make.world)
    client.sign_in(world.priya.person_id)
    return client


def sent(client: Client, *files: tuple[bytes, str], **fields: Any) -> TestResponse:
    data = {
        "csrf_token": token(client),
        "once": random_token(),
        "files": [FileStorage(io.BytesIO(content), name) for content, name in files],
        **fields,
    }
    boundary, body = encode_multipart(MultiDict(data))
    return client.post(URL, data=body, content_type=f"multipart/form-data; boundary={boundary}")


def token(client: Client) -> str:
    assert client.person_id
    return csrf_token(client.application.extensions["settings"].secret_key, client.person_id)


def told(client: Client) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = client.application.extensions["told"][-1]
    return found


def rows(client: Client) -> list[tuple[str, int]]:
    def names() -> list[tuple[str, int]]:
        return [(row.name, row.size) for row in db.session.scalars(select(StoredFile).order_by(StoredFile.id))]

    found: list[tuple[str, int]] = client.outside(names)
    return found


def objects(client: Client) -> list[Path]:
    folder = Path(client.application.extensions["settings"].storage)
    return [path for path in folder.rglob("*") if path.is_file() and path != folder / OWNER]


def test_each_file_stands_or_falls_by_itself(client: Client) -> None:
    answer = sent(client, (samples.pdf(), "Te reo.pdf"), (b"", "empty.txt"), (b"MZ\0", "x.exe"), (b"Kia ora", "n.txt"))
    assert answer.status_code == 303, answer.text
    assert told(client) == [
        ("Te reo.pdf", "", "files"),
        ("empty.txt", unfit.EMPTY, "files"),
        ("x.exe", unfit.IS_PROGRAM, "files"),
        ("n.txt", "", "files"),
    ]
    assert [name for name, _ in rows(client)] == ["Te reo.pdf", "n.txt"]
    assert len(objects(client)) == 2


def test_a_field_left_empty_is_no_file(client: Client) -> None:
    sent(client, (b"", ""))
    assert told(client) == []


def test_a_file_that_is_too_large_is_refused_and_the_others_stand(client: Client) -> None:
    sent(client, (b"x" * (FIGURES.largest_file + 1), "large.txt"), (b"x" * FIGURES.largest_file, "just.txt"))
    why = "It is larger than 25 MB. Make it smaller, or send it in parts."
    assert [refusal for _, refusal, _ in told(client)] == [why, ""]
    assert rows(client) == [("just.txt", FIGURES.largest_file)]


def test_five_hundred_files_at_once_hurt_nobody(client: Client) -> None:
    sent(client, *[(b"Kia ora", f"{number}.txt") for number in range(500)])
    refused = [refusal for _, refusal, _ in told(client) if refusal]
    why = "It was not kept: at most 20 files can come at once. Send it with the next ones."
    assert refused == [why] * (500 - MOST_FILES)
    assert len(rows(client)) == MOST_FILES


def test_pictures_that_take_too_long_together_are_refused_and_the_others_stand(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each takes ten seconds by the clock that is looked at."""
    monkeypatch.setattr(pictures, "time", SimpleNamespace(monotonic=count(0, 5).__next__))
    monkeypatch.setattr(pictures, "SECONDS", 20)
    photo = samples.webp()
    sent(client, *[(photo, f"{number}.webp") for number in range(4)], (samples.pdf(), "a.pdf"))
    assert [refusal for _, refusal, _ in told(client)] == ["", "", *[unfit.TOOK_TOO_LONG] * 2, ""]
    assert [name for name, _ in rows(client)] == ["0.jpg", "1.jpg", "a.pdf"]


def test_the_same_form_twice_keeps_its_files_once(client: Client) -> None:
    once = random_token()
    for _ in range(2):
        assert sent(client, (samples.pdf(), "a.pdf"), once=once).status_code == 303
    assert len(rows(client)) == 1


def test_the_same_key_with_another_file_changes_nothing(client: Client) -> None:
    once = random_token()
    sent(client, (samples.pdf(), "a.pdf"), once=once)
    assert sent(client, (samples.pdf(b"Other"), "a.pdf"), once=once).status_code == 409
    assert len(rows(client)) == 1


def test_no_transaction_is_open_while_files_are_read_judged_and_stored(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[bool] = []

    def noted(function: Callable[..., Any]) -> Callable[..., Any]:
        def asking(*arguments: Any, **named: Any) -> Any:
            seen.append(db.session.in_transaction())
            return function(*arguments, **named)

        return asking

    monkeypatch.setattr(Store, "put", noted(Store.put))
    monkeypatch.setattr(kinds, "judge", noted(kinds.judge))
    monkeypatch.setattr(Spool, "write", noted(Spool.write))
    sent(client, (samples.jpeg(gps=True), "a.jpg"), (samples.heic(), "b.heic"))
    assert len(seen) >= 6
    assert not any(seen)


@pytest.mark.parametrize(
    ("failure", "why"), [("down", unfit.NO_STORE), ("No space left on device (os error 28)", unfit.NO_ROOM)]
)
def test_a_store_that_fails_costs_only_the_file(
    client: Client, monkeypatch: pytest.MonkeyPatch, failure: str, why: str
) -> None:
    def fail(*_: Any) -> str:
        raise StoreFailed(failure)

    monkeypatch.setattr(Store, "put", fail)
    assert sent(client, (samples.pdf(), "a.pdf")).status_code == 303
    assert told(client) == [("a.pdf", why, "files")]
    assert rows(client) == []


def test_a_form_with_too_much_text_is_refused(client: Client) -> None:
    answer = sent(client, (b"a", "a.txt"), **{f"field-{number}": "x" * 400_000 for number in range(5)})
    assert answer.status_code == 413
    assert "100 MB" in answer.text


def test_a_form_over_its_limit_is_told_the_limits(client: Client) -> None:
    length = str(FIGURES.largest_form + bodies.TEXT_BYTES + 1)
    answer = client.post(
        URL, environ_overrides={"CONTENT_LENGTH": length}, content_type="multipart/form-data; boundary=x"
    )
    assert answer.status_code == 413
    for limit in ("100 MB of files", "20 at most", "25 MB each"):
        assert limit in answer.text


def test_a_page_that_takes_no_files_takes_no_large_form(client: Client) -> None:
    answer = client.post("/account/stay", data={"text": "x" * 1_200_000})
    assert answer.status_code == 413


def test_hashes_say_what_arrived_and_what_is_kept(client: Client) -> None:
    sent(client, (samples.jpeg(gps=True), "a.jpg"), (samples.jpeg(), "b.jpg"), (samples.heic(), "c.HEIC"))

    def kept() -> list[tuple[str, str, bool]]:
        found = db.session.scalars(select(StoredFile).order_by(StoredFile.id))
        return [(row.name, row.change, row.arrived_sha256 == row.kept_sha256) for row in found]

    assert client.outside(kept) == [
        ("a.jpg", "place_removed", False),
        ("b.jpg", "", True),
        ("c.jpg", "upright_jpeg", False),
    ]
