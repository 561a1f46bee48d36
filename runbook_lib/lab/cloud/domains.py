"""The host names of IBM Cloud Container Registry: regional, global, private and former ones.

Several names reach one registry: `us.icr.io`, `private.us.icr.io` and `registry.ng.bluemix.net` are the same;
the state keeps it under the first. The region of IAM policies is another word again (`us-south`). Source: the
product's region tables and its pages on domain names.
"""

from __future__ import annotations

from dataclasses import dataclass

GLOBAL = "icr.io"
ENTITLED = "cp.icr.io"

REGIONS = {
    "us.icr.io": "us-south",
    "uk.icr.io": "eu-gb",
    "de.icr.io": "eu-de",
    "jp.icr.io": "jp-tok",
    "jp2.icr.io": "jp-osa",
    "au.icr.io": "au-syd",
    "ca.icr.io": "ca-tor",
    "ca2.icr.io": "ca-mon",
    "br.icr.io": "br-sao",
    "es.icr.io": "eu-es",
    "fr2.icr.io": "eu-fr2",
    "in.icr.io": "in-che",
    "in2.icr.io": "in-mum",
    GLOBAL: "global",
    ENTITLED: "global",
}

POLICY_ALIASES = {"uk-south": "eu-gb", "eu-central": "eu-de", "ap-north": "jp-tok", "ap-south": "au-syd"}

FORMER_NAMES = {
    "registry.bluemix.net": GLOBAL,
    "registry.ng.bluemix.net": "us.icr.io",
    "registry.eu-gb.bluemix.net": "uk.icr.io",
    "registry.eu-de.bluemix.net": "de.icr.io",
    "registry.au-syd.bluemix.net": "au.icr.io",
}


@dataclass(frozen=True, slots=True)
class Domain:
    """Which registry a host name reaches: its canonical `host`, its `region` in policies, over which
    network.
    """

    host: str
    region: str
    private: bool = False
    former: bool = False


def domain_of(host: str) -> Domain | None:
    """Returns the registry that a host name reaches; None for a name that is not IBM's registry."""
    former = FORMER_NAMES.get(host)
    if former:
        return Domain(former, REGIONS[former], former=True)
    private = host.startswith("private.")
    name = host.removeprefix("private.")
    return Domain(name, REGIONS[name], private) if name in REGIONS else None


def canonical(host: str) -> str:
    """Returns the name under which the lab keeps the registry of `host`; other names as they are."""
    domain = domain_of(host)
    return domain.host if domain else host
