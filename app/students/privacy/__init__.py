"""Whether the whānau was given the privacy statement (PRIV-5)."""
