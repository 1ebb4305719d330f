"""What somebody is to do on a case, by when."""
