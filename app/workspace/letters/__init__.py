"""A case’s letters: where each caregiver stands, one letter from its preview on, and what holds letters back."""

from app.workspace.letters import holds, ladder, letter, sending  # noqa: F401  (the imports add their pages)
