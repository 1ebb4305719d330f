"""The rows of comments, and of what becomes of them."""

from collections.abc import Callable, Iterable
from typing import Any

from app.cases.entries import Audience, EntryKind
from app.cases.unsent.actions import KEPT_FOR
from demo.country.books import Books
from demo.country.days import midnight
from demo.country.plans import Edited, OfComment, Readdressed, Retracted, SharedNow, Step, Undone, Wrote
from demo.country.sheet import Row
from demo.country.telling import MAIL, Happening, Told

ToTell = Callable[[Step], Iterable[Told]]


class Remarks:
    """Of one case; `to_tell` says whom a shared comment of somebody tells by then. It is not kept here: what knows each
    other is garbage that only a search finds, and none is made while the country is."""

    def __init__(self, books: Books) -> None:
        self._books = books
        self._entries: list[Row] = []
        self._told: list[list[Row]] = []

    def write(self, case: Row, step: Wrote, to_tell: ToTell) -> None:
        is_shared = step.audience is Audience.SHARED
        entry = self._books.entry(case, EntryKind.COMMENT, step, step.text, step.audience, waits=is_shared)
        told = to_tell(step) if is_shared else ()
        self._entries.append(entry)
        self._told.append(self._books.teller.record(_what("added", step, entry), told, after=entry["opens_at"]))

    def change(self, step: OfComment, to_tell: ToTell) -> None:
        """What happened to it, and that it did."""
        entry = self._entries[step.of]
        event = CHANGES[type(step)](self, step, entry)
        is_told = event == "audience_changed" and entry["audience"] == Audience.SHARED
        told = to_tell(step) if is_told else ()
        self._books.teller.record(_what(event, step, entry), told, after=entry["opens_at"])

    def edit(self, step: Edited, entry: Row) -> str:
        former = {"was": entry["body"], "at": step.at, "by_id": step.by.id}
        self._books.sheet.add("entry_text", step.at, entry_id=entry, **former)
        entry |= {"body": step.text, "edited_at": step.at}
        return "edited"

    def retract(self, step: Retracted, entry: Row) -> str:
        entry |= {"retracted_at": step.at, "retracted_by_id": step.by.id}
        return "retracted"

    def undo(self, step: Undone, entry: Row) -> str:
        """Nobody was told; for some days its writer has the text as a note not sent."""
        self._books.sheet.take_back("outbox", self._told[step.of])
        entry |= {"retracted_at": step.at, "retracted_by_id": step.by.id}
        if step.at >= midnight(self._books.today) - KEPT_FOR:
            whose = {"case_id": entry["case_id"], "person_id": step.by.id, "organisation_id": step.by.organisation_id}
            version = self._books.names.token("unsent", entry["public_id"])
            text = {"entry_id": None, "turn": 0, "version": version, "body": entry["body"], "at": step.at}
            self._books.sheet.add("unsent", step.at, **whose, page=entry["public_id"], **text)
        return "undone"

    def share_now(self, step: SharedNow, entry: Row) -> str:
        """Whoever is told by mail was told then; what the app says is as old as it would have been."""
        entry["opens_at"] = step.at
        for row in self._told[step.of]:
            row |= {"made_at": step.at, "next_try_at": step.at, "read_at": self._books.teller.read_at(step.at)}
            if row["channel"] == MAIL:
                row["done_at"] = step.at
        return "shared_at_once"

    def readdress(self, step: Readdressed, entry: Row) -> str:
        """Nobody had opened the case meanwhile, as far as the view log knows."""
        was_read = False if entry["audience"] == Audience.SHARED else None
        changed = {"was": entry["audience"], "became": step.audience.value, "at": step.at, "by_id": step.by.id}
        self._books.sheet.add("entry_audience", step.at, entry_id=entry, **changed, was_read=was_read)
        entry["audience"] = step.audience.value
        if step.audience is Audience.SHARED:
            entry["opens_at"] = step.at + self._books.undo_for
        return "audience_changed"


def _what(event: str, step: Step, entry: Row) -> Happening:
    return Happening(f"comment.{event}", step.at, step.by, "entry", entry, entry["case_id"])


CHANGES: dict[type[OfComment], Callable[[Remarks, Any, Row], str]] = {
    Edited: Remarks.edit,
    Retracted: Remarks.retract,
    Undone: Remarks.undo,
    SharedNow: Remarks.share_now,
    Readdressed: Remarks.readdress,
}
"""How each is done; the answer is the event."""
