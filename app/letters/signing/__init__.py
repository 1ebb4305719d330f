"""A formal warning is signed off by a workflow lead before it is made (LET-2)."""
