"""A kubeconfig as kubectl reads it, by the official client's loader without four of its habits.

That loader knows no `proxy-url`, renews an OpenID login over a connection whose certificate it does not verify, writes
the renewed login into the user's file, and prints what a login program says to the terminal as it is. Here nothing is
renewed and no file is written: kubectl does both, with the user's knowledge.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from runbook_lib.sources.cluster.plain import PlainContext, plain_context
from runbook_lib.sources.cluster.proxy import register_proxies, use_proxy
from runbook_lib.sources.yaml_text import load_yaml
from runbook_lib.vault import vault

_CREDENTIALS = {
    **dict.fromkeys(("token", "id-token", "access-token", "refresh-token"), "cluster token"),
    **dict.fromkeys(("password", "client-secret"), "cluster password"),
}


class LoginFailed(Exception):
    """The kubeconfig says how to log in, and that did not work; the message names how, and no credential."""


class Kubeconfig:
    """The merged files of a kubeconfig path.

    Raises any exception of a file that cannot be read: the client's reader knows no common one.
    """

    def __init__(self, path: str) -> None:
        self._path = path
        # the client's own reader takes minutes for deep nesting
        documents = [load_yaml(file.read_bytes()) for file in files_of(path) if file.is_file()]
        for document in documents:
            register_logins(document)
        self._document = documents[0] if len(documents) == 1 else None
        # the first file wins, as in kubectl
        self.current = next((str(c) for c in (_of(d, "current-context") for d in documents) if c), "")
        listed = _of(self._document, "contexts")
        if not isinstance(listed, list) or not all(isinstance(_of(c, "context"), Mapping) for c in listed):
            listed = [context.value for context in self._merged["contexts"]]
        self.contexts: dict[str, Mapping[str, Any]] = {str(c["name"]): c["context"] for c in listed}

    @cached_property
    def _merged(self) -> Any:
        from kubernetes.config.kube_config import KubeConfigMerger

        return KubeConfigMerger(self._path).config

    def plain(self, context: str) -> PlainContext | None:
        """Returns a context that can be used without the official client, or None."""
        return plain_context(self._document, context)

    def apply(self, context: str, configuration: Any) -> None:
        """Puts a context's server and login into the client's configuration.

        Raises LoginFailed, or any exception of a context that lacks something.
        """
        _loader()(config_dict=self._merged, active_context=context, config_base_path=None).load_and_set(configuration)


def files_of(path: str) -> list[Path]:
    """The files of a path as in KUBECONFIG."""
    return [Path(p).expanduser() for p in path.split(os.pathsep) if p]


def register_logins(document: object) -> None:
    """Tells the vault every credential of a kubeconfig, of contexts that are not used too."""
    users = _of(document, "users")
    for entry in users if isinstance(users, list) else ():
        user = _of(entry, "user")
        for section in (user, _of(_of(user, "auth-provider"), "config")):
            for key, label in _CREDENTIALS.items():
                if isinstance(value := _of(section, key), str):
                    vault().register(value, label)
    register_proxies(_of(document, "clusters"))


def _of(section: object, key: str) -> object:
    return section.get(key) if isinstance(section, Mapping) else None


def _loader() -> Any:
    from kubernetes.config import kube_config
    from kubernetes.config.exec_provider import ExecProvider

    class Loader(kube_config.KubeConfigLoader):  # type: ignore[misc]
        def load_and_set(self, client_configuration: Any) -> None:
            super().load_and_set(client_configuration)
            if address := self._cluster.safe_get("proxy-url"):
                use_proxy(client_configuration, str(address))

        def _refresh_oidc(self, _provider: Any) -> None:
            raise LoginFailed("its login has expired; kubectl renews it: run `kubectl get pods` once")

        def _load_from_exec_plugin(self) -> bool | None:
            if "exec" not in self._user:
                return None
            program = f"the program {self._user['exec'].safe_get('command')!s:.200} that gets the login"
            base = self._get_base_path(self._cluster.path)
            try:
                status = ExecProvider(self._user["exec"], base, self._cluster).run()
            except FileNotFoundError:
                raise LoginFailed(f"{program} is not there") from None
            except Exception:
                raise LoginFailed(f"{program} failed; run it, or `kubectl get pods`, to see why") from None
            parts = [_of(status, n) for n in ("token", "clientCertificateData", "clientKeyData")]
            token, certificate, key = (part if isinstance(part, str) else "" for part in parts)
            if not token and not (certificate and key):
                raise LoginFailed(f"{program} gave no login")
            if token:
                vault().register(token, "cluster token")
                self.token = f"Bearer {token}"
            else:
                vault().register_payload(key.encode(), "client key")
                self.cert_file, self.key_file = (
                    kube_config._create_temp_file_with_content(part) for part in (certificate, key)
                )
            self._note_end(_of(status, "expirationTimestamp"))
            return True

        def _note_end(self, end: object) -> None:
            if isinstance(end, str) and end:
                try:
                    self.expiry = kube_config.parse_rfc3339(end)
                except Exception:
                    raise LoginFailed("the program that gets the login says no time at which it ends") from None

    return Loader
