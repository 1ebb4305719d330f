"""What is made by chance spells a short name now and then, which is no leak of it."""

import re

TOKEN = re.compile(r"[\w.-]{12,}", re.ASCII)


def without_tokens(text: str) -> str:
    """A text without its tokens and random ids. No name or sentence that is looked for may hold so long a word."""
    return TOKEN.sub("", text)
