"""The standard variables by which unmodified clients find the lab and trust it.

All spellings are set, and set over the user's own: a lower-case `no_proxy`, a SOCKS `ALL_PROXY` or a
directory of further certificates would each lead a client past the lab.
"""

from __future__ import annotations

PROXY_VARIABLES = ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy")
CA_VARIABLES = (
    "SSL_CERT_FILE",
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "GIT_SSL_CAINFO",
    "NODE_EXTRA_CA_CERTS",
)
NO_PROXY_VARIABLES = ("NO_PROXY", "no_proxy")
NO_PROXY = "127.0.0.1,localhost"


def client_environment(proxy_url: str, ca_file: str, ca_directory: str) -> dict[str, str]:
    """Returns the variables for a client: the proxy, the lab's authority and nothing else to trust.

    `ca_directory` becomes SSL_CERT_DIR: Python and Go add that directory to the file, so it must hold no
    other authority.
    """
    return {
        **dict.fromkeys(PROXY_VARIABLES, proxy_url),
        **dict.fromkeys(CA_VARIABLES, ca_file),
        "SSL_CERT_DIR": ca_directory,
        **dict.fromkeys(NO_PROXY_VARIABLES, NO_PROXY),
    }
