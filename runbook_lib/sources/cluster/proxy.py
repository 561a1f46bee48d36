"""The proxy to one cluster: the kubeconfig's `proxy-url`, which the official client ignores, else the environment's."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from runbook_lib.vault import vault


class ProxyUnusable(Exception):
    """The kubeconfig names a proxy that cannot be used; the message says why, without its password."""


def use_proxy(configuration: Any, address: str) -> None:
    """Puts a cluster's own proxy into the client's configuration; as with kubectl, NO_PROXY has no say in it.

    Raises ProxyUnusable where it is no proxy that HTTP goes through.
    """
    try:
        parts = urlsplit(address)
        whole = bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if whole and parts.scheme.startswith("socks"):
        raise ProxyUnusable("its proxy-url is a SOCKS proxy, and only those of http and https are known")
    if not whole or parts.scheme not in ("http", "https"):
        raise ProxyUnusable("its proxy-url is no address that begins with http:// or https://")
    configuration.proxy, configuration.no_proxy = address, None


def log_in_to_proxy(configuration: Any) -> None:
    """Takes user and password out of the proxy's address, where the connection pool does not look for them."""
    parts = urlsplit(configuration.proxy or "")
    if parts.username is None:
        return
    register_proxy(configuration.proxy)
    login = unquote_to_bytes(parts.username) + b":" + unquote_to_bytes(parts.password or "")
    configuration.proxy_headers = {"proxy-authorization": f"Basic {b64encode(login).decode()}"}
    configuration.proxy = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def register_proxies(clusters: object) -> None:
    """Tells the vault the passwords in the proxies' addresses of a kubeconfig's clusters."""
    for entry in clusters if isinstance(clusters, list) else ():
        section = entry.get("cluster") if isinstance(entry, Mapping) else None
        address = section.get("proxy-url") if isinstance(section, Mapping) else None
        if isinstance(address, str):
            register_proxy(address)


def register_proxy(address: str) -> None:
    """Tells the vault the password in a proxy's address, as it stands there and as it is sent."""
    credentials, at, _ = address.rpartition("@")
    name, _, password = credentials.rpartition("://")[2].partition(":")
    if not at or not (name or password):
        return
    vault().register(password or name, "proxy password")  # a name alone is a token
    vault().register_pair(unquote(name), unquote(password), "proxy password")
