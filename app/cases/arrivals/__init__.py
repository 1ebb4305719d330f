"""A student who comes to another school with a case: when that school sees it (CASE-10)."""
