"""Students, where they are enrolled, and their caregivers."""
