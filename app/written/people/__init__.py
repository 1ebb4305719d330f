"""Who holds which role at a school, a service or the Ministry (A2): the same pages for all."""
