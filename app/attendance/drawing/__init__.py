"""Half-day marks as pictures, each with a table of the same facts (T4)."""
