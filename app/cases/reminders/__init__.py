"""What is due, or has passed, tells whoever is to do something about it, once (P5, P7, CASE-8, CASE-9)."""
