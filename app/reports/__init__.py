"""What a school sees of all its cases together (S7)."""
