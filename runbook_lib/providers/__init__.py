"""One provider a reading: how each frozen type is made from the sources, or from other readings."""

from runbook_lib.model.wiring import Provider
from runbook_lib.providers import account, failure, pod, probe, secrets

PROVIDERS: dict[type, Provider] = {
    p.reading: p for p in (*pod.PROVIDERS, *failure.PROVIDERS, *secrets.PROVIDERS, *probe.PROVIDERS, *account.PROVIDERS)
}

__all__ = ["PROVIDERS"]
