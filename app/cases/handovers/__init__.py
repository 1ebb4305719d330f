"""All that somebody has goes to others, with a written handover for each case (P12, CASE-9)."""
