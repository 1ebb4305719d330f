"""What was told to whom outside, and on what basis (PRIV-2)."""
