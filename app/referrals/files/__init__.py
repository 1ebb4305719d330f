"""Files that a school puts with its request; once it is sent they hang on the case too."""
