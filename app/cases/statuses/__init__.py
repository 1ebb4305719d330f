"""A case moves along CASE-2, with what each change demands."""
