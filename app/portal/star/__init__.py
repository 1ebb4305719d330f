"""STAR watch: who passed a step, what is done about it, and the same on paper (T3)."""

from app.portal.star import listing, papers, recording  # noqa: F401  (the imports add their pages to the portal)
