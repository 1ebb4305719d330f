"""What the school has done already, taken over from its own list (R9)."""
