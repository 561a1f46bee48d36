"""The operator's login comes from the environment or the CLI's session, and from nowhere else."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from runbook_lib.model.unavailable import Unavailable, Why
from runbook_lib.sources.ibmcloud import IbmCloudSource, Login, find_login
from runbook_lib.vault import Vault

from .ibm_cloud_server import ACCOUNT, token_for

KEY = "environment-key-abcdefghijklmnopqrstuvwxyz"


def write_session(directory: Path, **fields: Any) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "config.json").write_text(json.dumps(fields))


@pytest.mark.parametrize("name", ["IBMCLOUD_API_KEY", "IC_API_KEY", "BLUEMIX_API_KEY"])
def test_a_key_in_the_environment_is_the_login(name: str, tmp_path: Path, own_vault: Vault) -> None:
    found = find_login({name: f" {KEY}\n"}, tmp_path)
    assert isinstance(found, Login)
    assert found.key
    assert found.key.reveal() == KEY
    assert name in found.source
    assert KEY not in repr(found)
    assert KEY not in own_vault.scrub(f"the key {KEY} was read")


def test_a_key_in_the_environment_goes_before_the_session(tmp_path: Path) -> None:
    write_session(tmp_path / ".bluemix", IAMToken=f"Bearer {token_for()}")
    found = find_login({"IBMCLOUD_API_KEY": KEY}, tmp_path)
    assert isinstance(found, Login)
    assert found.key is not None


@pytest.mark.parametrize(
    ("directory", "variables"),
    [
        (".bluemix", {}),
        (".ibmcloud", {}),
        ("elsewhere/.bluemix", {"IBMCLOUD_HOME": "elsewhere"}),
        ("elsewhere/.bluemix", {"BLUEMIX_HOME": "elsewhere"}),
        ("exactly", {"IBMCLOUD_CONFIG_HOME": "exactly"}),
    ],
    ids=["old-name", "new-name", "home-variable", "old-home-variable", "directory-variable"],
)
def test_the_session_is_found_where_the_cli_keeps_it(directory: str, variables: dict[str, str], tmp_path: Path) -> None:
    write_session(tmp_path / directory, IAMToken=f"Bearer {token_for()}", Region="eu-de")
    found = find_login({name: str(tmp_path / value) for name, value in variables.items()}, tmp_path)
    assert isinstance(found, Login)
    assert found.token is not None
    assert found.region == "eu-de"
    assert found.token.claims.account.bss == ACCOUNT


def test_every_token_of_the_session_file_is_masked_at_once(tmp_path: Path, own_vault: Vault) -> None:
    tokens = {
        "IAMToken": token_for(),
        "IAMRefreshToken": "refresh-" + "r" * 40,
        "UAAToken": "uaa-" + "u" * 40,
    }
    write_session(tmp_path / ".bluemix", **{name: f"Bearer {value}" for name, value in tokens.items()})
    found = find_login({}, tmp_path)
    shown = own_vault.scrub(" ".join(tokens.values()))
    assert not any(value in shown or value in repr(found) for value in tokens.values())


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (None, Why.NO_LOGIN),
        ("{}", Why.NO_LOGIN),
        ('{"IAMToken": ""}', Why.NO_LOGIN),
        ('{"IAMToken": 7}', Why.NO_LOGIN),
        ("no json", Why.NO_LOGIN),
        ('{"IAMToken": "Bearer no.token.atall"}', Why.NO_LOGIN),
        (json.dumps({"IAMToken": f"Bearer {token_for(lasts=-10)}"}), Why.UNAUTHENTICATED),
        (json.dumps({"IAMToken": f"Bearer {token_for(lasts=30)}"}), Why.UNAUTHENTICATED),
    ],
    ids=["no-file", "logged-out", "empty", "other-type", "not-json", "not-a-token", "expired", "expires-now"],
)
def test_what_is_no_usable_session_says_so_and_what_to_do(text: str | None, why: Why, tmp_path: Path) -> None:
    if text is not None:
        (tmp_path / ".bluemix").mkdir()
        (tmp_path / ".bluemix" / "config.json").write_text(text)
    found = find_login({}, tmp_path)
    assert isinstance(found, Unavailable)
    assert found.why is why
    assert "ibmcloud login" in found.remedy


def test_the_session_is_judged_by_the_clock_that_is_given(tmp_path: Path) -> None:
    write_session(tmp_path / ".bluemix", IAMToken=token_for())
    assert isinstance(find_login({}, tmp_path), Login)
    assert isinstance(find_login({}, tmp_path, now=time.time() + 7200), Unavailable)


def test_a_session_that_runs_out_during_the_work_is_not_used_any_more(tmp_path: Path) -> None:
    write_session(tmp_path / ".bluemix", IAMToken=token_for(lasts=61))
    found = find_login({}, tmp_path, now=time.time() - 10)
    assert isinstance(found, Login)
    time.sleep(1.1)
    info = IbmCloudSource(found).login_info()
    assert isinstance(info, Unavailable)
    assert info.why is Why.UNAUTHENTICATED
