"""The texts of letters, as their leads write them (LET-9): the same pages for a service and a school."""
