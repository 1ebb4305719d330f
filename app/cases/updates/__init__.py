"""A school asks how it goes; what was shared with it last, and who is reminded where that is long ago (SHARE-4)."""
