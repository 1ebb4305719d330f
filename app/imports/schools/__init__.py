"""Services, catchments and schools."""
