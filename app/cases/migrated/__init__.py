"""Cases that were brought from another system (MEAS-5)."""
