"""`flask demo`: a whole invented country, the same for the same seed and day, to see what the portal carries."""
