"""The access log of a case (V1)."""
