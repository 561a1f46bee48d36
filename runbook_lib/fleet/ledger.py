"""The folder of a fleet: one result file a cluster, written whole or not at all, so that a run can be resumed."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import msgspec

from runbook_lib.fleet.inventory import Place
from runbook_lib.fleet.result import Asked, ClusterResult, State, plain
from runbook_lib.model.problem import BadInput
from runbook_lib.vault import write_scrubbed


class Ledger:
    """Keeps results under `folder`: `clusters/NAME.json` and `reports/NAME/…`.

    Raises:
        BadInput: the folder cannot be made, or holds something else.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        if folder.exists() and not (folder / "clusters").is_dir() and (not folder.is_dir() or any(folder.iterdir())):
            raise BadInput(f"{folder} is there and is no folder of a fleet.", "Name another folder with --out.")
        try:
            (folder / "clusters").mkdir(parents=True, exist_ok=True)
            (folder / "reports").mkdir(exist_ok=True)
        except OSError as refused:
            raise BadInput(
                f"The fleet's folder {folder} cannot be made ({refused.strerror}).", "Name another with --out."
            ) from None

    def finished(self, asked: Asked) -> ClusterResult | None:
        """Returns the result of a cluster that was surveyed whole, and asked the same; else None."""
        try:
            kept = msgspec.json.decode(self._file(asked.place).read_bytes(), type=ClusterResult)
        except (OSError, msgspec.DecodeError):
            return None
        whole = kept.state is State.SURVEYED and kept.asks == asked.fingerprint
        return replace(kept, place=asked.place) if whole else None

    def keep(self, asked: Asked, answer: Mapping[str, Any]) -> ClusterResult:
        """Writes a cluster's reports, then its result: the result's file says that all of it is there."""
        result = replace(msgspec.convert(answer["result"], ClusterResult), place=asked.place)
        home = self.folder / "reports" / result.place.folder
        reports = tuple(
            replace(r, folder=f"reports/{result.place.folder}/{_plain_name(r.folder)}") for r in result.reports
        )
        result = replace(result, reports=reports)
        if reports or home.exists():
            draft = Path(tempfile.mkdtemp(prefix=f".{result.place.folder}-", dir=home.parent))
            for folder, files in answer["files"].items():
                (draft / _plain_name(folder)).mkdir()
                for name, text in files.items():
                    write_scrubbed(draft / _plain_name(folder) / _plain_name(name), text)
            shutil.rmtree(home, ignore_errors=True)
            draft.rename(home)
        text = msgspec.json.format(msgspec.json.encode(plain(result)), indent=1).decode() + "\n"
        write_scrubbed(self._file(result.place), text)
        return result

    def _file(self, place: Place) -> Path:
        return self.folder / "clusters" / f"{place.folder}.json"


def _plain_name(name: str) -> str:
    """Keeps what a worker sends inside the folder."""
    return Path(name).name or "unnamed"
