"""Two records that may be one student: put to the lead of the service (REQ-10)."""
