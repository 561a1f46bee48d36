"""A credential as a value that shows its name and never itself."""

from __future__ import annotations

import hmac
import secrets
from hashlib import blake2b
from typing import NoReturn

_HASH_KEY = secrets.token_bytes(32)


class SecretUnavailableError(Exception):
    """The value was not carried along: the secret has been pickled, and only its name travels."""


class Secret:
    """Holds one credential; everything that renders it renders its redaction name, such as «key #2».

    It is not a dataclass on purpose: `dataclasses.asdict` walks into dataclasses and copies what it finds,
    and this class hands it the same masked object back. Equality compares the values in constant time.
    """

    __slots__ = ("_digest", "_name", "_value")

    _name: str
    _value: str | None
    _digest: int

    def __init__(self, value: str, name: str) -> None:
        """Wraps `value` under `name` (without guillemets); `Vault.register` is the usual way to get one."""
        _set(self, "_name", name)
        _set(self, "_value", value)
        digest = blake2b(_as_bytes(value), key=_HASH_KEY, digest_size=8).digest()
        _set(self, "_digest", int.from_bytes(digest, "big"))

    @property
    def name(self) -> str:
        """The stable redaction name, such as `key #2`."""
        return self._name

    def reveal(self) -> str:
        """Gives the value itself, for the one call that sends it; bytes beyond UTF-8 come as surrogates.

        Raises `SecretUnavailableError` for a secret that came out of a pickle.
        """
        if self._value is None:
            raise SecretUnavailableError(f"the value of {self} stayed in the process that read it")
        return self._value

    def reveal_bytes(self) -> bytes:
        """Gives the value as the bytes that were registered. Raises as `reveal` does."""
        return _as_bytes(self.reveal())

    def __str__(self) -> str:
        return f"«{self._name}»"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        if self._value is None or other._value is None:
            return self is other
        return hmac.compare_digest(_as_bytes(self._value), _as_bytes(other._value))

    def __hash__(self) -> int:
        return self._digest

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a Secret is frozen")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a Secret is frozen")

    def __copy__(self) -> Secret:
        return self

    def __deepcopy__(self, memo: object) -> Secret:
        return self

    def __reduce__(self) -> tuple[object, ...]:
        return (_without_value, (self._name,))


def _without_value(name: str) -> Secret:
    secret = Secret("", name)
    _set(secret, "_value", None)
    return secret


def _as_bytes(value: str) -> bytes:
    try:
        return value.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a lone surrogate that no byte stands for
        return value.encode("utf-8", "surrogatepass")


_set = object.__setattr__
