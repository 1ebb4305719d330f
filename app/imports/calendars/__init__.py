"""What schools said of their terms and closed days, where the operator has it from them (CAL-3)."""
