"""Comments on a case: written for one audience, which may be changed later, with its trace."""
