"""Each cause has a page that says what a person on call needs, and docs/causes is built from these pages."""

from __future__ import annotations

import ast
import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from runbook_lib.causes import CATALOGUE, insufficient_evidence
from runbook_lib.causes.pages import SECTIONS, all_pages, build, entries, linked, page_of, rivals_of, staged

REPOSITORY = Path(__file__).parents[3]
SCENARIOS = REPOSITORY / "runbook_lib/lab/scenarios"
RECORDED = REPOSITORY / "tests/evidence/expected.json"
DOCS = REPOSITORY / "docs/causes"

IDS = [
    "image-name-invalid",
    "image-not-found",
    "tag-not-found",
    "platform-mismatch",
    "manifest-unsupported",
    "never-pull-policy",
    "pull-quota-exceeded",
    "no-pull-secret",
    "default-secrets-missing",
    "pull-secret-missing",
    "pull-secret-not-linked",
    "pull-secret-type-wrong",
    "pull-secret-malformed",
    "registry-not-covered",
    "deprecated-domain",
    "stale-secret-copy",
    "credentials-rejected",
    "api-key-disabled",
    "username-mismatch",
    "registry-token-retired",
    "service-id-missing",
    "iam-policy-missing",
    "other-account",
    "entitlement-missing",
    "access-denied",
    "private-only-account",
    "network-restricted",
    "kubelet-pull-limit",
    "internal-registry-permission",
    "sandbox-image-unavailable",
    "rate-limited",
    "registry-error",
    "dns-failure",
    "connection-refused",
    "network-timeout",
    "tls-untrusted",
    "tls-name-mismatch",
    "node-disk-full",
    "image-policy-denied",
    "signature-rejected",
    "not-an-image-pull-problem",
    "insufficient-evidence",
]
"""The ids are a contract: reports, exit codes and other people's scripts use them."""

READS = re.compile(
    r"(kubectl|oc) (get|describe|logs|auth can-i|policy who-can|debug node/\S+ -- chroot /host "
    r"(curl|getent|cat|ls|df|date|openssl s_client|systemctl show|crictl (info|images)))\b"
    r"|ibmcloud (account show|cr (images|image-digests|namespaces|quota|trash-list|private-only --status)"
    r"|iam (service-ids|service-policies|service-api-keys|account-settings)|cbr (rules|zones)|ks cluster get)(?![-\w])"
    r"|skopeo (inspect|list-tags)\b|curl -sSI|jq |grep |read -rs KEY$|runbook diagnose\b"
)
"""The commands that only read. What is none of these has to be marked as a change."""


def section(page: str, title: str) -> str:
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0].strip()


def commands(page: str) -> list[tuple[bool, str]]:
    """Returns each fenced command on one line, and whether a `# changes:` speaks for it.

    It speaks for the changing commands below it, up to the next comment or reading command.
    """
    found, begun = [], ""
    for block in re.findall(r"^```sh\n(.*?)^```$", page, re.M | re.S):
        marked = used = False
        for line in block.splitlines():
            if line.startswith("#"):
                assert not marked or used, f"nothing stands below: {line}"
                marked, used = line.startswith("# changes: "), False
                continue
            begun += line.removesuffix("\\")
            if not line.endswith(("\\", "|")):
                marked = marked and not (used and only_reads(begun))
                found.append((marked, begun))
                used, begun = True, ""
        assert not begun
    return found


def only_reads(command: str) -> bool:
    return all(READS.match(part) for part in parts(command))


def parts(command: str) -> list[str]:
    """Returns the commands of a pipeline or a list, each as its words."""
    split: list[list[str]] = [[]]
    for word in shlex.split(command):
        if word in ("|", "&&"):
            split.append([])
        else:
            split[-1].append(word)
    return [" ".join(words) for words in split]


def test_the_ids_of_the_contract_have_a_page_and_nothing_else_has_one():
    assert set(all_pages()) == set(IDS)
    assert len(entries()) == len(IDS)


def test_the_page_of_an_unknown_cause_is_none():
    assert page_of("no-such-cause") is None


@pytest.mark.parametrize("cause", CATALOGUE, ids=lambda c: c.id)
def test_a_page_stands_in_the_module_that_is_named_like_its_cause(cause):
    module = REPOSITORY / f"runbook_lib/causes/catalogue/{cause.id.replace('-', '_')}.py"
    told = ast.get_docstring(ast.parse(module.read_text(encoding="utf-8")), clean=False)
    assert page_of(cause.id) == f"# {cause.id}: {cause.title}\n\n{told.strip()}\n"


@pytest.mark.parametrize("id", IDS)
def test_a_page_has_one_sentence_and_the_five_sections_in_their_order(id):
    page = page_of(id)
    assert page is not None
    assert page.startswith(f"# {id}: ")
    assert re.findall(r"^## (.*)$", page, re.M) == list(SECTIONS)
    first = page.splitlines()[2]
    assert first.endswith(".")
    assert page.splitlines()[3] == ""
    assert all(len(section(page, title)) > 40 for title in SECTIONS)


@pytest.mark.parametrize("id", IDS)
def test_a_page_is_read_in_one_sitting(id):
    lines = [line for line in page_of(id).splitlines() if line.strip()]
    assert 20 <= len(lines) <= 34


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.id)
def test_a_page_says_how_sure_its_cause_can_be_told(entry):
    assert entry.surest in ({""} if entry.id == insufficient_evidence.ID else {"confirmed", "likely", "possible"})


@pytest.mark.parametrize("id", IDS)
def test_a_page_names_rivals_that_have_a_page_themselves(id):
    rivals = rivals_of(section(page_of(id), SECTIONS[2]))
    assert rivals, "nothing looks like it?"
    assert set(rivals_of(page_of(id))) <= set(IDS) - {id}


@pytest.mark.parametrize("entry", entries(), ids=lambda e: e.id)
def test_a_page_leads_to_its_step_and_to_a_page_of_ibm_or_kubernetes(entry):
    see = section(entry.page, SECTIONS[4])
    assert f"`{entry.step}`" in see
    assert re.search(r"<https://(cloud\.ibm\.com|kubernetes\.io)/[^ >]+>", see)


@pytest.mark.parametrize("id", IDS)
def test_the_commands_of_a_page_can_be_typed(id):
    told = commands(page_of(id))
    assert told
    for _, command in told:
        assert all(parts(command)), command
    patches = [w for _, c in told if " patch " in c for w in shlex.split(c) if w[:1] in "[{"]
    assert all(json.loads(patch) for patch in patches)


@pytest.mark.parametrize("id", IDS)
def test_a_command_that_changes_something_says_so_and_one_that_reads_does_not(id):
    for marked, command in commands(page_of(id)):
        assert only_reads(command) is not marked, command


@pytest.mark.parametrize("id", IDS)
def test_no_command_shows_a_credential_or_drops_a_list_of_secrets(id):
    for _, command in commands(page_of(id)):
        assert "-o yaml" not in command or "secret" not in command
        assert not re.search(r"(-p|--password) ?<|docker login", command)
        assert '"imagePullSecrets":[' not in command


def test_a_placeholder_never_stands_in_running_text_where_markdown_would_swallow_it():
    for id, page in all_pages().items():
        prose = re.sub(r"^```sh\n.*?^```$|`[^`]*`|<https://[^>]+>", "", page, flags=re.M | re.S)
        assert "<" not in prose, id


def test_every_cause_is_staged_or_says_why_it_cannot_be():
    seen = staged(SCENARIOS, RECORDED)
    without = set(IDS) - set(seen)
    assert without == {insufficient_evidence.ID}
    assert len(insufficient_evidence.NOT_STAGED) > 20
    assert set(seen) - {"ok"} <= set(IDS)


def test_a_rival_without_an_address_stays_plain_text():
    page = "x [`dns-failure`] y [`tls-untrusted`]\n"
    assert linked(page, lambda _: "") == page
    assert linked(page, lambda i: "#a" if i == "dns-failure" else "") == page + "\n[`dns-failure`]: #a\n"


def test_the_links_of_the_built_pages_lead_to_files_that_are_there():
    files = build(SCENARIOS, RECORDED)
    for name, text in files.items():
        for target in re.findall(r"\]\(([^)#]+\.md)\)|^\[`[a-z-]+`\]: (\S+)$", text, re.M):
            assert (target[0] or target[1]) in files, name
    assert all(f"]({id}.md)" in files["README.md"] for id in IDS)


def test_docs_causes_is_what_the_builder_writes(tmp_path):
    built = tmp_path / "causes"
    subprocess.run(
        [sys.executable, "-m", "runbook_lib.causes.pages", str(built)], cwd=REPOSITORY, check=True, timeout=60
    )
    again = "run `python -m runbook_lib.causes.pages docs/causes`"
    assert sorted(p.name for p in built.iterdir()) == sorted(p.name for p in DOCS.iterdir()), again
    for path in built.iterdir():
        assert path.read_text(encoding="utf-8") == (DOCS / path.name).read_text(encoding="utf-8"), again
