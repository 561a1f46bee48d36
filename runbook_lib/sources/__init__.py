"""Readers of the outside world: the only code that does I/O. Refusals are values."""
