"""Settings for tests, read the way the portal reads them; nothing in them leads beyond this machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import CodeType

from flask import Flask
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

from app.core.db import db
from app.settings import Settings
from scripts.parts import ROOT

PUBLIC_URL = "http://localhost:8000"
ISSUER = "http://localhost:8001"


def settings_for(database_url: str, folder: Path, **more: str) -> Settings:
    """Everything but the database in this folder; `more` are further environment variables."""
    (folder / "files").mkdir(exist_ok=True)
    return Settings.from_env(
        {
            "PUBLIC_URL": PUBLIC_URL,
            "SECRET_KEY": "for tests only, known to all, worth nothing",
            "DATABASE_URL": database_url,
            "STORAGE": str(folder / "files"),
            "QUEUE_FILE": str(folder / "queue.sqlite"),
            "OIDC_ISSUER": ISSUER,
            "OIDC_CLIENT_ID": "waharoa",
            "OIDC_CLIENT_SECRET": "for tests only",
            "ROLES_FILE": str(ROOT / "demo" / "roles.toml"),
            "SMTP_URL": "smtp://localhost:9",
            "MAIL_FROM": "Waharoa <waharoa@localhost>",
            **more,
        }
    )


class Compiled(BytecodeCache):
    """Each text of a template is compiled once in this process, not once for each app: that is most of what a page costs."""

    def __init__(self) -> None:
        self.codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code:
            self.codes[bucket.key, bucket.checksum] = bucket.code


TEMPLATES = Compiled()


@contextmanager
def closed(app: Flask) -> Iterator[Flask]:
    """Close the database's connections afterwards, so that its file can be copied and its database dropped."""
    app.jinja_env.bytecode_cache = TEMPLATES
    try:
        yield app
    finally:
        with app.app_context():
            db.engine.dispose()
