"""What a school may say of a group that it asks support for: chosen, never written, so that no student is ever named."""

from dataclasses import dataclass

ASKED = "group.support_asked"
GROUPS = {
    "class": "a class or tutor group",
    "year": "a year level",
    "whanau": "brothers, sisters and cousins",
    "place": "students who live near each other, or travel together",
    "language": "students of one community or language",
    "other": "another group",
}
SIZES = {"5": "up to 5 students", "15": "6 to 15 students", "40": "16 to 40 students", "more": "more than 40 students"}
REASONS = {
    "fell": "their attendance fell this term",
    "days": "they are away on the same days",
    "travel": "getting to school is hard",
    "safety": "they do not feel safe or welcome at school",
    "start": "they start at this school, or move on",
    "other": "a reason that we tell when you ring",
}
BAR = "|"


@dataclass(frozen=True)
class GroupAsked:
    """A school asks for support for a group. What was chosen is all there is, so what happened says it (`events`)."""

    id: int
    """Of the school."""
    group: str
    size: str
    reason: str

    @property
    def __tablename__(self) -> str:
        return BAR.join((self.group, self.size, self.reason))


def in_words(chosen: str) -> str:
    """Of what was kept: "a year level, 6 to 15 students: their attendance fell this term"."""
    group, size, reason = chosen.split(BAR)
    return f"{GROUPS[group]}, {SIZES[size]}: {REASONS[reason]}"
