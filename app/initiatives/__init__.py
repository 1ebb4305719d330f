"""What a service does for a school or a group rather than for one student (P15, MEAS-6)."""
