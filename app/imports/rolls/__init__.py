"""Who is enrolled at a school, as its own system says (CAL-5)."""
