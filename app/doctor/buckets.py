"""The clock of the S3 server: what is signed more than a quarter of an hour before or after it, it refuses."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from app.core import clock
from app.doctor.findings import Finding, Patient, good, mend, span_in_words
from app.settings import Settings

SECONDS = 10
SKEW = timedelta(seconds=30)


def server_clock(patient: Patient) -> Iterable[Finding]:
    """A server that does not answer, or does not say the time, is left to the trial of the storage."""
    given = patient.settings
    theirs = None if given.storage_folder else _theirs(given)
    if theirs is None:
        return
    off = clock.now() - theirs
    if abs(off) > SKEW:
        yield mend(
            "storage",
            f"our clock is {span_in_words(abs(off))} {'ahead of' if off > timedelta() else 'behind'} the S3 server’s; from 15 "
            "minutes on it refuses everything",
            "set both by NTP (install systemd-timesyncd)",
        )
    else:
        yield good("storage", "the S3 server’s clock is ours")


def _theirs(given: Settings) -> datetime | None:
    """What time its answer says it is; whether it lets us in does not matter."""
    address = urlsplit(given.storage_endpoint or f"https://s3.{given.storage_region or 'us-east-1'}.amazonaws.com")
    kind = HTTPSConnection if address.scheme == "https" else HTTPConnection
    line = kind(address.hostname or "", address.port, timeout=SECONDS)
    try:
        line.request("HEAD", "/")
        return parsedate_to_datetime(line.getresponse().headers.get("Date", "")).astimezone(UTC)
    except (OSError, HTTPException, ValueError):
        return None
    finally:
        line.close()
