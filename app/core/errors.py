"""What may go wrong inside a rule or an action; `core.web.errors` turns each into a page, once."""


class Refused(Exception):
    """The thing may be seen but not done: why, and who can. Becomes 403."""

    def __init__(self, why: str, who_can: str = "", *, roles: frozenset[str] = frozenset()) -> None:
        super().__init__(why)
        self.why = why
        self.who_can = who_can
        self.roles = roles
        """Those that include the page, where a role is enough."""


class Unseen(Exception):
    """The thing does not exist for this person. Becomes 404, whatever the cause."""


class Conflict(Exception):
    """Someone else changed it meanwhile; nothing was written. Becomes 409 with both versions named."""

    def __init__(self, text: str, heading: str = "Somebody was faster") -> None:
        super().__init__(text)
        self.heading = heading


def refuse_faulty(*faults: str) -> None:
    """Raises `Refused` with the first of these that says anything, as a sentence."""
    for fault in filter(None, faults):
        raise Refused(f"{fault}.")
