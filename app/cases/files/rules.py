"""How many files may hang on one thing (SHARE-6)."""

MOST = 20
TOO_MANY = f"There can be {MOST} files at most. Take one off first, or send the rest with another note."
