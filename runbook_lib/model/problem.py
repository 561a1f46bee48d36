"""Bad input, told in one sentence: what is wrong, where, and what to do next."""

from __future__ import annotations


class BadInput(Exception):
    """Raised for input that no run can start from; the command line prints it and exits with 2."""

    def __init__(self, what: str, next_: str = "") -> None:
        super().__init__(what)
        self.what, self.next = what, next_

    def __str__(self) -> str:
        """Returns the sentence with the advice behind it."""
        return f"{self.what} {self.next}".strip()
