"""What becomes of a case: which changes of its status are possible, and a page for each (CASE-2)."""

from app.workspace.statuses import declining, pages  # noqa: F401  (the import adds their pages)
