"""Search by name: written when the portal's own page is there."""

from bench.floor.frame import Who, page


def found(who: Who, query: dict[str, list[str]]) -> str:
    return page(who, "Search", "")
