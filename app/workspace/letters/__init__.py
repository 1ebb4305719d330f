"""A case’s letters: where each caregiver stands, one letter from its preview on, what holds letters back, and what leads rule."""

from app.workspace.letters import (  # noqa: F401  (the imports add their pages)
    batches,
    email,
    evidence,
    holds,
    ladder,
    letter,
    moving,
    rulings,
    schools,
    sending,
    signing,
)
