"""IBM Cloud's errors come in four shapes; each gives its code and its text, and nothing else gives either."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.model.unavailable import Unavailable
from runbook_lib.sources.ibmcloud import Login, find_login
from runbook_lib.sources.ibmcloud.failure import code_and_text
from runbook_lib.sources.ibmcloud.paging import query_value

FIELDS = st.sampled_from(["errors", "code", "message", "errorCode", "error"])
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["errors", "code", "message", "errorCode", "error"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            {"errorCode": "BXNIM0415E", "errorMessage": "not found", "context": {}},
            ("BXNIM0415E", "not found"),
        ),
        ({"code": "CRG0009E", "message": "no", "request-id": "r"}, ("CRG0009E", "no")),
        ({"errors": [{"code": "forbidden", "message": "m"}], "trace": "t"}, ("forbidden", "m")),
        ({"incidentID": "i", "code": "E0404", "description": "gone"}, ("E0404", "gone")),
        ({"error": "invalid_grant", "error_description": "why"}, ("invalid_grant", "why")),
        ({"code": 404, "message": "two\n  lines"}, ("", "two lines")),
        ({"errors": []}, ("", "")),
        (["CRG0009E"], ("", "")),
    ],
    ids=["iam", "registry", "list", "clusters", "oauth", "number", "no-errors", "array"],
)
def test_code_and_text_are_read_in_every_shape(body: Any, said: tuple[str, str]) -> None:
    assert code_and_text(json.dumps(body).encode()) == said


@settings(max_examples=100, deadline=None)
@given(JSON)
def test_any_json_gives_two_short_texts(body: object) -> None:
    code, text = code_and_text(json.dumps(body).encode())
    assert len(code) <= 40
    assert len(text) <= 300


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=60))
def test_any_bytes_give_two_texts(body: bytes) -> None:
    assert all(isinstance(part, str) for part in code_and_text(body))


@settings(max_examples=60, deadline=None)
@given(st.binary(max_size=60) | JSON.map(lambda value: json.dumps({"IAMToken": value}).encode()))
def test_any_session_file_is_a_login_or_says_why_not(tmp_path_factory: pytest.TempPathFactory, text: bytes) -> None:
    home = Path(tmp_path_factory.mktemp("home"))
    (home / ".bluemix").mkdir()
    (home / ".bluemix" / "config.json").write_bytes(text)
    assert isinstance(find_login({}, home), Login | Unavailable)


@pytest.mark.parametrize(
    ("url", "value"),
    [
        ("https://iam.cloud.ibm.com/v1/serviceids?account_id=a&pagetoken=t%2B1", "t+1"),
        ("/v1/serviceids?pagetoken=t", "t"),
        ("https://iam.cloud.ibm.com/v1/serviceids?account_id=a", None),
        ("", None),
        (None, None),
    ],
)
def test_the_next_page_is_taken_from_its_url(url: str | None, value: str | None) -> None:
    assert query_value(url, "pagetoken") == value
