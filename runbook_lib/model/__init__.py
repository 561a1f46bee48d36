"""Values without I/O: what was read, what follows from it, and how the parts are wired."""
