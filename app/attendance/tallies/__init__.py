"""Half-day marks as they are kept, and what they add up to in each term (ATT-1, ATT-2)."""
