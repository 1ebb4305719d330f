"""The texts of letters as an organisation has them, version by version and by language (LET-9)."""
