"""The last scan recognises what scrubbing does not know how to replace."""

from __future__ import annotations

import base64
import html
import json
import textwrap
from collections.abc import Callable
from urllib.parse import quote

import pytest

from runbook_lib.vault import Vault

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"
ODD = "p<a>ss&w\"o'r`d/+=%20 x"


def _b64(text: str, times: int) -> str:
    for _ in range(times):
        text = base64.b64encode(f"k={text}".encode()).decode()
    return text


HIDDEN: dict[str, tuple[str, Callable[[str], str]]] = {
    "base64 three times": (KEY, lambda v: _b64(v, 3)),
    "base64 in lines": (KEY, lambda v: base64.encodebytes(f"{'x' * 40}{v}{'y' * 40}".encode()).decode()),
    "base64 in lines, in JSON": (
        KEY,
        lambda v: json.dumps(base64.encodebytes(b"x" * 40 + v.encode() * 2).decode()),
    ),
    "wrapped by a terminal": (KEY, lambda v: "\n".join(textwrap.wrap(v, 20))),
    "wrapped and indented": (KEY, lambda v: "\n      ".join(textwrap.wrap(v, 20))),
    "wrapped with a backslash": (KEY, lambda v: v[:30] + "\\\n" + v[30:]),
    "JSON four times": (ODD, lambda v: json.dumps(json.dumps(json.dumps(json.dumps(v))))),
    "URL of HTML of JSON": (ODD, lambda v: quote(html.escape(json.dumps(v)))),
    "HTML three times": (ODD, lambda v: html.escape(html.escape(html.escape(v)))),
}


@pytest.mark.parametrize(("value", "hide"), HIDDEN.values(), ids=HIDDEN.keys())
def test_hidden_values_are_recognised(own_vault: Vault, value: str, hide: Callable[[str], str]) -> None:
    """Whether or not scrubbing takes it, a hidden value is never called clean; its place is in the text."""
    own_vault.register(value, "key")
    text = f"one line\n{hide(value)}\nanother"
    leaks = own_vault.findings(text)
    assert leaks
    assert all(leak.label == "key #1" for leak in leaks)
    assert all(9 <= leak.offset < len(text) - len("\nanother") for leak in leaks)
    scrubbed = own_vault.scrub(text)
    assert scrubbed != text or own_vault.findings(scrubbed)


def test_two_innocent_lines_do_not_make_a_short_value(own_vault: Vault) -> None:
    """Only long values are looked for across line breaks: `pass` and `word1` may follow each other."""
    own_vault.register("password1")
    assert own_vault.findings("a single pass\nword1") == []


def test_base64_in_lines_is_recognised_at_the_end_of_a_file(own_vault: Vault) -> None:
    """Nothing needs to follow the last line break."""
    own_vault.register(KEY, "key")
    text = base64.encodebytes(f"{'x' * 40}{KEY}{'y' * 70}".encode()).decode()
    assert own_vault.findings(text)


def test_clean_text_is_clean(own_vault: Vault) -> None:
    """Encoded things that hold no registered value are no findings."""
    own_vault.register(KEY)
    text = f"{_b64('nothing to see here at all', 2)}\n&lt;b&gt; %41%42 \\u0041 \\\\x\n" + "word " * 50
    assert own_vault.findings(text) == []
