"""A note that somebody is writing: kept for them alone, with its files, until it is sent."""
