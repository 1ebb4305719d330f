"""What is recorded of a case that another system had."""

MIGRATED, REVIEWED = "case.migrated", "case.migrated_reviewed"
