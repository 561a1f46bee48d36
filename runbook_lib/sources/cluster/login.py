"""Opens a cluster: a kubeconfig's context, or the service account of the pod that this runs in."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from runbook_lib.model.problem import BadInput
from runbook_lib.sources.budget import TimeBudget
from runbook_lib.sources.cluster.connection import Connection
from runbook_lib.sources.cluster.kubeconfig import Kubeconfig, LoginFailed, files_of
from runbook_lib.sources.cluster.live import LiveCluster
from runbook_lib.sources.cluster.official import official_connection
from runbook_lib.sources.cluster.proxy import ProxyUnusable
from runbook_lib.sources.yaml_text import flaw_in

_HOW = "Log in to the cluster (`oc login`), or name a file with --kubeconfig or saved evidence with --bundle."
_LOGIN = "Log in to the cluster again, so that the context names a server and a user."


def open_cluster(
    *, context: str = "", kubeconfig: str = "", impersonate: str = "", budget: TimeBudget | None = None
) -> LiveCluster:
    """Prepares the connection; nothing is sent yet.

    Args:
        context: the kubeconfig context; the current one where empty.
        kubeconfig: a file (or several, as in KUBECONFIG); the environment's, then ~/.kube/config where empty.
        impersonate: the user of `--as`.
        budget: the time that the whole run may wait for answers; a new one where None.

    Raises:
        BadInput: no kubeconfig, one that cannot be read, or a context that it does not hold.
    """
    path = _found(context, kubeconfig)
    if not path:
        return _in_cluster(impersonate, budget)
    read = _read(path)
    chosen, details = _chosen(read, path, context)
    try:
        connection = _connection(read, chosen, impersonate)
        name, namespace = str(details.get("cluster") or ""), str(details.get("namespace") or "default")
    except ProxyUnusable as unusable:
        raise BadInput(f"The context {chosen!r} of {path} cannot be used: {unusable}.", "Mend it there.") from None
    except LoginFailed as failed:
        raise BadInput(f"The context {chosen!r} of {path} cannot be used: {failed}.", _LOGIN) from None
    except Exception as unusable:
        raise BadInput(
            f"The context {chosen!r} of {path} cannot be used ({type(unusable).__name__}).", _LOGIN
        ) from None
    return LiveCluster(connection, name=name, context=chosen, default_namespace=namespace, budget=budget)


def check_context(*, context: str = "", kubeconfig: str = "") -> None:
    """Checks that there is a context, without logging in: a program that does may ask somebody, and only once.

    Raises:
        BadInput: no kubeconfig, one that cannot be read, or a context that it does not hold.
    """
    if path := _found(context, kubeconfig):
        _chosen(_read(path), path, context)


def _found(context: str, kubeconfig: str) -> str:
    """The path of the kubeconfig; empty in a pod that has a service account and no kubeconfig."""
    path = kubeconfig or os.environ.get("KUBECONFIG") or str(Path("~/.kube/config").expanduser())
    if any(f.is_file() for f in files_of(path)):
        return path
    if not kubeconfig and not context and "KUBERNETES_SERVICE_HOST" in os.environ:
        return ""
    raise BadInput(f"No kubeconfig at {path}.", _HOW)


def _read(path: str) -> Kubeconfig:
    try:
        return Kubeconfig(path)
    except Exception as unreadable:
        raise BadInput(
            f"The kubeconfig {path} cannot be read ({flaw_in(unreadable)}).",
            "Check that it is the YAML that `oc login` or `ibmcloud oc cluster config` writes.",
        ) from None


def _chosen(read: Kubeconfig, path: str, context: str) -> tuple[str, Mapping[str, Any]]:
    """The context's name and its section."""
    if not read.contexts:
        raise BadInput(f"The kubeconfig {path} cannot be used: it holds no context.", _LOGIN)
    there = f"It has: {', '.join(read.contexts)}."
    chosen = context or read.current
    if not chosen:
        raise BadInput(f"The kubeconfig {path} has no current context.", f"Name one with --context. {there}")
    if chosen not in read.contexts:
        raise BadInput(f"The kubeconfig {path} has no context {chosen!r}.", there)
    return chosen, read.contexts[chosen]


def _connection(read: Kubeconfig, context: str, impersonate: str) -> Connection:
    if plain := read.plain(context):
        return Connection(plain.server, plain.pool(), plain.authorization, impersonate, is_plain=True)
    return official_connection(lambda configuration: read.apply(context, configuration), impersonate)


def _in_cluster(impersonate: str, budget: TimeBudget | None) -> LiveCluster:
    def configure(configuration: Any) -> None:
        from kubernetes import config

        config.load_incluster_config(client_configuration=configuration)

    folder = Path("/var/run/secrets/kubernetes.io/serviceaccount")
    try:
        connection = official_connection(configure, impersonate)
        namespace = folder / "namespace"
        here = namespace.read_text().strip() if namespace.is_file() else "default"
    except Exception as unusable:
        raise BadInput(
            f"There is no kubeconfig, and this pod's service account cannot be used ({type(unusable).__name__}).",
            f"Check that the pod has a token in {folder}, or name a kubeconfig with --kubeconfig.",
        ) from None
    return LiveCluster(connection, name="in-cluster", default_namespace=here, budget=budget)
