"""A case is put on hold for another reason than that the child is under six: asked for, and approved by a lead (CASE-7)."""
