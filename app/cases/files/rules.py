"""How many files may hang on one thing (SHARE-6); and what is told of them."""

from app.core.figures import counted

INFECTED = "file.infected"
"""The event: a virus was found in a file, and the file was deleted."""


def too_many(most: int) -> str:
    return f"There can be {counted(most, 'file')} at most. Take one off first, or send the rest with another note."
