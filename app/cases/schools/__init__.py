"""The schools of a service, and its cases there (P19)."""
