"""The vault names credentials, keeps the names, and replaces nothing else."""

from __future__ import annotations

import base64
import json
import pickle
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from runbook_lib.vault import Vault, use, vault

KEY = "aB3_dE6-gH9jK2mN5pQ8rS1tU4vW7xY0zA3bC6dE9fG2"


def test_the_same_value_is_the_same_secret(own_vault: Vault) -> None:
    """Registering a value again, as bytes or under another label, gives the first object and name."""
    first = own_vault.register(KEY, "key")
    assert own_vault.register(KEY.encode(), "password") is first
    assert own_vault.names() == ("key #1",)


def test_names_count_by_label_and_stay(own_vault: Vault) -> None:
    """A reader can follow «key #2» through a report: the number never changes within a run."""
    values = {f"credential-number-{n}": label for n, label in enumerate(["key", "key", "password", "key"])}
    names = [own_vault.register(value, label).name for value, label in values.items()]
    assert names == ["key #1", "key #2", "password #1", "key #3"]
    text = " ".join(values)
    assert own_vault.scrub(text) == own_vault.scrub(text) == "«key #1» «key #2» «password #1» «key #3»"


def test_many_threads_register_one_secret(own_vault: Vault) -> None:
    """Threads that read the same secrets at once agree on the objects and names, while others scrub."""
    gate = threading.Barrier(8)

    def read(_: int) -> list[int]:
        gate.wait(timeout=10)
        secrets = [own_vault.register(f"value-number-{n}", "key") for n in range(200)]
        assert "value-number" not in own_vault.scrub(" ".join(f"value-number-{n}" for n in range(200)))
        return [id(secret) for secret in secrets]

    with ThreadPoolExecutor(8) as pool:
        assert len({tuple(ids) for ids in pool.map(read, range(8))}) == 1
    assert len(own_vault.names()) == 200


def test_a_value_registered_after_a_scrub_is_found_by_the_next(own_vault: Vault) -> None:
    """However many values there are and however they come in, each is found at once."""
    for n in range(300):
        value = f"late-{n:04}-{n * 7919 % 10007:05}"
        own_vault.register(value)
        assert value not in own_vault.scrub(f"x {value} y")
    assert "late-0000-00000" not in own_vault.scrub("late-0000-00000")


def test_a_login_is_found_as_it_travels(own_vault: Vault) -> None:
    """A pair registers its password and the base64 of the pair, padded or not, under one name."""
    own_vault.register_pair("iamapikey", KEY, "key")
    auth = base64.b64encode(f"iamapikey:{KEY}".encode()).decode()
    for text in (KEY, auth, auth.rstrip("=")):
        assert own_vault.scrub(f"[{text}]") == "[«key #1»]"
    assert own_vault.scrub("username iamapikey") == "username iamapikey"


def test_a_short_password_is_found_within_its_login_only(own_vault: Vault) -> None:
    """base64("user:problem") is unmistakable, the word is not."""
    own_vault.register_pair("user", "problem")
    assert own_vault.scrub("the problem: dXNlcjpwcm9ibGVt") == "the problem: «password #1»"


@pytest.mark.parametrize("username", ["iamapikey", "iambearer", "serviceaccount", "oauth2accesstoken", "IAMAPIKEY"])
def test_usernames_of_kinds_are_no_secret(own_vault: Vault, username: str) -> None:
    """Names that say what kind of password follows stay readable, even if someone registers them."""
    own_vault.register(username)
    assert own_vault.scrub(f"user {username} was refused") == f"user {username} was refused"


def test_a_common_word_of_eight_letters_is_replaced_all_the_same(own_vault: Vault) -> None:
    """Eight characters is the one rule; a password `kubernetes` costs the report that word."""
    own_vault.register("kubernetes", "password")
    assert own_vault.scrub("kubernetes.io") == "«password #1».io"


def test_a_value_with_a_trailing_newline_is_found_without_it(own_vault: Vault) -> None:
    """`echo key | base64` is a common mistake; the key is as secret without its newline."""
    own_vault.register(KEY + "\n", "key")
    assert own_vault.scrub(f"<{KEY}>") == "<«key #1»>"


def test_a_newline_does_not_make_a_short_value_long(own_vault: Vault) -> None:
    """`problem` and its newline are eight characters, and still the word at the end of a line."""
    own_vault.register("problem\n")
    assert own_vault.scrub("a problem\n") == "a problem\n"


def test_overlapping_values_leave_no_piece(own_vault: Vault) -> None:
    """Where two values overlap or one holds the other, all of both is replaced, named by the longer."""
    own_vault.register("abcdefghij", "key")
    own_vault.register("fghijklmnopq", "password")
    own_vault.register("cdefghij", "token")
    assert own_vault.scrub("<abcdefghijklmnopq>") == "<«password #1»>"


def test_a_value_that_is_part_of_a_name_does_not_eat_names(own_vault: Vault) -> None:
    """A password `credential` is replaced in text, and «credential #1» stays what it is."""
    own_vault.register("credential", "credential")
    once = own_vault.scrub("a credential")
    assert once == "a «credential #1»" == own_vault.scrub(once)
    assert own_vault.findings(once) == []
    assert own_vault.findings(json.dumps(once)) == []


def test_pieces_that_a_replacement_brings_together_are_found(own_vault: Vault) -> None:
    """A value that begins with the end of a mark is found once the mark is there."""
    own_vault.register("first-value", "key")
    own_vault.register("» second value", "key")
    scrubbed = own_vault.scrub("first-value second value")
    assert "second value" not in scrubbed
    assert own_vault.scrub(scrubbed) == scrubbed


def test_trees_are_scrubbed_with_their_keys(own_vault: Vault) -> None:
    """The shape stays; strings and keys are scrubbed, and credential fields by their name."""
    own_vault.register(KEY, "key")
    tree = {
        "n": 1,
        KEY: [f"x {KEY}", (None, True, 2.5)],
        "b": KEY.encode(),
        "entry": {"password": "never-seen"},
    }
    assert own_vault.scrub_json(tree) == {
        "n": 1,
        "«key #1»": ["x «key #1»", (None, True, 2.5)],
        "b": "«key #1»".encode(),
        "entry": {"password": "«password #1»"},
    }


def test_headers_in_a_tree_are_scrubbed_by_their_name(own_vault: Vault) -> None:
    """A dictionary of headers loses the credential and keeps the scheme."""
    headers = {"Authorization": "Bearer opaque", "IAM-ApiKey": "x-y-z", "Accept": "*/*"}
    assert own_vault.scrub_json(headers) == {
        "Authorization": "Bearer «credential #1»",
        "IAM-ApiKey": "«key #1»",
        "Accept": "*/*",
    }


def test_a_secret_in_a_tree_becomes_its_name(own_vault: Vault) -> None:
    """A tree that still holds the object itself can be dumped after scrubbing."""
    assert own_vault.scrub_json({"p": own_vault.register("short", "key")}) == {"p": "«key #1»"}


def test_two_keys_that_scrub_to_one_name_keep_both_items(own_vault: Vault) -> None:
    """Nothing is lost where the raw and the encoded form of one value are keys side by side."""
    own_vault.register(KEY, "key")
    scrubbed = own_vault.scrub_json({KEY: 1, KEY.encode().hex(): 2})
    assert sorted(scrubbed.values()) == [1, 2]
    assert own_vault.findings(json.dumps(scrubbed)) == []


def test_bytes_that_are_not_utf8_stay(own_vault: Vault) -> None:
    """An image or an archive passes unchanged, around what is replaced."""
    own_vault.register(KEY, "key")
    noise = bytes(range(256))
    assert own_vault.scrub_bytes(noise) == noise
    assert own_vault.scrub_bytes(noise + KEY.encode() + noise) == noise + "«key #1»".encode() + noise


def test_lone_surrogates_are_no_obstacle(own_vault: Vault) -> None:
    """Text that was decoded badly is searched like any other."""
    own_vault.register("half\ud800value", "key")
    assert own_vault.scrub(f"\udcff {KEY} half\ud800value") == f"\udcff {KEY} «key #1»"


def test_findings_say_what_where_and_never_the_value(own_vault: Vault) -> None:
    """A finding names the credential, its spelling and its place."""
    own_vault.register(KEY, "key")
    [leak] = own_vault.findings(f"line\n{KEY}\n")
    assert (leak.label, leak.encoding, leak.offset, leak.length) == ("key #1", "raw", 5, len(KEY))
    assert KEY not in repr(leak)


@pytest.mark.parametrize("label", ["", "Key", KEY, "key #1", "a" * 25])
def test_a_label_is_a_few_lower_case_words(own_vault: Vault, label: str) -> None:
    """A value passed as the label by mistake is refused, and not quoted in the refusal."""
    with pytest.raises(ValueError, match="lower-case") as refused:
        own_vault.register("value-value", label)
    assert not label or label not in str(refused.value)


def test_the_vault_itself_shows_nothing_and_stays(own_vault: Vault) -> None:
    """Its repr counts; it cannot be pickled to another process."""
    own_vault.register(KEY)
    assert repr(own_vault) == "<Vault of 1 credentials>"
    with pytest.raises(TypeError, match="stays"):
        pickle.dumps(own_vault)


def test_the_shared_vault_is_one_for_all_threads_and_can_be_replaced(own_vault: Vault) -> None:
    """`use` takes effect at once and everywhere; as a context manager it gives the former vault back."""
    assert vault() is own_vault
    with use(Vault()) as inner, ThreadPoolExecutor(1) as pool:
        assert pool.submit(vault).result() is inner is vault()
    assert vault() is own_vault


WORDS = st.lists(
    st.sampled_from(
        [
            "pod",
            "web-0",
            "us.icr.io/team/app:1.2",
            "is",
            "«",
            "denied:",
            "\n",
            "sha256:" + "0a" * 32,
            "ü",
            "%20",
            "{}",
        ]
    )
)


@settings(max_examples=100, deadline=None)
@given(words=WORDS, values=st.lists(st.from_regex(r"[A-Z0-9]{8,20}", fullmatch=True), max_size=5))
def test_text_without_credentials_comes_back_as_it_is(words: list[str], values: list[str]) -> None:
    """Whatever is registered, a text that shows none of it is not touched and has no findings."""
    own = Vault()
    for value in values:
        own.register(value)
    text = " ".join(words)
    assert own.scrub(text) is text
    assert own.findings(text) == []
