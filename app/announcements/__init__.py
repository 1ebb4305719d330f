"""What is announced to roles, from and to a date, and what is known not to work (H2, H4)."""
