"""The demonstration's sign-in and mail page: for a portal on this machine, and for nothing else."""

import smtplib
from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pytest
from aiosmtpd.controller import Controller

from demo.mail import Catcher, MailBox, linked
from demo.pages import create_pages
from demo.people import PEOPLE
from demo.settings import DemoSettings, NotADemonstration
from scripts.parts import free_ports
from tests.support.markup import page_problems

PORTAL, ADDRESS = "http://localhost:8000", "http://localhost:8001"
ENVIRONMENT = {"PUBLIC_URL": PORTAL, "DEMONSTRATION": ADDRESS, "DEMO_PORT": "8001", "DEMO_SMTP_PORT": "8002"}
ASKED = {
    "response_type": "code",
    "client_id": "waharoa",
    "redirect_uri": f"{PORTAL}/sign-in/callback",
    "scope": "openid email",
    "state": "s",
    "nonce": "n",
    "code_challenge": "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
    "code_challenge_method": "S256",
}
VERIFIER = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"


@pytest.fixture
def pages(tmp_path):
    settings = DemoSettings.from_env({**ENVIRONMENT, "DEMO_DIR": str(tmp_path)})
    return create_pages(settings)


@pytest.fixture
def browser(pages):
    return pages.test_client()


@pytest.mark.parametrize(
    "production",
    [
        {"PUBLIC_URL": "https://attendance.example.nz"},
        {"PUBLIC_URL": "http://attendance.example.nz"},
        {"PUBLIC_URL": ""},
        {"DEMONSTRATION": ""},
        {"DEMONSTRATION": "https://localhost:8001"},
        {"OIDC_ISSUER": "https://sign-in.example.nz"},
        {"TRUSTED_PROXIES": "1"},
        {"SMTP_URL": "smtp://mail.example.nz:25"},
        {"DEMO_PORT": "9000"},
    ],
)
def test_it_does_not_start_with_a_production_setting(production):
    with pytest.raises(NotADemonstration):
        DemoSettings.from_env({**ENVIRONMENT, **production})


def test_its_page_offers_every_invented_person(browser):
    page = browser.get("/authorize", query_string=ASKED, base_url=ADDRESS)
    html = page.get_data(as_text=True)
    assert page.status_code == 200
    assert page_problems(html) == []
    assert all(f'value="{person.subject}"' in html for person in PEOPLE)
    assert f'href="{PORTAL}/"' in html


@pytest.mark.parametrize(
    "change",
    [
        {"redirect_uri": "http://evil.example/"},
        {"client_id": "another"},
        {"code_challenge_method": "plain"},
        {"code_challenge": ""},
        {"nonce": ""},
        {"response_type": "token"},
    ],
)
def test_what_is_not_in_order_is_refused_on_a_page(browser, change):
    page = browser.get("/authorize", query_string={**ASKED, **change}, base_url=ADDRESS)
    assert page.status_code == 400
    assert "That did not work" in page.get_data(as_text=True)


def test_one_click_gives_a_code_that_works_once(browser, pages):
    answer = browser.post("/authorize", data={**ASKED, "person": "demo-ana-tuhoro"}, base_url=ADDRESS)
    assert "demo_provider=" in answer.headers["Set-Cookie"]
    back = parse_qs(urlsplit(answer.headers["Location"]).query)
    assert back["state"] == ["s"]
    form = {
        "grant_type": "authorization_code",
        "code": back["code"][0],
        "redirect_uri": ASKED["redirect_uri"],
        "code_verifier": VERIFIER,
    }
    sent = {"data": form, "auth": ("waharoa", "demonstration-only"), "base_url": ADDRESS}
    token = browser.post("/token", **sent).get_json()
    assert browser.post("/token", **sent).get_json()["error"] == "invalid_grant"
    told = browser.get(
        "/userinfo", headers={"Authorization": f"Bearer {token['access_token']}"}, base_url=ADDRESS
    ).get_json()
    assert (told["name"], told["waharoa_roles"]) == ("Ana Tuhoro", ["S01/case_manager"])


def test_another_host_name_is_not_answered(browser):
    assert browser.get("/mail", base_url="http://evil.example").status_code == 400


def test_mail_is_caught_kept_and_shown_newest_first(browser, pages):
    (port,) = free_ports(1)
    catcher = Controller(Catcher(pages.extensions["mail_box"]), hostname="127.0.0.1", port=port)
    catcher.start()
    try:
        for subject in ("A request <b>", "Kia ora, whānau"):
            send(port, subject)
    finally:
        catcher.stop()
    listed = browser.get("/mail", base_url=ADDRESS).get_data(as_text=True)
    assert listed.index("Kia ora, whānau") < listed.index("A request &lt;b&gt;")
    letter = browser.get("/mail/1", base_url=ADDRESS).get_data(as_text=True)
    assert page_problems(letter) == page_problems(listed) == []
    assert f'<a href="{PORTAL}/portal/cases/1">' in letter
    assert "&lt;script&gt;" in letter
    assert browser.get("/mail/3", base_url=ADDRESS).status_code == 404


def test_what_was_kept_is_there_after_a_new_start(tmp_path):
    MailBox(tmp_path).keep(b"Subject: one\r\n\r\ntext")
    MailBox(tmp_path).keep(b"Subject: two\r\n\r\ntext")
    assert [letter.subject for letter in MailBox(tmp_path).letters()] == ["two", "one"]


def test_only_the_portals_own_addresses_become_links():
    text = linked(f'{PORTAL}.evil.example/x {PORTAL}/a"b https://evil.example {PORTAL}.', PORTAL)
    assert text.count("<a ") == 2
    assert f'<a href="{PORTAL}/a">' in text
    assert f'<a href="{PORTAL}">' in text


def send(port: int, subject: str) -> None:
    message = EmailMessage()
    message["To"], message["From"], message["Subject"] = "a@school.example", "waharoa@localhost", subject
    message.set_content(f"<script>\nSee {PORTAL}/portal/cases/1.\n")
    with smtplib.SMTP("127.0.0.1", port) as server:
        server.send_message(message)
