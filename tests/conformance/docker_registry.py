"""The distribution project's own registry as a process on loopback, and images to push into it."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import requests
import yaml

from runbook_lib.lab.registry import Image, build

BINARY = shutil.which("docker-registry")


IMAGES = {
    "1.0": Image(platforms=("linux/amd64", "linux/s390x"), seed="1.0"),
    "arm": Image(platforms=("linux/arm64",), index=True, seed="arm"),
    "single": Image(seed="single"),
}


@contextmanager
def docker_registry(directory: Path, auth: dict[str, object] | None = None) -> Iterator[str]:
    """Runs the binary on a loopback port over the storage in `directory`; gives its host:port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        authority = f"127.0.0.1:{free.getsockname()[1]}"
    config = {
        "version": 0.1,
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(directory / "storage")}},
        "http": {"addr": authority, "secret": "of-no-importance"},
        **({"auth": auth} if auth else {}),
    }
    path = directory / f"config-{authority.rpartition(':')[2]}.yml"
    path.write_text(yaml.safe_dump(config))
    assert BINARY
    process = subprocess.Popen([BINARY, "serve", str(path)], stderr=subprocess.PIPE)
    try:
        _wait_for(authority, process)
        yield authority
    finally:
        process.terminate()
        process.communicate(timeout=10)


def _wait_for(authority: str, process: subprocess.Popen[bytes]) -> None:
    host, _, port = authority.partition(":")
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"docker-registry ended: {process.communicate()[1].decode()[-500:]}")
        try:
            socket.create_connection((host, int(port)), 0.2).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("docker-registry did not start within 10 seconds")


def push(authority: str, repository: str) -> None:
    """Uploads the images of `IMAGES`, bit for bit those that the lab serves."""
    session = requests.Session()
    session.trust_env = False
    root = f"http://{authority}/v2/{repository}"
    for tag, image in IMAGES.items():
        content = build(image, f"{repository}:{tag}")
        for digest, data in content.blobs.items():
            place = session.post(f"{root}/blobs/uploads/", timeout=5).headers["Location"]
            session.put(f"{place}&digest={digest}", data=data, timeout=5).raise_for_status()
        children = [m for m in content.manifests.values() if m is not content.top]
        for reference, manifest in [*((m.digest, m) for m in children), (tag, content.top)]:
            headers = {"Content-Type": manifest.media_type}
            session.put(
                f"{root}/manifests/{reference}", data=manifest.body, headers=headers, timeout=5
            ).raise_for_status()
