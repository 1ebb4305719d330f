"""Files of a case: they hang on entries, and are seen by whoever may read the entry."""
