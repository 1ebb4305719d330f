"""On which line of a TOML file something stands; the parser of the standard library does not say."""

import re

HEADER = re.compile(r"\s*\[\[\s*(rule|\"rule\"|'rule')\s*\]\]")


def line_of(text: str, rule: int, key: str = "") -> int:
    """The line of this key in the rule with this number (from 0), or of the rule's own header."""
    lines = text.splitlines()
    headers = [number for number, line in enumerate(lines, 1) if HEADER.match(line)]
    if rule >= len(headers):
        return 1
    start = headers[rule]
    end = headers[rule + 1] if rule + 1 < len(headers) else len(lines) + 1
    named = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=")
    found = (number for number in range(start + 1, end) if named.match(lines[number - 1]))
    return next(found, start) if key else start
