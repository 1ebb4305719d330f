"""STAR watch: who passed 5, 10 and 15 days absent, and what the school did about it (ATT-5, T3)."""
