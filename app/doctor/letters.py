"""Letters: whether one can be set on this machine, those that wait or could not be made, and what went wrong by e-mail."""

from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import and_, func, or_, select

from app.core import clock
from app.core.db import db
from app.core.pdf.press import BUILT, FONTS, Press, PressFailed
from app.doctor.findings import Finding, Patient, good, mend
from app.letters.batches.models import LetterBatch
from app.letters.carrying import STUCK
from app.letters.emails.models import LetterMail
from app.letters.emails.sending import LOST, TOO_OLD, TRIED_OUT
from app.letters.models import Letter

LATE = timedelta(minutes=10)
LATELY = timedelta(days=30)
NAMED = 10
NOT_TAKEN = (LOST, TOO_OLD, TRIED_OUT)
"""Why one was given up that no address is to blame for."""
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


def batches(_patient: Patient) -> Iterable[Finding]:
    """Those that fail each time that the worker takes them up, by the numbers that its log names."""
    stuck = select(LetterBatch.id).where(LetterBatch.next_try_at.is_not(None), LetterBatch.fault == STUCK)
    if found := db.session.scalars(stuck.order_by(LetterBatch.id)).all():
        one = len(found) == 1
        of_them = f"{len(found):,} of their batches {'does' if one else 'do'} not go on"
        tried = "it is" if one else "they are"
        which = ", ".join(map(str, found[:NAMED])) + (", …" if len(found) > NAMED else "")
        yield mend(
            "letters",
            f"{of_them}, however often {tried} tried: number {which}",
            "find “batch NUMBER failed” in the worker’s log, and report it; each is tried again every minute",
        )


def mailed(_patient: Patient) -> Iterable[Finding]:
    """LET-7: what waits for the mail server, what it never took, and what left without all that is noted of it."""
    now, mails = clock.now(), select(func.count()).select_from(LetterMail)
    is_late = or_(
        LetterMail.next_try_at < now - LATE, and_(LetterMail.last_error != "", LetterMail.asked_at < now - LATE)
    )
    late = db.session.scalar(mails.where(LetterMail.next_try_at.is_not(None), is_late)) or 0
    given_up = mails.where(LetterMail.fault.in_(NOT_TAKEN), LetterMail.asked_at > now - LATELY)
    half_noted = mails.where(LetterMail.sent_at > now - LATELY, LetterMail.last_error != "")
    if late:
        yield mend("letters", f"{late:,} have waited over ten minutes to leave by e-mail", "see worker and mail")
    if failed := db.session.scalar(given_up) or 0:
        yield mend(
            "letters",
            f"{failed:,} of the last 30 days did not leave by e-mail, as the mail server did not take them",
            "mend the mail server; each says so on its page, and whoever sent it was told and prints it",
        )
    if count := db.session.scalar(half_noted) or 0:
        yield mend(
            "letters",
            f"{count:,} of the last 30 days left by e-mail, and not all that follows from it could be noted",
            "each says so on its page, where whoever wrote it sees what is missing; find “a letter left” in the worker’s log, "
            "and report it",
        )
