"""How many files may hang on one thing (SHARE-6); and what is told of them."""

MOST = 20
TOO_MANY = f"There can be {MOST} files at most. Take one off first, or send the rest with another note."
INFECTED = "file.infected"
"""The event: a virus was found in a file, and the file was deleted."""
