"""How many files may hang on one thing, and why one does not open (SHARE-6)."""

from app.core.files.stored import OPENS, Scan

MOST = 20
TOO_MANY = f"There can be {MOST} files at most. Take one off first, or send the rest with another note."
WHY_NOT = {
    Scan.PENDING: "This file is being checked for viruses. It opens when that is done; try again in a minute.",
    Scan.INFECTED: "A virus was found in this file, so nobody can open it. Ask whoever added it for a clean one.",
    Scan.FAILED: "This file could not be checked for viruses yet, so it does not open. It will be tried again.",
}


def why_not(scan: Scan) -> str:
    """Why a file with this result is not opened; nothing where it is."""
    return "" if scan in OPENS else WHY_NOT[scan]
