"""Files: kept as objects in a store, each with a row that says what it is, who brought it, and whether it was scanned."""
