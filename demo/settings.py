"""The demonstration's settings; a production setting of any kind stops the start, with the reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


class NotADemonstration(Exception):
    """These settings are a real portal's, or incomplete; the text says which one and why."""


@dataclass(frozen=True)
class DemoSettings:
    """Where the demonstration listens, and which portal it serves."""

    portal: str
    address: str
    client_id: str
    client_secret: str
    port: int
    smtp_port: int
    folder: Path

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> "DemoSettings":
        portal = environ.get("PUBLIC_URL", "").rstrip("/")
        address = environ.get("DEMONSTRATION", "").rstrip("/")
        _refuse_production(environ, portal, address)
        port = urlsplit(address).port or 80
        if environ.get("DEMO_PORT", str(port)) != str(port):
            raise NotADemonstration(f"DEMO_PORT is not the port in DEMONSTRATION ({address}).")
        return cls(
            portal=portal,
            address=address,
            client_id=environ.get("OIDC_CLIENT_ID", "waharoa"),
            client_secret=environ.get("OIDC_CLIENT_SECRET", "demonstration-only"),
            port=port,
            smtp_port=int(environ.get("DEMO_SMTP_PORT", str(port + 1))),
            folder=Path(environ.get("DEMO_DIR", "var/demo")),
        )


def _refuse_production(environ: Mapping[str, str], portal: str, address: str) -> None:
    for name, url in (("DEMONSTRATION", address), ("PUBLIC_URL", portal)):
        _refuse_public(name, url)
    if environ.get("OIDC_ISSUER", address).rstrip("/") != address:
        raise NotADemonstration("OIDC_ISSUER names another sign-in server than DEMONSTRATION: this is a real portal.")
    if environ.get("TRUSTED_PROXIES", "0") not in {"", "0"}:
        raise NotADemonstration("TRUSTED_PROXIES is set: a demonstration stands behind no proxy.")
    mail = environ.get("SMTP_URL")
    if mail and urlsplit(mail).hostname not in LOOPBACK:
        raise NotADemonstration("SMTP_URL names a real mail server: a demonstration sends no mail.")


def _refuse_public(name: str, url: str) -> None:
    parts = urlsplit(url)
    if not url:
        raise NotADemonstration(f"{name} is not set: start the demonstration beside its portal.")
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise NotADemonstration(f"{name} is {url}: the demonstration only runs on http://localhost or its like.")
