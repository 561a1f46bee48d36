"""TLS for a cluster, set up once: what a kubeconfig holds of keys is read, and its temporary files go at once.

The official client writes the certificates and the private key of a kubeconfig to temporary files, and removes
them when the interpreter ends. A kernel that is ended by force would leave them behind.
"""

from __future__ import annotations

import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from urllib3.util.ssl_ import create_urllib3_context

from runbook_lib.vault import vault

_one_at_a_time = threading.Lock()


@contextmanager
def without_files() -> Iterator[None]:
    """Removes the client's temporary files at the end of the block, in which connections are prepared."""
    from kubernetes.config import kube_config

    with _one_at_a_time:
        before = set(kube_config._temp_files)  # those of another client in this process are left alone
        try:
            yield
        finally:
            for content in set(kube_config._temp_files) - before:
                Path(kube_config._temp_files.pop(content)).unlink(missing_ok=True)


def tls_of(configuration: Any) -> ssl.SSLContext:
    """Returns the TLS settings of a client's configuration, with certificates and key already read.

    Raises OSError or ssl.SSLError for files that cannot be read or are no certificates.
    """
    verify = ssl.CERT_REQUIRED if configuration.verify_ssl else ssl.CERT_NONE
    context = create_urllib3_context(cert_reqs=verify)
    if configuration.verify_ssl and configuration.ssl_ca_cert:
        context.load_verify_locations(cafile=configuration.ssl_ca_cert)
    elif configuration.verify_ssl:
        context.load_default_certs()
    if configuration.cert_file:
        if configuration.key_file:
            vault().register_payload(Path(configuration.key_file).read_bytes(), "client key")
        context.load_cert_chain(configuration.cert_file, configuration.key_file)
    return context


def use_tls(client: Any, context: ssl.SSLContext) -> None:
    """Puts the settings in place of the files that the client's connections would read."""
    settings = client.rest_client.pool_manager.connection_pool_kw
    for name in ("ca_certs", "cert_file", "key_file"):
        settings.pop(name, None)
    settings["ssl_context"] = context
