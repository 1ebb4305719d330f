"""Many letters at once: chosen by a rule, looked through, made in the background, printed in posting order, undone (L6)."""
