"""The pull errors of a longer text are found, each whole and once."""

from __future__ import annotations

import json

from runbook_lib.model.pull_error import Kind, find_messages, parse

CAUSE = (
    'Failed to pull image "us.icr.io/shop/web:1": failed to pull and unpack image "us.icr.io/shop/web:1": '
    "failed to resolve "
    'reference "us.icr.io/shop/web:1": us.icr.io/shop/web:1: not found'
)
DESCRIBE = f"""
Name:             web-1
Namespace:        shop
Containers:
  web:
    Image:          us.icr.io/shop/web:1
    State:          Waiting
      Reason:       ImagePullBackOff
      Message:      Back-off pulling image "us.icr.io/shop/web:1"
    Ready:          False
Events:
  Type     Reason     Age                From               Message
  ----     ------     ----               ----               -------
  Normal   Scheduled  42s                default-scheduler  Successfully assigned shop/web-1 to worker-1
  Normal   Pulling    25s (x2 over 40s)  kubelet            Pulling image "us.icr.io/shop/web:1"
  Warning  Failed     25s (x2 over 40s)  kubelet            {CAUSE}
  Warning  Failed     25s (x2 over 40s)  kubelet            Error: ErrImagePull
  Normal   BackOff    11s (x3 over 39s)  kubelet            Back-off pulling image "us.icr.io/shop/web:1"
  Warning  Unhealthy  9s                 kubelet            Readiness probe failed: dial tcp 10.0.0.1:80:
  connection refused
"""


def test_kubectl_describe() -> None:
    """The cause is found once; scheduling, probes and bare back-offs are left out."""
    assert find_messages(DESCRIBE) == [CAUSE]


def test_a_bare_back_off_is_better_than_nothing() -> None:
    """Where no message has a cause, the back-off is handed on."""
    text = DESCRIBE.replace(CAUSE, "Error: ErrImagePull")
    assert find_messages(text) == ['Back-off pulling image "us.icr.io/shop/web:1"']


def test_lines_broken_by_a_terminal_are_joined() -> None:
    """A row that a terminal wrapped is one message again."""
    broken = DESCRIBE.replace("failed to pull and", "failed to\npull and").replace(
        "failed to resolve ", "failed to resolve\n   "
    )
    assert find_messages(broken) == [CAUSE]


def test_events_as_json() -> None:
    """Messages are taken out of a List, wherever they stand."""
    events = {"items": [{"message": CAUSE}, {"message": "Error: ErrImagePull"}, {"message": "Created pod: x"}]}
    assert find_messages(json.dumps(events)) == [CAUSE]
    assert find_messages("\n".join(json.dumps({"message": CAUSE}) for _ in range(2))) == [CAUSE]


def test_a_plain_log() -> None:
    """Of a runtime's log the failed pulls are told."""
    log = (
        f'time="2026-01-02T03:04:05Z" level=error msg={json.dumps(CAUSE)}\n'
        'time="2026-01-02T03:04:06Z" level=info msg="stopping container"\n'
    )
    found = find_messages(log)
    assert len(found) == 1
    assert parse(found[0]).kind is Kind.NOT_FOUND_REPO_OR_TAG


def test_one_message_alone() -> None:
    """A single message is given back as it is; prose gives nothing."""
    assert find_messages(CAUSE) == [CAUSE]
    assert find_messages("nothing to see here\n\nat all") == []


def test_kubectl_get_events() -> None:
    """The table of events has other columns than the describer's."""
    table = (
        "LAST SEEN   TYPE      REASON    OBJECT      MESSAGE\n"
        f"25s         Warning   Failed    pod/web-1   {CAUSE}\n"
        "25s         Warning   Failed    pod/web-1   Error: ErrImagePull\n"
        '9s          Normal    Pulling   pod/web-1   Pulling image "us.icr.io/shop/web:1"\n'
    )
    assert find_messages(table) == [CAUSE]


def test_yaml_of_a_pod() -> None:
    """A waiting message that YAML has folded is whole again."""
    text = (
        "  state:\n"
        '    waiting:\n      message: \'Back-off pulling image "us.icr.io/shop/web:1": ErrImagePull:\n'
        "          rpc error: code = NotFound desc = failed to pull and unpack image\n"
        '          "us.icr.io/shop/web:1": not found\'\n        reason: ImagePullBackOff\n'
    )
    found = find_messages(text)
    assert len(found) == 1
    assert parse(found[0]).kind is Kind.NOT_FOUND_REPO_OR_TAG


def test_a_break_after_a_colon_ends_nothing() -> None:
    """A wrapper on a line of its own still wraps the next line."""
    found = find_messages('Failed to pull image "us.icr.io/a/b:1":\nrpc error: code = Unknown desc =\nmanifest unknown')
    assert len(found) == 1
    assert parse(found[0]).image == "us.icr.io/a/b:1"


def test_a_word_broken_by_a_terminal_is_whole_again() -> None:
    """A terminal of fixed width breaks inside words."""
    found = find_messages('Failed to pull image "us.icr.io/a/b:1": manifest unk\nnown')
    assert found == ['Failed to pull image "us.icr.io/a/b:1": manifest unknown']
