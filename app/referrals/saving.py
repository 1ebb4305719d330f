"""What is typed into a draft is kept field by field; two pages that change the same one lose nothing (REQ-3, REQ-4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from app.core import clock
from app.core.db import db
from app.core.errors import Conflict
from app.core.figures import counted, the_figures
from app.core.security import digest
from app.core.text import nfc
from app.people.queries import Actor
from app.referrals.models import Answer, KeptText, Referral, State
from app.referrals.queries import Request, kept_texts
from app.referrals.requests import add_new, write

SENT_MEANWHILE = "This request was sent meanwhile."
MINE, THEIRS = "mine", "theirs"


@dataclass(frozen=True)
class Choice:
    """Which text of a field stays: the page's own, the one that stands there, or a kept one (by its number); the version
    of the one that stood there, and the mark of those that stood beside."""

    whose: str
    version: int
    mark: str = ""


@dataclass(frozen=True)
class Page:
    """One opening of the form: its token, the how-manieth of its saves this is, the versions that it has seen, the marks
    of the texts that it was loaded with, and what was chosen on it."""

    seen: Mapping[str, int]
    token: str = ""
    turn: int = 0
    marks: Mapping[str, str] = field(default_factory=dict)
    chosen: Mapping[str, Choice] = field(default_factory=dict)

    def is_its_own(self, kept: KeptText, by_id: int) -> bool:
        """Was it typed here, or on an earlier page of the same person that this one took it over from?"""
        return kept.by_id == by_id and (kept.page == self.token or self.marks.get(kept.field) == mark(kept.text))


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
        raise Conflict(discarded_meanwhile(), "A colleague discarded this draft meanwhile")
    before, clashes, settled = (request.version, len(request.kept)), [], _settle(request, texts, page, by)
    for name, text in texts.items():
        seen = page.chosen[name].version if name in settled else page.seen.get(name, 0)
        if clash := _written(request, name, nfc(text).strip(), page, by, seen=seen):
            clashes.append(clash)
            _keep(request, clash, page, by)
        else:
            _forget(request, name, None if name in settled else page, by)
    add_new(request)
    if (request.version, len(request.kept)) != before:
        referral.changed_at, referral.changed_by_id, referral.announced_at = clock.now(), by.person_id, None
    return clashes


def beside(request: Request, name: str, page: Page, by: Actor) -> list[KeptText]:
    """What is kept of this field besides what stands there and what this page says."""
    now = request.texts.get(name, "")
    kept = [each for each in request.kept if each.field == name and each.text != now]
    return [each for each in kept if not page.is_its_own(each, by.person_id)]


def mark(text: str) -> str:
    """Enough of a digest to tell whether a text was touched."""
    return digest(nfc(text))[:12]


def mark_of(kept: Iterable[KeptText]) -> str:
    """Of these texts as they are; of none: nothing."""
    said = "".join(f"{each.id} {mark(each.text)} " for each in kept)
    return mark(said) if said else ""


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
    request.kept[:] = kept_texts(referral)
    return referral


def _settle(request: Request, texts: Mapping[str, str], page: Page, by: Actor) -> set[str]:
    """What was chosen, where every text was seen that is there now: the fields of which this page's own is. Of the others
    the chosen text stands now, and nothing beside it."""
    own = set()
    for name, choice in page.chosen.items():
        if choice.mark != mark_of(beside(request, name, page, by)):
            continue
        if choice.whose == MINE:
            own |= {name} & set(texts)
        elif choice.whose == THEIRS or _pick(request, name, choice, page, by):
            _forget(request, name, None, by)
    return own


def _pick(request: Request, name: str, choice: Choice, page: Page, by: Actor) -> bool:
    """A kept text takes the place of the one that was seen there."""
    found = [each for each in request.kept if each.field == name and str(each.id) == choice.whose]
    is_seen = name in request.answers and request.answers[name].version == choice.version
    if found and is_seen:
        write(request, name, found[0].text, by=by, page=page.token, turn=page.turn)
    return bool(found) and is_seen


def _keep(request: Request, clash: Clash, page: Page, by: Actor) -> None:
    """This page's text stays beside the answer, until one of them is chosen."""
    own = [each for each in request.kept if each.field == clash.field and page.is_its_own(each, by.person_id)]
    kept = min(own, key=lambda each: each.page != page.token, default=None)
    if kept is None:
        kept = KeptText(referral_id=request.referral.id, field=clash.field, by_id=by.person_id)
        request.kept.append(kept)
        db.session.add(kept)
    elif kept.page == page.token and (page.turn < kept.turn or kept.text == clash.mine):
        return
    kept.text, kept.page, kept.turn, kept.at = clash.mine, page.token, page.turn, clock.now()


def discarded_meanwhile() -> str:
    back = counted(the_figures().draft_back_days, "day")
    return f"This draft was discarded meanwhile; whoever may see it can bring it back for {back}."


def _forget(request: Request, name: str, page: Page | None, by: Actor) -> None:
    """What was kept of this field; or only what this page had typed there."""
    for kept in [each for each in request.kept if each.field == name]:
        if page is None or page.is_its_own(kept, by.person_id):
            request.kept.remove(kept)
            db.session.delete(kept)


def _written(request: Request, field: str, text: str, page: Page, by: Actor, *, seen: int) -> Clash | None:
    """Write it, unless it stands there already, was overtaken, or clashes."""
    answer = request.answers.get(field)
    if answer is None:
        if text or page.token:
            write(request, field, text, by=by, page=page.token, turn=page.turn)
        return None
    is_own = bool(page.token) and answer.page == page.token
    if is_own and page.turn < answer.turn:
        return None
    if answer.text == text:
        if page.token:
            answer.page, answer.turn = page.token, page.turn
        return None
    if not is_own and answer.version != seen:
        return Clash(field, answer.text, text, answer.version, answer.by_id, answer.at)
    write(request, field, text, by=by, page=page.token, turn=page.turn)
    return None
