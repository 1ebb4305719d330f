"""Problems that people report, with what the page knows by itself (HELP-1)."""
