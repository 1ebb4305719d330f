"""The portal's mail, caught instead of sent: a place for SMTP to deliver to, and pages to read it."""

import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO
from pathlib import Path
from threading import Lock
from typing import Any
from zoneinfo import ZoneInfo

from aiosmtpd.smtp import SMTP, Envelope, Session
from flask import Blueprint, Response, abort, current_app, render_template, send_file
from markupsafe import Markup, escape

mail = Blueprint("mail", __name__)
AUCKLAND = ZoneInfo("Pacific/Auckland")
ADDRESS = re.compile(r"https?://[^\s<>\"']*[^\s<>\"'.,;:!?)\]]")


@dataclass(frozen=True)
class Letter:
    """One mail as the pages show it."""

    number: int
    to: str
    subject: str
    at: datetime
    text: str
    sender: str
    files: tuple[str, ...]
    """The names of what is attached."""

    @property
    def when(self) -> str:
        hour = self.at.strftime("%I:%M").lstrip("0")
        return f"{self.at:%a} {self.at.day} {self.at:%B}, {hour} {self.at:%p}".replace("AM", "am").replace("PM", "pm")


class MailBox:
    """A folder of numbered .eml files."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._one_at_a_time = Lock()
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, content: bytes) -> None:
        with self._one_at_a_time:
            path = self.folder / f"{max(self._numbers(), default=0) + 1:06}.eml"
            path.with_suffix(".part").write_bytes(content)
            path.with_suffix(".part").rename(path)

    def letters(self) -> list[Letter]:
        """Newest first."""
        return [self._read(number) for number in sorted(self._numbers(), reverse=True)]

    def letter(self, number: int) -> Letter | None:
        return self._read(number) if number in self._numbers() else None

    def _numbers(self) -> list[int]:
        return [int(path.stem) for path in self.folder.glob("*.eml") if path.stem.isdigit()]

    def _read(self, number: int) -> Letter:
        path = self.folder / f"{number:06}.eml"
        message = message_from_bytes(path.read_bytes(), _class=EmailMessage, policy=policy.default)
        return Letter(
            number=number,
            to=str(message["To"] or ""),
            subject=str(message["Subject"] or "(no subject)"),
            at=datetime.fromtimestamp(path.stat().st_mtime, AUCKLAND),
            text=_text(message),
            sender=str(message["From"] or ""),
            files=tuple(part.get_filename("file") for part in message.iter_attachments()),
        )

    def attached(self, number: int, place: int) -> bytes | None:
        """A file that is attached, by its place."""
        if number not in self._numbers():
            return None
        content = (self.folder / f"{number:06}.eml").read_bytes()
        message = message_from_bytes(content, _class=EmailMessage, policy=policy.default)
        parts = list(message.iter_attachments())
        return bytes(parts[place].get_content()) if place < len(parts) else None


class Catcher:
    """Takes every mail that is delivered and keeps it."""

    def __init__(self, box: MailBox) -> None:
        self.box = box

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        content = envelope.original_content or b""
        self.box.keep(content)
        return "250 Kept"


@mail.get("/mail")
def listed() -> str:
    return render_template("demo/mail.html", letters=_box().letters())


@mail.get("/mail/<int:number>")
def read(number: int) -> str:
    letter = _box().letter(number) or abort(404)
    text = linked(letter.text, current_app.config["PORTAL"])
    return render_template("demo/letter.html", letter=letter, text=text)


@mail.get("/mail/<int:number>/files/<int:place>")
def attached(number: int, place: int) -> Response:
    letter = _box().letter(number) or abort(404)
    found = _box().attached(number, place) or abort(404)
    return send_file(BytesIO(found), download_name=letter.files[place], as_attachment=True)


def linked(text: str, portal: str) -> Markup:
    """The text, escaped, with links where it names an address of the portal; other addresses stay text."""
    parts, at = [], 0
    for match in ADDRESS.finditer(text):
        address = match.group()
        if address == portal or address.startswith(f"{portal}/"):
            parts += [escape(text[at : match.start()]), Markup('<a href="{0}">{0}</a>').format(address)]
            at = match.end()
    return Markup("").join([*parts, escape(text[at:])])


def _text(message: EmailMessage) -> str:
    body = message.get_body(preferencelist=("plain",))
    content: Any = body.get_content() if body else "(this mail has no plain text)"
    return str(content)


def _box() -> MailBox:
    box: MailBox = current_app.extensions["mail_box"]
    return box
