"""Getting one container's image onto the node, or saying why it waits."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from runbook_lib.lab.kubelet import history, image_name, keyring, phrases
from runbook_lib.lab.kubelet.failure import KeyringBroken, Pulled
from runbook_lib.lab.kubelet.happenings import Happening
from runbook_lib.lab.kubelet.history import Moments
from runbook_lib.lab.kubelet.image_name import ImageName
from runbook_lib.lab.kubelet.pull import Puller
from runbook_lib.lab.kubelet.wording import WORDS, Said

Obj = dict[str, Any]


@dataclass(frozen=True, slots=True)
class OnNode:
    """The image is there since `ready`; `digest` is empty where it was there before and nobody asked."""

    name: ImageName
    digest: str
    ready: datetime
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """The image is not there: reason and message of the container's waiting state."""

    reason: str
    message: str
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class Images:
    """The image side of one node's kubelet."""

    puller: Puller

    def ensure(
        self, container: Obj, path: str, secrets: Sequence[Mapping[str, Any]], start: datetime, now: datetime
    ) -> OnNode | Absent:
        """Sees to `container`'s image: there already, pulled, or absent; `start` is when the kubelet came to
        it.
        """
        image = str(container.get("image", ""))
        try:
            name = image_name.parse(image)
        except image_name.InvalidImageNameError as error:
            return _refused(
                path, "InspectFailed", "InvalidImageName", phrases.invalid_name(image, str(error)), start, now
            )
        policy = container.get("imagePullPolicy", "IfNotPresent")
        present = name.canonical in self.puller.node.images or image in self.puller.node.images
        if present and policy != "Always":
            message = f'Container image "{image}" already present on machine'
            return OnNode(name, "", start, (Happening("Normal", "Pulled", message, Moments(1, start, start), path),))
        if policy == "Never":
            return _refused(path, "ErrImageNeverPull", "ErrImageNeverPull", phrases.never_pulled(image), start, now)
        return self._pull(image, name, path, secrets, start, now)

    def _pull(
        self,
        image: str,
        name: ImageName,
        path: str,
        secrets: Sequence[Mapping[str, Any]],
        start: datetime,
        now: datetime,
    ) -> OnNode | Absent:
        began = time.monotonic()
        outcome, error = self._try_all(name, secrets)
        pulling = f'Pulling image "{image}"'
        if isinstance(outcome, Pulled):
            took = time.monotonic() - began + outcome.size / 40_000_000
            ready = start + timedelta(seconds=round(took))
            happened = (
                Happening("Normal", "Pulling", pulling, Moments(1, start, start), path),
                Happening(
                    "Normal",
                    "Pulled",
                    phrases.pulled(image, took, outcome.size),
                    Moments(1, ready, ready),
                    path,
                ),
            )
            return OnNode(name, outcome.digest, ready, happened)
        told = history.since(start, now)
        message = phrases.waiting_after_pull(image, outcome, error)
        happenings = [
            Happening("Normal", "Pulling", pulling, told.attempts, path),
            Happening("Warning", "Failed", phrases.failed_pull(image, error), told.attempts, path),
            Happening("Warning", "Failed", f"Error: {outcome.reason}", told.attempts, path),
        ]
        if told.held_back is not None:
            held = f'Back-off pulling image "{image}"'
            happenings += [
                Happening("Normal", "BackOff", held, told.held_back, path),
                Happening("Warning", "Failed", "Error: ImagePullBackOff", told.held_back, path),
            ]
        if not told.waits:
            return Absent(outcome.reason, message, tuple(happenings))
        held_message = phrases.waiting_in_back_off(self.puller.node, image, outcome.reason, message)
        return Absent("ImagePullBackOff", held_message, tuple(happenings))

    def _try_all(self, name: ImageName, secrets: Sequence[Mapping[str, Any]]) -> tuple[Pulled | Said, str]:
        """Tries every matching credential in turn, or none where none matches; with the kubelet's joined
        error.
        """
        say = WORDS[self.puller.node.runtime]
        try:
            credentials = keyring.build(secrets).lookup(name.repository)
        except keyring.KeyringError as error:
            said = say(name, KeyringBroken(str(error)))
            return said, said.text
        errors: list[str] = []
        said = Said("")
        for credential in credentials or (None,):
            outcome = self.puller.pull(name, credential)
            if isinstance(outcome, Pulled):
                return outcome, ""
            said = say(name, outcome)
            errors.append(phrases.runtime_error(self.puller.node, said))
        joined = phrases.aggregate(errors)
        special = said.reason if joined.startswith(said.reason) else "ErrImagePull"
        return Said(said.text, said.code, special), joined


def _refused(path: str, event: str, reason: str, message: str, start: datetime, now: datetime) -> Absent:
    looks = history.looks(start, now)
    return Absent(
        reason,
        message,
        (
            Happening("Warning", event, message, looks, path),
            Happening("Warning", "Failed", f"Error: {reason}", looks, path),
        ),
    )
