"""The cloud's state with its answers: the value that scenarios load and the services serve."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from runbook_lib.lab.cloud import decision
from runbook_lib.lab.cloud.decision import Decision
from runbook_lib.lab.cloud.directory import Directory, Identity
from runbook_lib.lab.cloud.state import CloudData, parse

BASE_FILE = Path(__file__).with_name("base.yaml")


class CloudState:
    """The lab's IBM Cloud: its data, its secrets by name, and its own judgement of who may pull what."""

    def __init__(self, data: CloudData) -> None:
        self.data = data
        self.directory = Directory(data)

    @classmethod
    def load(cls, source: dict[str, Any] | str | Path) -> CloudState:
        """Returns the state written in a dictionary or a YAML file, whose `cloud` section counts where there
        is one.

        Raises msgspec.ValidationError with the place of what does not fit.
        """
        data = source if isinstance(source, dict) else yaml.safe_load(Path(source).read_text("utf-8"))
        return cls(parse(data.get("cloud", {}) if {"cloud", "registries"} & set(data) else data))

    def key_value(self, name: str) -> str:
        """Returns the secret of the API key, entitlement key or registry token of this name; raises
        KeyError.
        """
        return self.directory.key_value(name)

    def key_names(self) -> tuple[str, ...]:
        """Returns the names of all secrets."""
        return (*self.data.api_keys, *self.data.entitlements, *self.data.registry_tokens)

    def may_pull(self, identity: Identity | str | None, host: str, namespace: str) -> Decision:
        """Returns whether somebody (an identity, its name, or None for nobody) may pull from a namespace, and
        why.
        """
        who = self.directory.identities[identity] if isinstance(identity, str) else identity
        return decision.may_pull(self.directory, who, host, namespace)
