"""What a comment may be."""

LONGEST = 10_000
TOO_LONG = f"This is longer than {LONGEST:,} characters. Shorten it, or add it in two parts."
