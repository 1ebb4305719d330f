"""What is said when a contact was named (CASE-3)."""

from flask import g

from app.cases.contacts.queries import asked_for_roles
from app.core.db import AnyRow


def said_of_primary(now: AnyRow | None, was: AnyRow | None, *, is_new: bool) -> str:
    if now is None or not is_new:
        return "Nothing changed, and nobody was told."
    if was and was.id == now.id:
        return f"Kept how {now.name} is best reached. Nobody was told."
    if not now.has_role:
        return sees_nothing_yet(now.name)
    return f"{now.name} is the primary contact now{'; both are told' if was else ', and is told'}."


def sees_nothing_yet(name: str) -> str:
    givers = asked_for_roles(g.actor)
    asked = f"{givers} is asked to give them a role" if givers else "they have to be given a role at the school"
    return f"{name} is named. They see nothing yet: {asked}."
