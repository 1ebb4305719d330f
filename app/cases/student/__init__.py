"""The student of a case: who sees and changes the record, who their siblings are, and where else they are enrolled."""
