"""Where the portal is, and what it works with, as settings say it: what is wrong with an address, with the remedy; ""
where nothing is."""

import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from urllib.parse import SplitResult, urlsplit

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
USUAL_PORTS = {"http": 80, "https": 443}
MEMORY = "memory"
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
DATABASE = re.compile(r"(/[0-9]{0,4})?")
LIKE_STORAGE = "STORAGE must be the whole path of a folder, like /srv/waharoa/files, or s3://bucket/prefix"
LIKE_SCANNER = "SCANNER must be like unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310"
LIKE_LIMITS = (
    "LIMITS must be the word memory, or like redis://:password@localhost:6379/0, rediss://:password@redis.example.nz/0 or "
    "unix:///run/redis/redis-server.sock. Letters and digits stand for themselves; write anything else in a password as "
    "in every address, an @ as %40."
)


def fault_of_public_url(public_url: str) -> str:
    address = urlsplit(public_url)
    if address.scheme not in USUAL_PORTS or public_url != _as_sent(address):
        return (
            "PUBLIC_URL must be like https://attendance.example.nz or https://attendance.example.nz:8443, as browsers "
            "send it: in lower case, without a path, a name or the usual port."
        )
    if address.scheme == "http" and address.hostname not in LOOPBACK:
        return (
            f"PUBLIC_URL is http on {address.hostname}: sign-in cookies would travel in the clear. "
            "Use https, or http on localhost only."
        )
    return ""


def fault_of_issuer(issuer: str) -> str:
    address = urlsplit(issuer)
    if address.scheme not in USUAL_PORTS or (address.scheme == "http" and address.hostname not in LOOPBACK):
        return "OIDC_ISSUER must be an https address: http is for a sign-in server on localhost only."
    return ""


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


def fault_of_limits(limits: str) -> str:
    """It may hold a password, and is never repeated."""
    try:
        address = urlsplit(limits)
        is_clear = limits == MEMORY or _is_of_redis(address)
    except ValueError:
        is_clear = False
    if not is_clear:
        return LIKE_LIMITS
    if limits == MEMORY or address.scheme == "unix" or address.hostname in LOOPBACK:
        return ""
    if address.scheme == "redis":
        return (
            f"LIMITS is redis:// on {address.hostname}: the password, and who is counted, would travel in the clear. Use "
            "rediss://, or lead a port of localhost there through a tunnel that encrypts."
        )
    return (
        ""
        if address.password
        else f"LIMITS is on {address.hostname} without a password: anybody could undo the counts."
    )


def fault_of_marks_folder(folder: str) -> str:
    if folder and not PurePosixPath(folder).is_absolute():
        return f"MARKS_FOLDER must be a folder with its whole path, like /srv/waharoa-data/marks, not “{folder}”."
    return ""


def place_of_limits(limits: str) -> str:
    """What may be said of it: neither name nor password."""
    address = urlsplit(limits)
    return address.netloc.rpartition("@")[2] or address.path


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


def _as_sent(address: SplitResult) -> str:
    """The address as a browser writes it in Host and Origin; with another spelling no request would ever match."""
    try:
        port = address.port
    except ValueError:
        return ""
    host = f"[{address.hostname}]" if ":" in (address.hostname or "") else address.hostname
    is_usual = port in {None, USUAL_PORTS[address.scheme]}
    return f"{address.scheme}://{host}{'' if is_usual else f':{port}'}" if host else ""


def _is_of_redis(address: SplitResult) -> bool:
    """Nothing else is in it: what a query says could switch off that the server is who it says."""
    if address.query or address.fragment or address.port == 0:
        return False
    if address.scheme == "unix":
        return not address.hostname and PurePosixPath(address.path).is_absolute()
    return address.scheme in {"redis", "rediss"} and bool(address.hostname and DATABASE.fullmatch(address.path))
