"""Who holds which role at a school or a service (A2): the same pages for both."""
