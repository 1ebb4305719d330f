"""Whether a PDF that somebody brings is a letter that was sent, unchanged (LET-6)."""
