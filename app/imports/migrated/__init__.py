"""Cases that another system had (MEAS-5)."""
