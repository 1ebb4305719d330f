"""What is typed into a draft is kept field by field; two pages that change the same one lose nothing (REQ-3, REQ-4)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.text import nfc
from app.people.queries import Actor
from app.referrals.models import Answer, Referral, State
from app.referrals.queries import Request

SENT_MEANWHILE = "This request was sent meanwhile."
DISCARDED_MEANWHILE = "This draft was discarded meanwhile; whoever may see it can bring it back for a day."


@dataclass(frozen=True)
class Page:
    """One opening of the form: its token, the how-manieth of its saves this is, and the versions that it has seen."""

    seen: Mapping[str, int]
    token: str = ""
    turn: int = 0


@dataclass(frozen=True)
class Clash:
    """A field that another page changed since this one saw it: both texts, theirs with who and when."""

    field: str
    theirs: str
    mine: str
    version: int
    by_id: int
    at: datetime


def save_draft(request: Request, texts: Mapping[str, str], *, page: Page, by: Actor) -> list[Clash]:
    """Write each field but those that another page changed since: these are returned with both texts, and stay as they
    are. A page never conflicts with itself, and what a later save of it overtook writes nothing. Raises `Conflict`
    once the draft was sent or discarded."""
    referral = locked(request)
    if referral.state is not State.DRAFT:
        raise Conflict(SENT_MEANWHILE, "A colleague sent this request meanwhile")
    if referral.discarded_at is not None:
        raise Conflict(DISCARDED_MEANWHILE, "A colleague discarded this draft meanwhile")
    before, clashes = request.version, []
    for field, text in texts.items():
        if clash := _written(request, field, nfc(text).strip(), page, by):
            clashes.append(clash)
    if request.version != before:
        referral.changed_at, referral.changed_by_id, referral.announced_at = clock.now(), by.person_id, None
    return clashes


def write(request: Request, field: str, text: str, page: Page, by: Actor) -> None:
    """A new version of this field."""
    answer = request.answers.get(field)
    if answer is None:
        answer = Answer(referral_id=request.referral.id, field=field, version=0)
        request.answers[field] = answer
        db.session.add(answer)
    answer.text, answer.version = nfc(text), answer.version + 1
    answer.page, answer.turn = page.token, page.turn
    answer.by_id, answer.at = by.person_id, clock.now()


def locked(request: Request) -> Referral:
    """The request and its answers as they are now; nobody else changes them until the end of the transaction."""
    referral, now = request.referral, {"populate_existing": True}
    if request.is_held:
        return referral
    db.session.scalars(
        select(Referral).where(Referral.id == referral.id).with_for_update().execution_options(**now)
    ).one()
    answers = select(Answer).where(Answer.referral_id == referral.id).execution_options(**now)
    request.answers.update({answer.field: answer for answer in db.session.scalars(answers)})
    return referral


def _written(request: Request, field: str, text: str, page: Page, by: Actor) -> Clash | None:
    """Write it, unless it stands there already, was overtaken, or clashes."""
    answer = request.answers.get(field)
    if answer is None:
        if text or page.token:
            write(request, field, text, page, by)
        return None
    is_own = bool(page.token) and answer.page == page.token
    if is_own and page.turn < answer.turn:
        return None
    if answer.text == text:
        if page.token:
            answer.page, answer.turn = page.token, page.turn
        return None
    if not is_own and answer.version != page.seen.get(field, 0):
        return Clash(field, answer.text, text, answer.version, answer.by_id, answer.at)
    write(request, field, text, page, by)
    return None
