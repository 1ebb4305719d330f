"""A workflow lead lets a letter be written out of its turn, or has a ladder begin again (LET-2)."""
