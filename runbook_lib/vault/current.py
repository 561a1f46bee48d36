"""The vault of this process: one for all threads, so that no reader can register past a writer."""

from __future__ import annotations

from contextlib import AbstractContextManager

from runbook_lib.vault.store import Vault

_current = Vault()


def vault() -> Vault:
    """Gives the vault that everything in this process shares."""
    return _current


def use(replacement: Vault) -> AbstractContextManager[Vault]:
    """Puts `replacement` in place of the shared vault, at once; as a context manager, until its end."""
    global _current
    before, _current = _current, replacement
    return _Until(replacement, before)


class _Until(AbstractContextManager[Vault]):
    def __init__(self, now: Vault, before: Vault) -> None:
        self._now, self._before = now, before

    def __enter__(self) -> Vault:
        return self._now

    def __exit__(self, *_: object) -> None:
        global _current
        _current = self._before
