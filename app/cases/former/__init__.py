"""A student has left the school: what the school goes on reading is what it wrote itself (CASE-10)."""
