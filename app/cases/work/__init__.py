"""What somebody is to do today, in order, and why (P2)."""
