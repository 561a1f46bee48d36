"""Tables and metadata-only forms, which clients ask for in the Accept header; kubectl always prints from a
Table.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from .columns import LAYOUTS, PLAIN
from .resources import Resource
from .storage import Stored

Obj = dict[str, Any]


def partial(stored: Stored) -> Obj:
    """The object's metadata alone, as `PartialObjectMetadata`."""
    return {
        "kind": "PartialObjectMetadata",
        "apiVersion": "meta.k8s.io/v1",
        "metadata": stored.obj["metadata"],
    }


def table(
    resource: Resource,
    items: Sequence[Stored],
    now: datetime,
    metadata: Obj,
    include: str,
    headers: bool = True,
) -> Obj:
    """The Table of objects; `include` is `Metadata` (the default), `Object` or `None`, as `includeObject`
    says.
    """
    layout = LAYOUTS.get(resource.plural, PLAIN)
    rows = []
    for stored in items:
        row: Obj = {"cells": layout.cells(stored.obj, now)}
        if include != "None":
            row["object"] = msgspec.Raw(stored.full) if include == "Object" else partial(stored)
        rows.append(row)
    result: Obj = {"kind": "Table", "apiVersion": "meta.k8s.io/v1", "metadata": metadata}
    return {**result, "columnDefinitions": layout.definitions() if headers else None, "rows": rows}
