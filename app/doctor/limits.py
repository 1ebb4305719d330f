"""Whether all processes can count tries together."""

from collections.abc import Iterable

from redis import exceptions

from app.addresses import MEMORY, place_of_limits
from app.core.web.tries import FAILURES, SharedTries
from app.doctor.findings import Finding, Patient, good, mend, note

MEANWHILE = "each process counts by itself"
REFUSED = (exceptions.AuthenticationError, exceptions.AuthorizationError, exceptions.NoPermissionError)
UNFIT = (exceptions.ResponseError, exceptions.BusyLoadingError)


def tries(patient: Patient) -> Iterable[Finding]:
    """Not asked but tried: one try is counted, of nobody, and forgotten after a second."""
    address = patient.settings.limits
    if address == MEMORY:
        yield note(
            "limits",
            "counted in memory, each process by itself",
            "with several machines set LIMITS to a Redis of theirs",
        )
        return
    try:
        SharedTries(address=address, prefix="waharoa doctor").incr_together("nobody", expiry=1)
    except FAILURES as failure:
        words, remedy = _in_words(failure)
        yield mend("limits", f"Redis at {place_of_limits(address)} {words}; meanwhile {MEANWHILE}", remedy)
    else:
        yield good("limits", f"Redis at {place_of_limits(address)} counts for all processes together")


def _in_words(failure: Exception) -> tuple[str, str]:
    """Never its own: what the server says is not ours to repeat."""
    if isinstance(failure, REFUSED):
        return "does not let the portal in", "mend the name and the password in LIMITS, or what Redis allows them"
    if isinstance(failure, UNFIT):
        return (
            "answers, but does not count",
            "see its log: it may be full, read-only, still loading, or lack that database",
        )
    return (
        "does not answer",
        "start it (systemctl start redis-server), or mend LIMITS; of rediss:// this machine must trust the certificate",
    )
