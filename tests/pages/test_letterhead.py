"""A service's letterhead, as its workflow leads write it (LET-9)."""

import io
import re
from collections.abc import Callable
from html import unescape
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from PIL import Image
from sqlalchemy import func, select

from app.core.db import db
from app.core.events import Audit
from app.core.files.stored import StoredFile
from app.letters.examples import SHORT, example
from app.letters.letterheads.queries import OwnLetterhead
from app.letters.letterheads.sample import facts_with
from app.letters.models import Letterhead
from app.letters.purposes import Purpose
from app.people.models import Organisation, Role
from tests import make
from tests.support import samples
from tests.support.client import Client

HERE = "/workspace/settings/letterhead"
SAVE = "Save the letterhead"
CEILINGS = {"page": 2, "post": 12}
TEXTS = {
    "name_mi": "Te Ratonga Tae o  Te Awa",
    "address": "1 Awa Road\r\n\r\nTawa\r\nWellington 5028 ",
    "phone": "04 555 0000",
    "email": "kiaora@te-awa.example",
    "colour": "7A1F3D",
}
SVG = b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 10 5'><title>Zqxwv</title><rect width='10' height='5'/></svg>"


@pytest.fixture
def ruth(client: Client, world: make.World) -> Client:
    return client.sign_in(world.ruth.person_id)


def head(client: Client) -> Any:
    return client.outside(lambda: db.session.execute(select(Letterhead.__table__)).one_or_none())


def logo(content: bytes, name: str = "logo.png") -> dict[str, Any]:
    return {"logo": (io.BytesIO(content), name)}


def files(client: Client) -> int:
    found: int = client.outside(lambda: db.session.scalar(select(func.count()).select_from(StoredFile)))
    return found


def picture(client: Client) -> Image.Image:
    return Image.open(io.BytesIO(client.get(f"{HERE}/logo").data))


def test_the_settings_lead_here(ruth: Client) -> None:
    page = ruth.get("/workspace/settings/")
    assert f'href="{HERE}"' in page.text
    assert 'href="/workspace/settings/" aria-current="page"' in ruth.get(HERE).text


def test_a_lead_writes_it(ruth: Client, world: make.World) -> None:
    page = ruth.get(HERE)
    assert ruth.statements.count <= CEILINGS["page"]
    assert "Letters wait for the address and the phone" in page.text
    answer = ruth.fill(page, SAVE, **TEXTS)
    assert answer.status_code == 303
    assert ruth.statements.count <= CEILINGS["post"]
    row = head(ruth)
    assert (row.organisation_id, row.changed_by_id) == (world.te_awa.id, world.ruth.person_id)
    assert (row.name_mi, row.address) == ("Te Ratonga Tae o Te Awa", "1 Awa Road\nTawa\nWellington 5028")
    assert row.colour == "#7a1f3d"
    shown = unescape(ruth.get(HERE).text)
    for text in ("Te Ratonga Tae o Te Awa", "1 Awa Road<br>Tawa<br>Wellington 5028<br>04 555 0000", "Ruth Whaanga"):
        assert text in shown
    audits = select(func.count()).where(Audit.event == "letterhead.changed", Audit.thing_id == world.te_awa.id)
    assert ruth.outside(lambda: db.session.scalar(audits)) == 1


def test_what_stands_there_already_changes_nothing(ruth: Client) -> None:
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS)
    before = head(ruth)
    assert ruth.fill(ruth.get(HERE), SAVE).status_code == 303
    assert head(ruth) == before


@pytest.mark.parametrize(
    ("values", "fault"),
    [
        ({"phone": "ring"}, "with its area code"),
        ({"email": "kiaora"}, "name@example.nz"),
        ({"name_mi": "Te Ratonga 漢"}, "font has no"),
        ({"address": "a" * 301}, "300 characters at most"),
        ({"colour": "#888888"}, "dark enough is #767676"),
        ({"colour": "green"}, "# and six digits"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(ruth: Client, values: dict[str, str], fault: str) -> None:
    answer = ruth.fill(ruth.get(HERE), SAVE, **{**TEXTS, **values})
    assert answer.status_code == 422
    assert fault in unescape(answer.text)
    for text in values.values():
        assert text in answer.text
    assert head(ruth) is None


def test_a_logo_is_made_anew_small_and_shown(ruth: Client) -> None:
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(samples.png((3_000, 1_200))))
    assert f'src="{HERE}/logo?' in ruth.get(HERE).text
    made = picture(ruth)
    assert (made.format, made.size) == ("PNG", (1_000, 400))
    answer = ruth.get(f"{HERE}/logo")
    assert answer.headers["Content-Disposition"].startswith("inline")


def test_a_drawing_is_kept_as_it_was_made_safe(ruth: Client) -> None:
    assert ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(SVG, "Our mark.svg")).status_code == 303
    answer = ruth.get(f"{HERE}/logo")
    assert (answer.content_type, answer.headers["Content-Disposition"][:10]) == ("image/svg+xml", "attachment")
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.data == (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5" width="1000" height="500">'
        b'<rect width="10" height="5" /></svg>'
    )


def test_nothing_but_pixels_is_kept_of_a_photo(ruth: Client) -> None:
    sent = samples.jpeg(gps=True) + b"what hangs behind it"
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(sent, "photo.jpg"))
    kept = ruth.get(f"{HERE}/logo").data
    made = picture(ruth)
    assert (made.format, made.size, dict(made.getexif())) == ("JPEG", (60, 40), {})
    assert b"what hangs behind it" not in kept
    red, blue = made.getpixel((5, 20)), made.getpixel((55, 20))
    assert isinstance(red, tuple)
    assert isinstance(blue, tuple)
    assert red[0] > 200 > blue[0]


@pytest.mark.parametrize(
    ("content", "name", "why"),
    [
        (samples.pdf(), "logo.png", "not a picture that letters can print"),
        (samples.gif(), "logo.gif", "Save it as JPG or PNG"),
        (SVG.replace(b"<rect", b"<rect onload='x'"), "logo.svg", "event attributes"),
        (SVG.replace(b"<rect", b"<rect fill='url(//x)'"), "logo.png", "outside itself"),
        (b"<!doctype html><svg>", "logo.svg", "web page or a script"),
        (samples.png()[:60], "logo.png", "broken"),
        (samples.png_that_claims(20_000, 20_000), "logo.png", "more pixels"),
    ],
)
def test_what_is_no_picture_is_refused_and_the_texts_stay(ruth: Client, content: bytes, name: str, why: str) -> None:
    answer = ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(content, name))
    assert answer.status_code == 422
    assert why in unescape(answer.text)
    assert "Te Ratonga Tae o" in answer.text
    assert (head(ruth), files(ruth)) == (None, 0)


def test_a_logo_is_not_chosen_twice_when_a_text_is_wrong(ruth: Client) -> None:
    answer = ruth.fill(ruth.get(HERE), SAVE, **{**TEXTS, "phone": "ring"}, **logo(samples.png()))
    assert answer.status_code == 409
    for text in ("is saved already. The texts below are not", "with its area code", "Te Ratonga Tae o", "ring"):
        assert text in answer.text
    assert (head(ruth).logo_id is not None, head(ruth).phone) == (True, "")
    assert ruth.fill(answer, SAVE, phone="04 555 0000").status_code == 303
    assert (files(ruth), head(ruth).phone) == (1, "04 555 0000")


def test_a_logo_is_replaced_and_removed(ruth: Client) -> None:
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(samples.png()))
    first = head(ruth).logo_id
    ruth.fill(ruth.get(HERE), SAVE, **logo(samples.jpeg(), "other.jpg"))
    assert head(ruth).logo_id != first
    assert picture(ruth).format == "JPEG"
    ruth.fill(ruth.get(HERE), SAVE, removes_logo="y")
    assert head(ruth).logo_id is None
    assert ruth.get(f"{HERE}/logo").status_code == 404
    assert head(ruth).address.startswith("1 Awa Road")


def test_two_leads_who_edit_at_once_see_both(
    ruth: Client, another_client: Callable[[], Client], world: make.World
) -> None:
    rua = ruth.outside(lambda: make.person("Rua Second", Role.WORKFLOW_LEAD, _organisation(world)))
    other = another_client().sign_in(rua.person_id)
    page = ruth.get(HERE)
    other.fill(other.get(HERE), SAVE, **{**TEXTS, "email": ""})
    both = ruth.fill(page, SAVE, phone="04 555 0009", email="kiaora@te-awa.example")
    assert both.status_code == 409
    said = unescape(both.text)
    assert "Rua Second changed this meanwhile" in said
    assert "Yours, if you save:</b> 04 555 0009" in said
    assert head(ruth).phone == "04 555 0000"
    assert ruth.fill(both, SAVE).status_code == 303
    row = head(ruth)
    assert (row.phone, row.email, row.name_mi) == ("04 555 0009", "kiaora@te-awa.example", "Te Ratonga Tae o Te Awa")


def test_each_service_has_its_own(ruth: Client, another_client: Callable[[], Client], world: make.World) -> None:
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(samples.png()))
    lupe = another_client().sign_in(world.lupe.person_id)
    assert "Te Ratonga" not in lupe.get(HERE).text
    assert lupe.get(f"{HERE}/logo").status_code == 404


@pytest.mark.parametrize("who", ["ana", "david", "tane", "mere", "moana"])
def test_nobody_else_sees_or_changes_it(client: Client, world: make.World, who: str) -> None:
    client.outside(lambda: make.letterhead(world.te_awa, by=world.ruth))
    expected = 403 if who in {"ana", "david", "tane"} else 404
    client.sign_in(world.people[who].person_id)
    assert client.get(HERE).status_code == expected
    assert client.get(f"{HERE}/logo").status_code == 404
    before = head(client)
    assert client.send(HERE, **TEXTS, **logo(samples.png())).status_code == expected
    assert (head(client), files(client)) == (before, 0)


def test_the_logo_is_in_no_list_of_files(ruth: Client, world: make.World) -> None:
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(samples.png(), "Zqxwv mark.png"))
    number = ruth.outside(lambda: make.open_case(world).number)
    found = ruth.outside(lambda: db.session.scalars(select(StoredFile.public_id)).one())
    assert "Zqxwv" not in ruth.get(f"/workspace/cases/{number}/files").text
    assert ruth.get(f"/workspace/cases/{number}/files/{found}").status_code == 404


def _organisation(world: make.World) -> Any:
    return db.session.get_one(Organisation, world.te_awa.id)


def test_a_letter_with_it_is_shown_with_invented_people(ruth: Client, world: make.World) -> None:
    assert "A letter with this letterhead" not in ruth.get(HERE).text, "there is nothing to be seen yet"
    ruth.fill(ruth.get(HERE), SAVE, **TEXTS, **logo(SVG, "mark.svg"))
    number = ruth.outside(lambda: make.open_case(world).number)
    found = re.search(rf'src="({HERE}/letter.png[^"]*)"', ruth.get(HERE).text)
    assert found
    shown = Image.open(io.BytesIO(ruth.get(found[1]).data))
    assert shown.format == "PNG"
    answer = ruth.get(f"{HERE}/letter.pdf")
    assert (answer.status_code, answer.content_type) == (200, "application/pdf")
    with pikepdf.open(io.BytesIO(answer.data)) as pdf:
        assert "Te Awa" in str(pdf.docinfo.get("/Author", ""))
    assert len(answer.data) <= 30_000
    assert number.encode() not in answer.data


def test_what_it_lacks_is_invented_for_the_letter() -> None:
    row: Any = SimpleNamespace(name="Te Awa", name_mi="", address="", phone="", email="", colour="#7a1f3d")
    facts = facts_with(OwnLetterhead(row), example(Purpose.CA, SHORT), None)
    assert facts.missing == []
    assert facts.values["service_name"] == "Te Awa"
    assert (facts.colour, facts.logo) == ("#7a1f3d", "")
