"""A service in a school refers a case on to the provider of the catchment (CASE-11)."""
