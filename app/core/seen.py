"""The one thing a GET may write: that a person opened a case, with which they have read what they were told of it, and once a
minute that they are still here.

It happens after the request's own transaction has ended and before the first byte leaves; what cannot be logged
is not shown."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core import clock, unread
from app.core.db import Base, begin_write, db
from app.core.events import By


class ViewLog(Base):
    """Who opened what of which case, in which role, when (PRIV-1). Append-only in the database itself."""

    __tablename__ = "view_log"
    __table_args__ = (Index("ix_view_log_organisation", "organisation_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    role: Mapped[str] = mapped_column(String(40))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("attendance_case.id"), index=True)
    page: Mapped[str] = mapped_column(String(80))


THE_CASE = "case"
"""The page on which whatever they were told of a case stands."""
_LOG = ViewLog.__table__.insert()  # type: ignore[attr-defined]


@dataclass(frozen=True)
class View:
    """A page to be logged: its words, and the case it shows (none for a search), or several."""

    page: str
    case_id: int | None
    more_cases: tuple[int, ...] = ()


def write(by: By, view: View | None, touch: Callable[[datetime], None] | None, *, has_unread: bool = False) -> None:
    """One short transaction of its own, with at most the view, what is read by it, and the sign-in's last-seen time."""
    if view is None and touch is None:
        return
    begin_write()
    now = clock.now()
    if view:
        _log(by, view, now)
    if view and view.case_id and view.page == THE_CASE and has_unread:
        unread.mark_of_case(by, view.case_id, now)
    if touch:
        touch(now)
    db.session.commit()


def _log(by: By, view: View, now: datetime) -> None:
    who = {"person_id": by.person_id, "role": str(by.role), "organisation_id": by.organisation_id}
    line = {"at": now, "page": view.page, **who}
    db.session.execute(_LOG, [{"case_id": case_id, **line} for case_id in (view.case_id, *view.more_cases)])
