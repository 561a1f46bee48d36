"""Bad input is one clear sentence on standard error, exit code 2, no traceback, and nothing is written."""

from __future__ import annotations

import json
import socket
import threading

import pytest

from runbook_lib.lab import Lab

from .running import runbook

EVIDENCE = "tests/evidence/c-wrong-region.json"


@pytest.fixture
def run(monkeypatch, capsys):
    def one_sentence(*arguments, says):
        ran = runbook(monkeypatch, capsys, *arguments)
        assert ran.code == 2, ran
        assert says in ran.err, ran.err
        assert "Traceback" not in ran.err
        assert ran.out == ""
        assert len(ran.err.strip().splitlines()) <= 8
        return ran

    return one_sentence


@pytest.mark.parametrize("verb", ["diagnose", "report"])
@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--bundle", "nowhere.json"], "There is no bundle at nowhere.json"),
        (["--bundle", EVIDENCE, "--pod", "nope"], "There is no pod nope"),
        (["--bundle", EVIDENCE, "-n", "nope"], "no pods of that namespace"),
        (["--bundle", EVIDENCE, "web", "-c", "nope"], "has no container nope"),
        (["--bundle", EVIDENCE, "--context", "x"], "context has no meaning"),
        (["--kubeconfig", "nowhere.yaml"], "No kubeconfig at nowhere.yaml"),
        (["a", "--pod", "b"], "Two pods are named"),
        (["--bundle", EVIDENCE, "--frob"], "No such option"),
    ],
    ids=["no bundle", "no pod", "no namespace", "no container", "context", "no kubeconfig", "two pods", "option"],
)
def test_selectors(run, verb, arguments, says, tmp_path):
    out = ["--out", str(tmp_path / "r")] if verb == "report" else []
    run(verb, *arguments, *out, says=says)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["-p", "pood", "web"], "Did you mean pod?"),
        (["-p", "probe", "maybe"], "true or false"),
        (["-p", "pod", "1e5", "--bundle", EVIDENCE], "There is no pod 1e5"),
        (["-f", "nowhere.yaml"], "There is no parameters file nowhere.yaml"),
        (["--only", "everything"], "Invalid value for '--only'"),
        (["--bundle", "-"], "cannot read its bundle from standard input"),
    ],
)
def test_parameters_of_a_report(run, arguments, says, tmp_path):
    run("report", *arguments, "--out", str(tmp_path / "r"), says=says)
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pod: on\n", "put it in quotes"),
        ("pod: 1.5\n", "it is text"),
        ("pod: [a]\n", "it is text"),
        ("nope: x\n", "is no parameter"),
        ("- a\n", "holds no parameters"),
        ("a: b: c\n", "cannot be read as YAML"),
    ],
)
def test_a_parameters_file(run, text, says, tmp_path):
    file = tmp_path / "p.yaml"
    file.write_text(text)
    run("report", "-f", str(file), "--out", str(tmp_path / "r"), says=says)


def test_a_folder_that_is_taken_is_left_alone(run, tmp_path):
    (tmp_path / "r").mkdir()
    (tmp_path / "r" / "mine.txt").write_text("mine")
    run("report", "--bundle", EVIDENCE, "--out", str(tmp_path / "r"), says="is not empty")
    assert (tmp_path / "r" / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "cannot be"),
        ("not: [valid", "cannot be read"),
        (json.dumps({"apiVersion": "v1", "kind": "Config"}), "cannot be"),
        (
            json.dumps(
                {
                    "kind": "Config",
                    "current-context": "x",
                    "contexts": [{"name": "x", "context": {"cluster": "gone", "user": "gone"}}],
                    "clusters": [],
                    "users": [],
                }
            ),
            "cannot be used",
        ),
    ],
    ids=["empty", "not yaml", "no contexts", "dangling"],
)
def test_a_kubeconfig_that_cannot_be_used(run, text, says, tmp_path):
    file = tmp_path / "config"
    file.write_text(text)
    run("diagnose", "--kubeconfig", str(file), says=says)


@pytest.fixture(scope="module")
def lab():
    with Lab("no-pull-secret") as running:
        yield running


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--context", "nope"], "has no context 'nope'. It has: "),
        (["--context", "lab-expired"], "does not accept the login"),
        (["-n", "nowhere"], "There is no namespace nowhere. List them"),
        (["-n", "shpo"], "There is no namespace shpo. Is shop meant?"),
        (["nope"], "There is no pod nope"),
    ],
    ids=["no context", "expired login", "no namespace", "a slip of the pen", "no pod"],
)
def test_a_live_cluster(run, lab, arguments, says):
    run("diagnose", "--kubeconfig", str(lab.kubeconfig), *arguments, says=says)


def test_a_report_without_a_cluster_does_not_seem_to_begin(monkeypatch, capsys, tmp_path):
    """No notebook is named as running before the sentence, and nothing is left of the folder."""
    monkeypatch.setenv("KUBECONFIG", str(tmp_path / "none"))
    ran = runbook(monkeypatch, capsys, "report", "--out", str(tmp_path / "report"))
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("No kubeconfig at ")
    assert list(tmp_path.iterdir()) == []


def config_for(tmp_path, server):
    file = tmp_path / "config"
    file.write_text(
        json.dumps(
            {
                "kind": "Config",
                "current-context": "x",
                "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
                "clusters": [{"name": "c", "cluster": {"server": server}}],
                "users": [{"name": "u", "user": {"token": "a-token-that-is-no-token"}}],
            }
        )
    )
    return str(file)


def test_an_api_that_refuses(run, tmp_path):
    ran = run("diagnose", "--kubeconfig", config_for(tmp_path, "https://127.0.0.1:9"), says="refuses the connection")
    assert "a-token" not in ran.err


def test_an_api_that_hangs_is_left_in_time(run, tmp_path, monkeypatch):
    from runbook_lib.sources.cluster import live

    monkeypatch.setattr(
        live.LiveCluster.__init__, "__kwdefaults__", {**live.LiveCluster.__init__.__kwdefaults__, "call_timeout": 1.0}
    )
    with socket.create_server(("127.0.0.1", 0)) as server:
        held = []
        threading.Thread(target=lambda: held.append(server.accept()), daemon=True).start()
        url = f"https://127.0.0.1:{server.getsockname()[1]}"
        run("diagnose", "--kubeconfig", config_for(tmp_path, url), says="did not answer in time")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["explain", "--file", "nowhere.txt"], "cannot be read"),
        (["cause", "stale-secret-cop"], "Did you mean stale-secret-copy?"),
        (["diagnos"], "Did you mean 'diagnose'?"),
        (["lab", "run", "no-pull-secrets", "--", "true"], "Did you mean no-pull-secret?"),
        (["lab", "run", "no-pull-secret", "--", "no-such-command"], "There is no command no-such-command"),
        (["lab", "run", "no-pull-secret", "--runtime", "docker", "--", "true"], "Invalid value for '--runtime'"),
        (["notebook", "--folder", "nowhere", "--", "--port=1", "--port=2"], "(or --port) is given twice"),
        (["frobnicate"], "No such command"),
        (["collect", "--kubeconfig", "nowhere"], "No kubeconfig"),
    ],
)
def test_other_verbs(run, arguments, says):
    run(*arguments, says=says)
