"""A Secret shows its name, whatever renders, copies or carries it."""

from __future__ import annotations

import copy
import json
import pickle
import pprint
import traceback
from collections.abc import Callable
from dataclasses import asdict, dataclass

import pytest

from runbook_lib.vault import Secret, SecretUnavailableError, Vault

VALUE = "S3cr3t-Value/with+signs="
SHORT = "problem"


@dataclass(frozen=True)
class Holder:
    user: str
    password: Secret


def _in_traceback(secret: Secret) -> str:
    try:
        raise ValueError(secret)
    except ValueError as exc:
        return "".join(traceback.format_exception(exc))


RENDERINGS: dict[str, Callable[[Secret], str]] = {
    "str": str,
    "repr": repr,
    "f-string": lambda s: f"{s}",
    "f-string with a width": lambda s: f"{s:>40}",
    "percent": lambda s: "%s %r" % (s, s),  # noqa: UP031
    "format method": "{0!r} {0}".format,
    "in a list": lambda s: str([s]),
    "pprint": lambda s: pprint.pformat({"password": s}),
    "json with default=str": lambda s: json.dumps({"password": s}, default=str),
    "dataclass repr": lambda s: repr(Holder("u", s)),
    "dataclasses.asdict": lambda s: repr(asdict(Holder("u", s))),
    "pickle": lambda s: repr(pickle.dumps(s)),
    "pickle of a holder": lambda s: repr(pickle.dumps(Holder("u", s))),
    "copy": lambda s: repr(copy.copy(s)),
    "deepcopy": lambda s: repr(copy.deepcopy(s)),
    "exception argument": _in_traceback,
}


@pytest.mark.parametrize("value", [VALUE, SHORT], ids=["long", "shorter than 8"])
@pytest.mark.parametrize("render", RENDERINGS.values(), ids=RENDERINGS.keys())
def test_no_rendering_shows_the_value(own_vault: Vault, render: Callable[[Secret], str], value: str) -> None:
    """Every way of turning a secret into text gives its name at most, for short values too."""
    secret = own_vault.register(value, "key")
    text = render(secret)
    assert value not in text
    assert "key #1" in text


def test_json_refuses_it(own_vault: Vault) -> None:
    """Plain JSON has no form for a secret, so a forgotten conversion is an error and not a leak."""
    with pytest.raises(TypeError, match="not JSON serializable"):
        json.dumps(own_vault.register(VALUE))


def test_reveal_gives_the_value_as_it_was_registered(own_vault: Vault) -> None:
    """The one way to the value gives it unchanged, as text and as bytes, UTF-8 or not."""
    assert own_vault.register(VALUE).reveal() == VALUE
    assert own_vault.register(b"\xff\xfe\x00binary").reveal_bytes() == b"\xff\xfe\x00binary"


def test_a_pickled_secret_has_lost_its_value(own_vault: Vault) -> None:
    """What reaches another process is the name; asking for the value there says where it stayed."""
    travelled = pickle.loads(pickle.dumps(own_vault.register(VALUE, "key")))
    assert str(travelled) == "«key #1»"
    with pytest.raises(SecretUnavailableError, match="key #1"):
        travelled.reveal()


def test_equality_is_by_value_and_only_among_secrets(own_vault: Vault) -> None:
    """Two vaults' secrets of one value are equal and hash alike; a plain string never equals a secret."""
    here, there = own_vault.register(VALUE), Vault().register(VALUE, "password")
    assert here == there
    assert hash(here) == hash(there)
    assert here != own_vault.register(VALUE + "x")
    assert here != VALUE


def test_it_is_frozen(own_vault: Vault) -> None:
    """Nothing can be set on or deleted from a secret, and it has no attribute dictionary to look into."""
    secret = own_vault.register(VALUE)
    with pytest.raises(AttributeError):
        secret.note = "x"
    with pytest.raises(AttributeError):
        del secret._value
    with pytest.raises(TypeError):
        vars(secret)
