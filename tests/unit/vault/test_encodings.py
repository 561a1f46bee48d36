"""A registered value is recognised in whatever form other software writes it."""

from __future__ import annotations

import base64
import html
import json
import urllib.parse
from collections.abc import Callable

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.vault import Vault
from runbook_lib.vault.encodings import forms
from runbook_lib.vault.fields import WELL_KNOWN_USERNAMES


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _b64_after(before: bytes, after: bytes = b'"}}}') -> Callable[[str], str]:
    return lambda v: base64.b64encode(before + _bytes(v) + after).decode()


def _go_json(value: str) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


SPELLINGS: dict[str, Callable[[str], str]] = {
    "raw": lambda v: v,
    "quote": urllib.parse.quote,
    "quote, nothing safe": lambda v: urllib.parse.quote(v, safe=""),
    "quote_plus": urllib.parse.quote_plus,
    "urlencoded form": lambda v: urllib.parse.urlencode({"grant": "x", "q": v}),
    "json": lambda v: json.dumps({"q": v}),
    "json, not only ascii": lambda v: json.dumps({"q": v}, ensure_ascii=False),
    "json by Go": _go_json,
    "json in json": lambda v: json.dumps({"annotation": json.dumps({"q": v})}),
    "json by Go in json by Go": lambda v: _go_json(_go_json(v)),
    "html": lambda v: f"<td>{html.escape(v)}</td>",
    "html, quotes kept": lambda v: f"<td>{html.escape(v, quote=False)}</td>",
    "json in html": lambda v: f"<pre>{html.escape(json.dumps({'q': v}))}</pre>",
    "html in json": lambda v: json.dumps({"text/html": html.escape(v)}),
    "repr": lambda v: repr({"q": v}),
    "repr with both quotes": lambda v: repr("it's \"" + v),
    "repr of bytes": lambda v: repr(_bytes(v)),
    "yaml single quotes": lambda v: "q: '" + v.replace("'", "''") + "'",
    "base64": lambda v: base64.b64encode(_bytes(v)).decode(),
    "base64 after 1 byte": _b64_after(b"1"),
    "base64 after 2 bytes": _b64_after(b"12"),
    "base64 after 3 bytes": _b64_after(b"123", b""),
    "base64 urlsafe": lambda v: base64.urlsafe_b64encode(_bytes(v)).decode(),
    "base64 urlsafe, unpadded": lambda v: base64.urlsafe_b64encode(b"u:" + _bytes(v)).decode().rstrip("="),
    "base64, url-quoted": lambda v: urllib.parse.quote(base64.b64encode(_bytes(v)).decode(), safe=""),
    "base64 of json": lambda v: base64.b64encode(json.dumps({"q": v}).encode()).decode(),
    "base64 in base64": lambda v: _b64_after(b'{"q":"')(_b64_after(b"u:", b"")(v)),
    "hex": lambda v: _bytes(v).hex(),
}


def yaml_document(value: str) -> str:
    """A manifest with the value in it, as PyYAML writes it on one line."""
    return str(yaml.safe_dump({"kind": "Secret", "stringData": {"q": value}}, width=10_000))


VALUES = {
    "IBM API key": "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2",
    "eight letters": "hunter22",
    "special characters": "p<a>ss&w\"o'r`d\\/+=%20 x",
    "not ascii": "Schlüssel–пароль-鍵",
    "several lines": "first line\nsecond\tline\r\nthird",
    "only signs": "\"'<>&%\\/",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_every_spelling_is_replaced(own_vault: Vault, value: str, spell: Callable[[str], str]) -> None:
    """The spelling is gone, the name is there, and the last scan agrees."""
    written = spell(value)
    unprotected = Vault().scrub(f"before {written} after")
    assert unprotected == f"before {written} after", "the case is caught by its shape and shows nothing"

    own_vault.register(value, "key")
    scrubbed = own_vault.scrub(f"before {written} after")
    assert "«key #1»" in scrubbed
    assert written not in scrubbed
    assert scrubbed.startswith("before ")
    assert scrubbed.endswith(" after")
    assert own_vault.findings(scrubbed) == []


@pytest.mark.parametrize("value", VALUES.values(), ids=VALUES.keys())
def test_yaml_is_replaced_or_refused(own_vault: Vault, value: str) -> None:
    """Whatever style PyYAML takes for a value, it is replaced, or the last scan sees it."""
    own_vault.register(value, "key")
    text = yaml_document(value)
    scrubbed = own_vault.scrub(text)
    assert "«key #1»" in scrubbed or own_vault.findings(scrubbed)


def test_no_character_of_the_value_stays_beside_its_base64(own_vault: Vault) -> None:
    """The characters at the edges, which carry some bits of the value, go with it; the padding too."""
    own_vault.register("correct-horse-battery", "password")
    for before in (b"", b"1", b"12"):
        written = SPELLINGS["base64"]((before + b"correct-horse-battery").decode())
        left = own_vault.scrub(written)
        assert left.endswith("«password #1»")
        assert len(left.removesuffix("«password #1»")) <= len(before)


@pytest.mark.parametrize("value", ["", "x", "problem", "1234567"])
def test_values_of_fewer_than_eight_characters_have_no_forms(own_vault: Vault, value: str) -> None:
    """A password `problem` must not eat the word out of a report."""
    own_vault.register(value)
    assert forms(value) == []
    assert own_vault.scrub(f"the problem is x, 1234567, {value}") == f"the problem is x, 1234567, {value}"


TEXT = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(max_examples=100, deadline=None)
@given(
    value=st.text(st.characters(codec="utf-8"), min_size=8, max_size=60).filter(
        lambda v: len(v.strip()) >= 8 and v.strip().lower() not in WELL_KNOWN_USERNAMES
    ),
    spelling=st.sampled_from(sorted(SPELLINGS)),
    before=TEXT,
    after=TEXT,
)
def test_no_random_value_survives_in_any_spelling(value: str, spelling: str, before: str, after: str) -> None:
    """Any value of 8 characters or more, in any spelling, between any texts: scrubbed, and stays so."""
    own = Vault()
    own.register(value, "key")
    written = SPELLINGS[spelling](value)
    scrubbed = own.scrub(f"{before}{written}{after}")
    outside = scrubbed.replace("«key #1»", "\0")
    assert "\0" in outside
    for form in forms(value):
        assert form.text not in outside
    assert own.scrub(scrubbed) == scrubbed
