"""What a term is called (ATT-2)."""


def term_words(code: int) -> str:
    """20264 is "Term 4 of 2026"."""
    year, number = divmod(code, 10)
    return f"Term {number} of {year}"
