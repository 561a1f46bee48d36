"""Saved evidence reads like a cluster, and is honest about what was not collected."""

import base64
import io
import json
import os
import tarfile
import threading

import pytest
import yaml

from runbook_lib.model.problem import BadInput
from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.bundle import open_bundle, opening
from runbook_lib.sources.bundle.evidence import COLLECTION_KIND


def pod(name="web", namespace="shop"):
    return {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": name, "namespace": namespace}}


def secret(name="all-icr-io", namespace="shop"):
    value = base64.b64encode(b'{"auths":{}}').decode()
    return {
        "apiVersion": "v1",
        "kind": "Secret",
        "type": "kubernetes.io/dockerconfigjson",
        "metadata": {"name": name, "namespace": namespace},
        "data": {".dockerconfigjson": value},
    }


def as_list(*items):
    return {"apiVersion": "v1", "kind": "List", "items": list(items)}


def bundle(tmp_path, content, name="b.json"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return open_bundle(str(path))


def why(value):
    assert isinstance(value, Unavailable)
    return value.why


class TestWhatIsRead:
    @pytest.mark.parametrize(
        "content",
        [
            json.dumps(as_list(pod())).encode(),
            yaml.safe_dump(as_list(pod())).encode(),
            json.dumps({"kind": "PodList", "items": [{"metadata": {"name": "web", "namespace": "shop"}}]}).encode(),
            json.dumps(pod()).encode(),
            json.dumps([pod()]).encode(),
            (yaml.safe_dump(pod()) + "---\n" + yaml.safe_dump(pod("other"))).encode(),
            b"\xef\xbb\xbf" + json.dumps(as_list(pod())).encode(),
        ],
        ids=["list", "yaml", "podlist", "one object", "array", "documents", "byte order mark"],
    )
    def test_every_form_that_kubectl_writes(self, tmp_path, content):
        found = bundle(tmp_path, content).get("pods", "shop", "web")
        assert not isinstance(found, Unavailable)

    def test_several_files_of_a_folder_are_one_bundle(self, tmp_path):
        (tmp_path / "pods.json").write_text(json.dumps(as_list(pod())))
        (tmp_path / "secrets.yaml").write_text(yaml.safe_dump(as_list(secret())))
        opened = open_bundle(str(tmp_path))
        assert not isinstance(opened.get("pods", "shop", "web"), Unavailable)
        assert not isinstance(opened.get("secrets", "shop", "all-icr-io"), Unavailable)

    def test_a_compressed_tar_of_a_must_gather_is_read_where_it_lies(self, tmp_path):
        archive = tmp_path / "must-gather.tar.gz"
        with tarfile.open(archive, "w:gz") as tar:
            body = yaml.safe_dump({"kind": "PodList", "apiVersion": "v1", "items": [pod()]}).encode()
            info = tarfile.TarInfo("must-gather/namespaces/shop/core/pods.yaml")
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
        assert not isinstance(open_bundle(str(archive)).get("pods", "shop", "web"), Unavailable)

    def test_null_items_and_null_metadata_are_harmless(self, tmp_path):
        opened = bundle(
            tmp_path, as_list(pod(), {"kind": "Pod", "metadata": None}, {"kind": "EventList", "items": None})
        )
        assert opened.list("pods", "shop") == [pod()]

    def test_a_field_selector_filters_as_the_api_would(self, tmp_path):
        events = [
            {
                "kind": "Event",
                "metadata": {"name": n, "namespace": "shop"},
                "involvedObject": {"kind": "Pod", "name": n},
            }
            for n in ("web", "other")
        ]
        (only,) = bundle(tmp_path, as_list(*events)).list("events", "shop", fields="involvedObject.name=web")
        assert only["metadata"]["name"] == "web"


class TestWhatIsNot:
    def test_a_flat_list_without_secrets_does_not_say(self, tmp_path):
        opened = bundle(tmp_path, as_list(pod()))
        assert why(opened.get("secrets", "shop", "all-icr-io")) is Why.UNKNOWN_IF_COLLECTED
        assert why(opened.list("secrets", "shop")) is Why.UNKNOWN_IF_COLLECTED

    def test_a_list_with_other_secrets_of_the_namespace_says_absent(self, tmp_path):
        assert why(bundle(tmp_path, as_list(pod(), secret())).get("secrets", "shop", "other")) is Why.NOT_FOUND

    def test_a_single_saved_secret_says_nothing_of_the_others(self, tmp_path):
        (tmp_path / "pods.json").write_text(json.dumps(as_list(pod())))
        (tmp_path / "secret.json").write_text(json.dumps(secret()))
        assert why(open_bundle(str(tmp_path)).get("secrets", "shop", "other")) is Why.UNKNOWN_IF_COLLECTED

    def test_a_must_gather_without_the_file_was_made_without_it(self, tmp_path):
        core = tmp_path / "image-name" / "namespaces" / "shop" / "core"
        core.mkdir(parents=True)
        (core / "pods.yaml").write_text(yaml.safe_dump({"kind": "PodList", "items": [pod()]}))
        assert why(open_bundle(str(tmp_path)).get("serviceaccounts", "shop", "default")) is Why.NOT_COLLECTED

    def test_a_must_gather_with_an_empty_list_says_absent(self, tmp_path):
        core = tmp_path / "namespaces" / "shop" / "core"
        core.mkdir(parents=True)
        (core / "pods.yaml").write_text(yaml.safe_dump({"kind": "PodList", "items": [pod()]}))
        (core / "secrets.yaml").write_text(yaml.safe_dump({"kind": "SecretList", "items": []}))
        opened = open_bundle(str(tmp_path))
        assert why(opened.get("secrets", "shop", "all-icr-io")) is Why.NOT_FOUND
        assert opened.list("secrets", "shop") == ()

    def test_a_collection_that_was_refused_stays_forbidden(self, tmp_path):
        head = {
            "kind": COLLECTION_KIND,
            "asked": [
                {
                    "resource": "secrets",
                    "namespace": "shop",
                    "refused": "forbidden",
                    "detail": "the login may not",
                }
            ],
        }
        assert why(bundle(tmp_path, as_list(head, pod())).get("secrets", "shop", "x")) is Why.FORBIDDEN


class TestBadInput:
    @pytest.mark.parametrize(
        ("content", "says"),
        [
            (b"", "is empty"),
            (b"  \n", "is empty"),
            (b'{"kind": "List", "items": [', "ends too early"),
            (b'{"kind": nonsense}', "not whole JSON"),
            (b"a: b: c: d\n  - x", "neither JSON nor YAML"),
            (b"\x00\x01\x02", "neither JSON nor YAML"),
            (b"just words", "holds no Kubernetes object"),
            (b"{}", "holds no Kubernetes object"),
            (b"\x1f\x8b\x08half", "not a whole tar"),
            (b"[" * 100_000, "not whole JSON"),
        ],
        ids=[
            "empty",
            "blank",
            "cut",
            "not json",
            "not yaml",
            "binary",
            "words",
            "no object",
            "half gzip",
            "deep",
        ],
    )
    def test_one_sentence_says_what_is_wrong_and_where(self, tmp_path, content, says):
        with pytest.raises(BadInput, match=says) as told:
            bundle(tmp_path, content)
        assert "b.json" in str(told.value)

    def test_aliases_that_stand_for_millions_of_lists_are_harmless(self, tmp_path):
        lines = ["a0: &a0 {kind: List, items: []}"]
        lines += [f"a{n}: &a{n} {{kind: List, items: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 12)]
        with pytest.raises(BadInput, match="YAML aliases"):
            bundle(tmp_path, "\n".join([*lines, "kind: List", "items: [*a11]"]).encode())

    def test_a_missing_file(self, tmp_path):
        with pytest.raises(BadInput, match="There is no bundle"):
            open_bundle(str(tmp_path / "nowhere.json"))

    def test_a_link_or_a_path_upwards_in_a_tar_is_not_followed(self, tmp_path):
        archive = tmp_path / "x.tar"
        with tarfile.open(archive, "w") as tar:
            link = tarfile.TarInfo("link.json")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            tar.addfile(link)
            body = json.dumps(as_list(pod())).encode()
            up = tarfile.TarInfo("../up.json")
            up.size = len(body)
            tar.addfile(up, io.BytesIO(body))
        with pytest.raises(BadInput, match="no Kubernetes object"):
            open_bundle(str(archive))
        assert list(tmp_path.iterdir()) == [archive]

    def test_one_broken_file_of_a_gathered_folder_does_not_spoil_the_rest(self, tmp_path):
        core = tmp_path / "namespaces" / "shop" / "core"
        core.mkdir(parents=True)
        (core / "pods.yaml").write_text(yaml.safe_dump({"kind": "PodList", "items": [pod()]}))
        (core / "events.yaml").write_text("a: b: c")
        assert not isinstance(open_bundle(str(tmp_path)).get("pods", "shop", "web"), Unavailable)


def packed(*names):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        for name in names:
            data = json.dumps(pod(name)).encode()
            member = tarfile.TarInfo(f"{name}.json")
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return stream.getvalue()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="named pipes")
@pytest.mark.parametrize("content", [json.dumps(pod()).encode(), packed("web")], ids=["document", "tar"])
def test_a_pipe_is_read_once(tmp_path, content):
    """`--bundle <(oc get pods -o json)` of a shell is a pipe: it cannot be opened again or wound back."""
    path = tmp_path / "pipe"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(content,), daemon=True)
    writer.start()
    cluster = open_bundle(str(path))
    writer.join(5)
    assert [p["metadata"]["name"] for p in cluster.list("pods", "shop")] == ["web"]


def test_standard_input_may_be_a_tar(monkeypatch):
    """`oc adm inspect … && tar c … | runbook diagnose --bundle -`."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(packed("web", "api"))))
    assert len(open_bundle("-").list("pods", "shop")) == 2


def test_what_never_ends_is_one_sentence(monkeypatch):
    """A device such as /dev/zero gives as much as anyone reads."""
    monkeypatch.setattr(opening, "_MAX_FILE", 4 * 2**20)
    with pytest.raises(BadInput, match="/dev/zero gives more than 4 MiB"):
        open_bundle("/dev/zero")


def test_a_tar_of_endless_logs_is_one_sentence(tmp_path, monkeypatch):
    """What is passed over has to be unpacked as well: a few kilobytes can stand for days."""
    monkeypatch.setattr(opening, "_MAX_PASSED_OVER", 2**20)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w:gz") as archive:
        member = tarfile.TarInfo("namespaces/shop/pods/web/app.log")
        member.size = 2 * 2**20
        archive.addfile(member, io.BytesIO(b" " * member.size))
    with pytest.raises(BadInput, match="more than can be looked through"):
        bundle(tmp_path, stream.getvalue(), "b.tar.gz")
