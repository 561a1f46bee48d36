"""Hostile inputs: valid documents with something wrong in them, as strategies of hypothesis."""

from __future__ import annotations

import copy
import io
import json
import random
import tarfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import strategies as st

EVIDENCE = Path(__file__).parents[1] / "evidence"
NASTY_TEXTS = (
    "",
    "\x1b]0;title\x07\x1b[2J",
    "\x9b31m",
    "a" * 5000,
    "\u202egnp.exe",
    "\ud800",
    "\0",
    "%s%n{}",
    "../../etc/passwd",
    "\u0130\ufdfa",
    "<script>alert(1)</script>",
    "`rm -rf ~`",
    "null",
    "1e999",
    "0x7f",
    "=cmd|' /C calc'!A0",
    "«key #1»",
    "us.icr.io/shop/web@sha256:" + "0" * 63,
    "http://[::1",
    "https://user:password@host/",
    "eyJ" + "A" * 200,
)
NASTY_LEAVES: tuple[Any, ...] = (
    *NASTY_TEXTS,
    None,
    True,
    0,
    -1,
    2**63,
    10**400,
    1.5,
    1e308,
    float("inf"),
    [],
    {},
    [None],
    [[]],
    {"": ""},
    [{}],
    {"name": {"name": {}}},
    ["x"] * 300,
)

texts = st.one_of(st.sampled_from(NASTY_TEXTS), st.text(max_size=60))
leaves = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), texts, st.sampled_from([10**30, -(10**400)]))
trees = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4), max_leaves=20
)
randoms = st.integers(0, 2**64 - 1).map(random.Random)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a JSON value, as a path."""
    found = [path]
    if isinstance(value, dict):
        for key, item in value.items():
            found += places(item, (*path, key))
    if isinstance(value, list):
        for at, item in enumerate(value):
            found += places(item, (*path, at))
    return found


def mutated(document: Any, rng: random.Random, most: int = 4) -> Any:
    """A copy with a few places replaced, dropped, or wrapped in something else."""
    value = copy.deepcopy(document)
    for _ in range(rng.randint(1, most)):
        path = rng.choice(places(value))
        leaf = copy.deepcopy(rng.choice(NASTY_LEAVES))
        if not path:
            if rng.random() < 0.05:
                value = leaf
            continue
        node = value
        for step in path[:-1]:
            node = node[step]
        kind = rng.random()
        if kind < 0.6:
            node[path[-1]] = leaf
        elif kind < 0.8:
            del node[path[-1]]
        elif kind < 0.9:
            node[path[-1]] = [node[path[-1]]]
        else:
            node[path[-1]] = {"name": node[path[-1]]}
    return value


def garbled(data: bytes, rng: random.Random) -> bytes:
    """A text cut, doubled, with bytes changed, or nested without end."""
    kind = rng.random()
    at = rng.randrange(len(data) + 1)
    if kind < 0.3:
        return data[:at]
    if kind < 0.5:
        return data[:at] + bytes(rng.randrange(256) for _ in range(rng.randint(1, 8))) + data[at:]
    if kind < 0.6:
        return b"[" * 4_000 + data
    if kind < 0.65:
        return b'{"a":' * 4_000 + b"1" + b"}" * 4_000
    if kind < 0.7:
        return data[:at] + b"9" * 6000 + data[at:]
    if kind < 0.8:
        return data.replace(b'"name"', b'"name": "twice", "name"')
    return data


def as_json(value: Any) -> bytes:
    """JSON as lenient writers make it: with NaN, lone surrogates and huge numbers."""
    return json.dumps(value, ensure_ascii=True).encode()


def evidence() -> list[Any]:
    """The recorded clusters, each cut to a few objects so that a mutation hits something that matters."""
    whole = [json.loads(p.read_text("utf-8")) for p in sorted(EVIDENCE.glob("[a-z]*-*.json"))]
    return [document for document in whole if isinstance(document, dict) and document.get("items")]


def bomb(rng: random.Random) -> bytes:
    """YAML in which a few lines stand for a billion values, in some place of a pod."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 10)]
    place = rng.choice(["metadata: {name: web, labels: *a9}", "metadata: {name: *a9}", "status: *a9", "spec: {x: *a9}"])
    return "\n".join(["apiVersion: v1", "kind: Pod", *lines, place]).encode()


def as_yaml(value: Any, rng: random.Random) -> bytes:
    """YAML of a JSON value; now and then a bomb, or tags that would make objects."""
    kind = rng.random()
    if kind < 0.1:
        return bomb(rng)
    if kind < 0.15:
        return b"!!python/object/apply:os.system ['echo trap']"
    try:
        dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
        return str(yaml.dump(value, Dumper=dumper, allow_unicode=True)).encode("utf-8", "surrogatepass")
    except (yaml.YAMLError, UnicodeError):
        return as_json(value)


def tar_of(documents: list[bytes], rng: random.Random) -> bytes:
    """A tar with members that point out of it: absolute, with .., links, devices, lying sizes, cut short."""
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz" if rng.random() < 0.3 else "w") as archive:
        for number, data in enumerate(documents):
            name = rng.choice(
                [
                    "namespaces/shop/core/pods.yaml",
                    "../../../tmp/escaped.json",
                    "/tmp/absolute.json",
                    "a.json",
                    "x/" * 60 + "b.json",
                    "namespaces/shop/core/secrets.yaml",
                    "\x1b[2J.json",
                    f"{number}.yaml",
                ]
            )
            member = tarfile.TarInfo(name)
            member.type = rng.choice(
                [tarfile.REGTYPE] * 6 + [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE, tarfile.CHRTYPE]
            )
            member.linkname = rng.choice(["/etc/passwd", "../../x", "a.json"])
            member.size = len(data) if member.isreg() else 0
            archive.addfile(member, io.BytesIO(data) if member.isreg() else None)
    whole = stream.getvalue()
    return whole[: rng.randrange(len(whole) + 1)] if rng.random() < 0.3 else whole
