"""Letters: whether one can be set on this machine, and those that wait or could not be made."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import func, select

from app.core import clock
from app.core.db import db
from app.core.pdf.press import BUILT, FONTS, Press, PressFailed
from app.doctor.findings import Finding, Patient, good, mend
from app.letters.models import Letter

LATE = timedelta(minutes=10)
TRIAL = '<html lang="mi"><head><title>flask doctor</title></head><body><p>Tēnā koe</p></body></html>'
CSS = '@page { size: A4 } html { font: 10pt "Public Sans" }'
LIBRARIES = "libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0"


def setting(_patient: Patient) -> Iterable[Finding]:
    """Not asked but tried: one line is set, and drawn."""
    if not all((FONTS / name).exists() for name in BUILT):
        yield mend("letters", f"their fonts are not in {FONTS}", "build them: .venv/bin/python scripts/fonts.py")
        return
    press = Press()
    try:
        made = press.render(TRIAL, CSS, {}, pictures=True)
    except PressFailed as failed:
        cause = failed.said.splitlines()[-1:] or [str(failed)]
        remedy = f"install Pango (Debian: apt-get install {LIBRARIES}) and the packages of requirements.txt: make serve"
        yield mend("letters", f"none can be made on this machine ({cause[0]})", remedy)
    else:
        yield good("letters", f"can be made, with WeasyPrint {made.versions['WeasyPrint']}")
    finally:
        press.close()


def waiting(_patient: Patient) -> Iterable[Finding]:
    letters = select(func.count()).select_from(Letter)
    late = db.session.scalar(letters.where(Letter.next_try_at < clock.now() - LATE)) or 0
    failed = db.session.scalar(letters.where(Letter.fault != "")) or 0
    if late:
        yield mend(
            "letters", f"{late:,} have waited for over ten minutes", "see that the worker runs; then see its log"
        )
    if failed:
        yield mend(
            "letters",
            f"{failed:,} of the last day could not be made",
            "each says why on its page in the portal; whoever asked for it can try again there",
        )
