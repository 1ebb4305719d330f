"""How a person wants to be told of what may be muted."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from app.core.db import Base, word


class How(StrEnum):
    """By mail at once, in one mail a day, or in the app only."""

    AT_ONCE = "at_once"
    DAILY = "daily"
    NONE = "none"


class TellingChoice(Base):
    """What a person chose for one event of `notifications.csv`; without a row the list holds."""

    __tablename__ = "telling_choice"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    event: Mapped[str] = mapped_column(String(60), primary_key=True)
    how: Mapped[How] = mapped_column(word(How))
    chosen_at: Mapped[datetime]
