"""Finds the operator's login to IBM Cloud: a key in the environment, or the session of the `ibmcloud` CLI.

It is never a parameter of a notebook or a command, so that no saved notebook, process list or history holds
it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud.failure import LOGIN_AGAIN
from runbook_lib.sources.ibmcloud.token import Token, token_of
from runbook_lib.vault import Secret, vault

WHAT = "the IBM Cloud login"
KEY_VARIABLES = ("IBMCLOUD_API_KEY", "IC_API_KEY", "BLUEMIX_API_KEY")
_REMEDY = "Set IBMCLOUD_API_KEY, or run `ibmcloud login`; the account is then read, never changed."
_SIZE_LIMIT = 4 * 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Login:
    """A way in: an API key, or a token of the CLI's session. `source` says where it was found."""

    source: str
    key: Secret | None = None
    token: Token | None = None
    region: str = ""


class _CliConfig(msgspec.Struct):
    IAMToken: str = ""
    IAMRefreshToken: str = ""
    UAAToken: str = ""
    UAARefreshToken: str = ""
    Region: str = ""


def find_login(environ: Mapping[str, str], home: Path, *, now: float | None = None) -> Login | Unavailable:
    """Returns the login that the `ibmcloud` CLI itself would use: a key in the environment goes first.

    Args:
        environ: the process's environment.
        home: the user's home directory, where the CLI keeps its session.
        now: seconds since 1970, to tell whether the session has expired; the clock's where None.
    """
    for name in KEY_VARIABLES:
        if key := environ.get(name, "").strip():
            return Login(f"the variable {name}", key=vault().register(key, "key"))
    path = _config_directory(environ, home) / "config.json"
    try:
        if path.stat().st_size > _SIZE_LIMIT:
            return Unavailable(WHAT, Why.NO_LOGIN, f"{path} is too large for the CLI's session", _REMEDY)
        text = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return Unavailable(WHAT, Why.NO_LOGIN, "no API key in the environment, and no session of the CLI", _REMEDY)
    except OSError as unreadable:
        return Unavailable(WHAT, Why.NO_LOGIN, f"{path} cannot be read ({type(unreadable).__name__})", _REMEDY)
    return _from_session(text, path, time.time() if now is None else now)


def _config_directory(environ: Mapping[str, str], home: Path) -> Path:
    """Finds the CLI's directory as the CLI does."""
    if directory := environ.get("IBMCLOUD_CONFIG_HOME"):
        return Path(directory)
    for name in ("IBMCLOUD_HOME", "BLUEMIX_HOME"):
        if directory := environ.get(name):
            return Path(directory) / ".bluemix"
    return home / ".ibmcloud" if (home / ".ibmcloud").is_dir() else home / ".bluemix"


def _from_session(text: bytes, path: Path, now: float) -> Login | Unavailable:
    try:
        config = msgspec.json.decode(text, type=_CliConfig)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return Unavailable(WHAT, Why.NO_LOGIN, f"{path} is not the CLI's session file", _REMEDY)
    for value in (config.IAMRefreshToken, config.UAAToken, config.UAARefreshToken):
        if value:
            vault().register(value.removeprefix("Bearer ").strip(), "token")
    bare = config.IAMToken.removeprefix("Bearer ").removeprefix("bearer ").strip()
    if not bare:
        return Unavailable(WHAT, Why.NO_LOGIN, f"{path} holds no login", _REMEDY)
    token = token_of(bare)
    if token is None:
        return Unavailable(WHAT, Why.NO_LOGIN, f"{path} holds a token that cannot be read", _REMEDY)
    if token.has_expired(now):
        return Unavailable(WHAT, Why.UNAUTHENTICATED, "the session of the `ibmcloud` CLI has expired", LOGIN_AGAIN)
    return Login("the session of the `ibmcloud` CLI", token=token, region=config.Region)
