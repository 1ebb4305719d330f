"""What somebody takes along on a visit: one printed page (P16)."""
