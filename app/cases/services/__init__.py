"""The services that a school works with, how to reach them, and what it asks them for besides single students (S8)."""
