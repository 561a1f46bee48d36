"""A file is written whole, scrubbed and private, or without what the last scan found, or not at all."""

from __future__ import annotations

import base64
import errno
import json
import os
import stat
from pathlib import Path

import pytest

from runbook_lib.vault import Vault, scan_file, write_scrubbed

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"


def _hidden(value: str) -> str:
    for _ in range(3):
        value = base64.b64encode(f"k={value}".encode()).decode()
    return value


def test_the_file_is_scrubbed_private_and_alone(own_vault: Vault, tmp_path: Path) -> None:
    """Its owner alone may read it, credentials are replaced, and nothing else is left in the folder."""
    own_vault.register(KEY, "key")
    outcome = write_scrubbed(tmp_path / "report.md", f"key: {KEY}\n")
    assert outcome.whole
    assert outcome.left_out == ()
    assert outcome.path.read_text() == "key: «key #1»\n"
    assert stat.S_IMODE(outcome.path.stat().st_mode) == 0o600
    assert os.listdir(tmp_path) == ["report.md"]


def test_a_planted_leak_is_found_in_a_file(own_vault: Vault, tmp_path: Path) -> None:
    """A file that bypassed the vault is caught by the scan, raw or encoded; a clean one is not."""
    own_vault.register(KEY, "key")
    (tmp_path / "raw").write_text(f"x {KEY}")
    (tmp_path / "base64").write_bytes(b"\xff\xfe" + base64.b64encode(b"1" + KEY.encode()))
    (tmp_path / "clean").write_text("nothing")
    assert [leak.offset for leak in scan_file(tmp_path / "raw")] == [2]
    assert scan_file(tmp_path / "base64")
    assert scan_file(tmp_path / "clean") == []


def test_a_word_as_password_is_reported_by_the_scan(own_vault: Vault, tmp_path: Path) -> None:
    """A password that is a common word is still a finding in a file that was not scrubbed."""
    own_vault.register("password1", "password")
    (tmp_path / "page").write_text("password1 is a poor password")
    assert [leak.label for leak in scan_file(tmp_path / "page")] == ["password #1"]


def test_the_offending_line_is_left_out(own_vault: Vault, tmp_path: Path) -> None:
    """What scrubbing cannot replace costs its line, not the report; the outcome says so without the value."""
    own_vault.register(KEY, "key")
    outcome = write_scrubbed(tmp_path / "report.md", f"first\nsee {_hidden(KEY)} here\nlast\n")
    assert outcome.path.read_text() == "first\n[left out: the last scan found key #1 here]\nlast\n"
    assert not outcome.whole
    assert "key #1" in str(outcome)
    assert KEY not in repr(outcome)
    assert scan_file(outcome.path) == []


def test_a_value_wrapped_over_lines_costs_those_lines(own_vault: Vault, tmp_path: Path) -> None:
    """Both halves go, the neighbours stay."""
    own_vault.register(KEY, "key")
    outcome = write_scrubbed(tmp_path / "out.txt", f"first\n{KEY[:20]}\n{KEY[20:]}\nlast\n")
    text = outcome.path.read_text()
    assert text.startswith("first\n")
    assert text.endswith("\nlast\n")
    assert KEY[:20] not in text
    assert KEY[20:] not in text


@pytest.mark.parametrize("indent", [None, 2])
def test_json_stays_json(own_vault: Vault, tmp_path: Path, indent: int | None) -> None:
    """In a document the offending string is left out; everything else is there and parses."""
    own_vault.register(KEY, "key")
    document = {"findings": [{"status": "OK"}, {"evidence": _hidden(KEY)}], "count": 2}
    outcome = write_scrubbed(tmp_path / "report.json", json.dumps(document, indent=indent))
    written = json.loads(outcome.path.read_text())
    assert written["findings"][0] == {"status": "OK"}
    assert written["count"] == 2
    assert written["findings"][1] == {"evidence": "[left out: the last scan found key #1 here]"}
    assert outcome.left_out


def test_what_cannot_be_cut_out_is_not_written(
    own_vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the scan goes on finding something, the file holds a note and nothing else."""
    own_vault.register(KEY, "key")
    found = own_vault.findings(KEY)
    monkeypatch.setattr(Vault, "findings", lambda self, text: found)
    outcome = write_scrubbed(tmp_path / "report.md", "alpha\nomega\n")
    assert "alpha" not in outcome.path.read_text()
    assert "omega" not in outcome.path.read_text()
    assert not outcome.whole


def test_a_disk_that_is_full_leaves_the_old_file_and_no_other(
    own_vault: Vault, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No half report: the former one stays, the temporary file is gone, the error is told."""

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    (tmp_path / "report.md").write_text("the former report")
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_scrubbed(tmp_path / "report.md", "x")
    assert os.listdir(tmp_path) == ["report.md"]
    assert (tmp_path / "report.md").read_text() == "the former report"


def test_a_folder_that_is_not_there_is_an_error(own_vault: Vault, tmp_path: Path) -> None:
    """The folder is the caller's to make."""
    with pytest.raises(FileNotFoundError):
        write_scrubbed(tmp_path / "no" / "report.md", "x")
