"""Letters: ladders, wording, facts, readiness, the PDF, and how it was sent."""
