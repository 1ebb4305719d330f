"""Where files are kept and who checks them, as settings say it: what is wrong with an address, with the remedy; "" where
nothing is."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
LIKE_STORAGE = "STORAGE must be the whole path of a folder, like /srv/waharoa/files, or s3://bucket/prefix"
LIKE_SCANNER = "SCANNER must be like unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310"


def fault_of_storage(storage: str, endpoint: str, region: str, key_id: str, secret: str) -> str:
    if "://" not in storage:
        return _fault_of_folder(storage, is_alone=not (endpoint or region or key_id or secret))
    address = urlsplit(storage)
    if address.scheme != "s3" or not BUCKET.fullmatch(address.netloc) or address.query or address.fragment:
        return f"{LIKE_STORAGE}, not “{storage}”."
    if not (key_id and secret):
        return "STORAGE is a bucket: set STORAGE_KEY_ID and STORAGE_SECRET too."
    if not (endpoint or region):
        return "STORAGE is a bucket: set STORAGE_REGION, or STORAGE_ENDPOINT where it is on a server of your own."
    return _fault_of_endpoint(endpoint) if endpoint else ""


def fault_of_neighbours(folder: Path, files: Iterable[tuple[str, str]]) -> str:
    """Of a folder that other things lie in too: each with its setting's name and path."""
    kept = folder.resolve()
    if kept == Path(kept.anchor):
        return f"{LIKE_STORAGE}, not “{folder}”."
    for name, path in files:
        if path and Path(path).resolve().is_relative_to(kept):
            return f"STORAGE is {folder}, in which {name} lies too: name a folder of its own, like {folder}/files."
    return ""


def fault_of_scanner(scanner: str) -> str:
    if not scanner:
        return ""
    kind, _, place = scanner.partition(":")
    if kind == "unix":
        return "" if PurePosixPath(place).is_absolute() and not place.startswith("//") else f"{LIKE_SCANNER}."
    host, port = host_and_port(scanner)
    if kind != "tcp" or not host or not port:
        return f"{LIKE_SCANNER}, not “{scanner}”."
    if host not in LOOPBACK:
        return (
            f"SCANNER is on {host}: files would travel there in the clear. Run clamd on this machine, or lead a local "
            "socket there through a tunnel that encrypts."
        )
    return ""


def host_and_port(address: str) -> tuple[str, int]:
    """Of tcp://host:port; with nothing where it is unclear."""
    parts = urlsplit(address)
    try:
        port = parts.port
    except ValueError:
        port = None
    is_bare = not (parts.path or parts.query or parts.fragment or parts.username)
    return (parts.hostname or "", port or 0) if is_bare else ("", 0)


def _fault_of_folder(storage: str, *, is_alone: bool) -> str:
    if not PurePosixPath(storage).is_absolute():
        return f"{LIKE_STORAGE}, not “{storage}”."
    if not is_alone:
        return (
            "STORAGE is a folder, and STORAGE_ENDPOINT, STORAGE_REGION, STORAGE_KEY_ID or STORAGE_SECRET is set, which "
            "are for a bucket: unset them, or name the bucket."
        )
    return ""


def _fault_of_endpoint(endpoint: str) -> str:
    address = urlsplit(endpoint)
    if address.scheme not in {"http", "https"} or not address.hostname or address.query or address.username:
        return f"STORAGE_ENDPOINT must be like https://objects.example.nz, not “{endpoint}”."
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        return (
            f"STORAGE_ENDPOINT is http on {address.hostname}: files would travel in the clear. Use https, or http on "
            "localhost only."
        )
    return ""
