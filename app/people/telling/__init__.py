"""How each person wants to be told (SHARE-7)."""
