"""Whatever comes in, a value or one sentence comes out; `python -m tests.trust.fuzz 10000` tries more."""

from __future__ import annotations

import io
import tarfile

import pytest

from runbook_lib.judge import Selectors, open_session
from runbook_lib.model.problem import BadInput

from . import hostile
from .fuzz import TARGETS, tried
from .runs import in_environment

IN_CI = 100


@pytest.mark.parametrize("target", TARGETS)
def test_hostile_input_never_raises(target):
    """Kubeconfigs, bundles, archives, parameters, secrets, answers of registries, IBM Cloud and clusters, error texts."""
    ends, firsts = tried(target, IN_CI)
    assert set(ends) <= {"value", "bad input"}, (ends, firsts)
    assert sum(ends.values()) == IN_CI


def archive(*members: tuple[str, bytes, str]) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as tar:
        for name, data, link in members:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = (tarfile.SYMTYPE, link) if link else (tarfile.REGTYPE, "")
            member.size = 0 if link else len(data)
            tar.addfile(member, None if link else io.BytesIO(data))
    return stream.getvalue()


def test_nothing_of_an_archive_is_written(tmp_path):
    """Members that climb out, absolute ones and links are not even looked at."""
    pod = b'{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "web", "namespace": "shop"}}'
    evil = [("../../evil.json", pod, ""), (f"{tmp_path}/evil.json", pod, ""), ("link.json", b"", "/etc/passwd")]
    path = tmp_path / "bundle.tar"
    path.write_bytes(archive(*evil, ("pods.json", pod.replace(b"web", b"good"), "")))
    with in_environment({}):
        session = open_session(Selectors(bundle=str(path), probe=False))
        names = {item["metadata"]["name"] for item in session.cluster.list("pods", "shop")}
    assert "good" in names
    assert [p.name for p in tmp_path.iterdir()] == ["bundle.tar"]


def test_links_in_a_folder_are_not_followed(tmp_path):
    """A folder from elsewhere may link to files of the reader's own machine."""
    outside = tmp_path / "outside.json"
    outside.write_text('{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "outside", "namespace": "shop"}}')
    folder = tmp_path / "bundle"
    folder.mkdir()
    (folder / "link.json").symlink_to(outside)
    with in_environment({}), pytest.raises(BadInput, match="no Kubernetes object"):
        open_session(Selectors(bundle=str(folder), probe=False))


@pytest.mark.parametrize("seed", range(4))
def test_a_yaml_bomb_is_told_at_once(tmp_path, seed):
    """A few lines that stand for ten billion values."""
    import random

    path = tmp_path / "bomb.yaml"
    path.write_bytes(hostile.bomb(random.Random(seed)))
    with in_environment({}), pytest.raises(BadInput, match="aliases"):
        open_session(Selectors(bundle=str(path), probe=False))


def test_a_star_that_is_no_alias_is_read(tmp_path):
    """`*.icr.io` in a text is not an alias."""
    path = tmp_path / "pods.yaml"
    path.write_text('kind: Pod\nmetadata: {name: web, namespace: shop, labels: {a: "*.icr.io", b: "x * y"}}\n')
    with in_environment({}):
        open_session(Selectors(bundle=str(path), probe=False))


ESCAPES = "\x1b]0;owned\x07\x1b[2J\x9b31m\u202e"


def harmful(text: str) -> list[str]:
    """The characters that would drive a terminal, or turn its text around, with what is before them."""
    bad = [n for n, c in enumerate(text) if (ord(c) < 32 and c not in "\n\t") or 127 <= ord(c) < 160 or c == "\u202e"]
    return [text[max(0, n - 20) : n + 1] for n in bad[:5]]


def bundle_with_escapes() -> str:
    import json

    image = f"us.icr.io/shop/{ESCAPES}web:1.0"
    message = f"Back-off {ESCAPES} pulling image: 401 Unauthorized {ESCAPES}"
    pod = {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {"name": f"web{ESCAPES}", "namespace": f"shop{ESCAPES}", "labels": {"a": ESCAPES}},
        "spec": {"containers": [{"name": f"app{ESCAPES}", "image": image}], "nodeName": ESCAPES},
        "status": {
            "phase": "Pending",
            "containerStatuses": [
                {"name": f"app{ESCAPES}", "state": {"waiting": {"reason": "ErrImagePull", "message": message}}}
            ],
        },
    }
    return json.dumps({"apiVersion": "v1", "kind": "List", "items": [pod]})


@pytest.mark.parametrize(
    "command",
    [
        ["diagnose", "--bundle", "FILE"],
        ["diagnose", "--bundle", "FILE", "--format", "json"],
        ["diagnose", "--bundle", "FILE", "--pod", f"no{ESCAPES}such"],
        ["diagnose", "--bundle", f"no-such{ESCAPES}"],
        ["triage", "--bundle", "FILE"],
        ["triage", "--bundle", "FILE", "--format", "json"],
        ["explain", f"Failed to pull image {ESCAPES}: 401 Unauthorized"],
        ["explain", "--format", "json", f"Failed to pull image {ESCAPES}: 401 Unauthorized"],
        ["cause", f"no{ESCAPES}such"],
        ["collect", "--kubeconfig", f"no{ESCAPES}such"],
        ["access", "--kubeconfig", f"no{ESCAPES}such"],
    ],
    ids=lambda c: " ".join(c).replace(ESCAPES, "…"),
)
def test_no_terminal_escape_reaches_a_terminal(tmp_path, command, capfd):
    """Names and messages come from whoever may create a pod; the command's own words too, as they are repeated."""
    import sys
    from unittest.mock import patch

    from runbook_lib.cli import main

    path = tmp_path / "pods.json"
    path.write_text(bundle_with_escapes())
    arguments = [str(path) if word == "FILE" else word for word in command]
    with in_environment({}), patch.object(sys, "argv", ["runbook", *arguments]), pytest.raises(SystemExit):
        main()
    shown = capfd.readouterr()
    assert shown.out + shown.err
    assert harmful(shown.out) == []
    assert harmful(shown.err) == []


def test_the_pods_to_choose_from_are_shown_without_escapes(tmp_path, capfd):
    """Several failing workloads are told as a list, with their names."""
    import json
    import sys
    from unittest.mock import patch

    from runbook_lib.cli import main

    document = json.loads(bundle_with_escapes())
    twin = json.loads(bundle_with_escapes())["items"][0]
    twin["metadata"]["name"] = f"api{ESCAPES}"
    path = tmp_path / "pods.json"
    path.write_text(json.dumps({**document, "items": [*document["items"], twin]}))
    arguments = ["runbook", "diagnose", "--bundle", str(path)]
    with in_environment({}), patch.object(sys, "argv", arguments), pytest.raises(SystemExit):
        main()
    told = capfd.readouterr().err
    assert "name one" in told
    assert harmful(told) == []
