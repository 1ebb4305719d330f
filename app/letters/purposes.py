"""What letters are for (LET-1)."""

from enum import StrEnum


class Purpose(StrEnum):
    """LET-1: what a ladder of letters is for."""

    CA = "CA"
    NEN = "NEN"
    SCHOOL = "school"
    HOLIDAY = "holiday"
