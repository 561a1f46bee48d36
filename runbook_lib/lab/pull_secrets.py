"""Pull secrets as the tools write them, from entries that name a key instead of holding it."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any

KEY_OF_TYPE = {"kubernetes.io/dockercfg": ".dockercfg"}
LAYOUTS = ("auths", "bare")


def secret_data(
    kind: str, entries: Mapping[str, Any], key_value: Callable[[str], str], layout: str = ""
) -> dict[str, str]:
    """Gives the `data` of a pull secret of type `kind`, with all fields of an entry that kubectl writes.

    `layout` puts the hosts under "auths" or leaves them bare, where that is not what the type asks for.
    """
    hosts = {host: entry_of(entry, key_value) for host, entry in entries.items()}
    key = KEY_OF_TYPE.get(kind, ".dockerconfigjson")
    bare = layout == "bare" or (not layout and key == ".dockercfg")
    content = hosts if bare else {"auths": hosts}
    return {key: base64.b64encode(json.dumps(content).encode()).decode()}


def entry_of(entry: Mapping[str, Any], key_value: Callable[[str], str]) -> dict[str, str]:
    """Gives one host's entry: a literal `auth` as it stands, otherwise all three fields."""
    if "auth" in entry:
        return {key: str(value) for key, value in entry.items()}
    username = str(entry.get("username", "iamapikey"))
    password = key_value(str(entry["key"])) if "key" in entry else str(entry.get("password", ""))
    auth = base64.b64encode(f"{username}:{password}".encode()).decode()
    return {"username": username, "password": password, "email": "a@b.c", "auth": auth}
