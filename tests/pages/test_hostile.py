"""Whatever is typed into a request, a comment or a list of steps is refused in plain words, or kept as NFC and otherwise
exactly; nothing of it becomes part of a page."""

from urllib.parse import quote_plus

from sqlalchemy import func, select

from app.cases.entries import Entry
from app.core.db import db
from app.core.text import nfc
from app.referrals.models import Answer
from tests import make
from tests.pages.test_autosave import Page, texts
from tests.support.client import Client
from tests.support.markup import Markup, forms

SCRIPT = "<script>alert(1)</script>"
HOSTILE = {
    "script": f"{SCRIPT}\"><img src=x onerror=alert(1)>'{{{{ 7*7 }}}}</textarea></template>&amp;",
    "right to left": "\u202eevil.exe\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627 \u200f",
    "emoji": "👩🏽‍👧🏽 🏳️‍🌈 🧑‍🚀",
    "macron apart": "Ma\u0304ori wha\u0304nau, te reo\u00a0ka\u0304inga",
    "odd day": "31/2/0000",
    "formula": "=HYPERLINK(\"http://example.nz\",'x')",
    "database": "'; DROP TABLE referral; -- %s \\ $1 \ufffd \U0002070e",
    "long": "x" * 10_000,
}
TYPED = {"radio", "checkbox", "hidden", "file"}


def typed_fields(page: str) -> list[str]:
    """Every field of the draft that takes a text."""
    markup = Markup(page)
    (form,) = [form for form in markup.all("form") if form.get("id") == "draft"]
    inside = [each for each in markup.all("input", "textarea") if form in each.within]
    return [each.get("name") for each in inside if each.get("type") not in TYPED]


def shown(page: str) -> dict[str, str]:
    (form,) = [form for form in forms(page) if "loaded" in form.values]
    return {name: value[0] for name, value in form.values.items()}


def test_every_field_of_a_request_keeps_or_refuses_it(client: Client, world: make.World) -> None:
    started = client.outside(lambda: make.draft(world.priya, world.whanau).referral.public_id)
    address = f"/portal/referrals/{started}/"
    page = Page(client.sign_in(world.priya.person_id), address)
    fields = typed_fields(client.get(address).text)
    assert len(fields) > 20
    for what, text in HOSTILE.items():
        answer = page.type(**dict.fromkeys(fields, text))
        assert answer.status_code == 200, what
        assert texts(client, world, address) | dict.fromkeys(fields, nfc(text)) == texts(client, world, address), what
        drawn = client.get(address).text
        now = shown(drawn)
        assert {name: now[name] for name in fields} == dict.fromkeys(fields, nfc(text).strip()), what
        check = client.get(f"{address}check").text
        assert SCRIPT not in drawn + check + answer.text, what
        assert "Send the request" not in check
    assert answer.text.count("make this shorter") >= len(fields) // 2
    before = texts(client, world, address)
    for field in ("whanau_knows", "safety_kind", "primary_contact", "service_choice"):
        assert page.type(**{field: HOSTILE["script"]}).status_code == 200
        assert SCRIPT not in client.get(address).text + client.get(f"{address}check").text
        assert page.type(**{field: ""}).status_code == 200
    for field in fields:
        assert (
            client.post(f"{address}fields", data={**page.values, field: "a\0b"}, headers=page.headers).status_code
            == 400
        )
    assert texts(client, world, address) | before == texts(client, world, address)
    lone = "&".join(f"{quote_plus(name)}=%ED%A0%80" for name in (*fields, "once"))
    kept = {name: value for name, value in page.values.items() if name not in fields}
    body = "&".join([lone, *(f"{quote_plus(name)}={quote_plus(str(value))}" for name, value in flat(kept))])
    sent = {**page.headers, "Content-Type": "application/x-www-form-urlencoded"}
    assert client.post(f"{address}fields", data=body, headers=sent).status_code == 200
    assert all("\ud800" not in text for text in texts(client, world, address).values())
    assert client.get(address).status_code == 200


def flat(values: dict[str, object]) -> list[tuple[str, object]]:
    return [(name, each) for name, value in values.items() for each in (value if isinstance(value, list) else [value])]


def test_a_comment_keeps_or_refuses_it(client: Client, world: make.World) -> None:
    number = client.outside(lambda: make.open_case(world).number)
    client.sign_in(world.mere.person_id)
    newest = select(Entry.body).order_by(Entry.id.desc()).limit(1)
    for what, text in HOSTILE.items():
        answer = client.send(f"/portal/cases/{number}/comments", body=text, audience="shared")
        assert answer.status_code == 303, what
        assert client.outside(lambda: db.session.scalar(newest)) == nfc(text).strip(), what
    drawn = client.get(f"/portal/cases/{number}/").text
    assert SCRIPT not in drawn
    count = select(func.count(Entry.id))
    before = client.outside(lambda: db.session.scalar(count))
    for text in ("a\0b", "x" * 1_100_000, " \r\n "):
        assert client.send(f"/portal/cases/{number}/comments", body=text).status_code in {400, 413, 422}
    assert client.outside(lambda: db.session.scalar(count)) == before


def test_a_list_of_steps_keeps_or_refuses_it(client: Client, world: make.World) -> None:
    started = client.outside(lambda: make.draft(world.priya, world.whanau).referral.public_id)
    address = f"/portal/referrals/{started}/actions"
    client.sign_in(world.priya.person_id)
    kept = []
    for what, text in HOSTILE.items():
        table = f'Action\tWhen\n"{text.replace(chr(34), chr(34) * 2)}"\tlast week'
        answer = client.send(address, table=table)
        assert answer.status_code == 200, what
        assert SCRIPT not in answer.text, what
        (form,) = [form for form in forms(answer.text) if form.action == f"{address}/rows"]
        assert form.values["what-1"] == [nfc(text).strip()], what
        added = client.post(f"{address}/rows", data={**form.values, "when-1": text if what == "odd day" else "May"})
        is_wrong = what in {"odd day", "long"}
        assert added.status_code == (422 if is_wrong else 303), what
        assert SCRIPT not in added.text, what
        kept += [] if is_wrong else [nfc(text).strip()]
    what_was_done = select(Answer.text).where(Answer.field.not_like("%when")).order_by(Answer.id)
    assert client.outside(lambda: list(db.session.scalars(what_was_done))) == kept
    for path, field in ((address, "table"), (f"{address}/rows", "what-1"), (f"{address}/rows", "when-1")):
        assert client.send(path, **{field: "a\0b"}).status_code == 400
    for name in ("what-0", "what-61", "what-x", "what-٣"):
        assert "Every row is left out" in client.send(f"{address}/rows", **{name: "Rang", "when-1": "May"}).text
    assert client.send(address, table=" \t\n" * 900).status_code == 422
    assert client.send(address, table="x\n" * 9_000).status_code == 422
