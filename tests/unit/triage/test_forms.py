"""A triage reads well on a terminal of 80 columns, as a page, as JSON of a documented shape, and in a notebook."""

from __future__ import annotations

import json
from dataclasses import replace
from html import unescape
from importlib.resources import files

import jsonschema
import pytest

from runbook_lib.interactive.triage import TRIAGE_TYPE, TriageCard
from runbook_lib.interactive.triage import triage as in_a_notebook
from runbook_lib.model.problem import BadInput
from runbook_lib.report.triage_document import to_triage_json
from runbook_lib.report.triage_html import to_triage_html
from runbook_lib.report.triage_terminal import print_triage, print_turn
from runbook_lib.report.triage_view import age
from runbook_lib.report.triage_writing import write_triage
from runbook_lib.triage.watching import Turn, changes


@pytest.fixture(scope="module")
def found(planted, module_look):
    return module_look(planted)


@pytest.fixture(scope="module")
def module_look():
    from runbook_lib.judge import Selectors
    from runbook_lib.triage import Looking

    def run(lab):
        with pytest.MonkeyPatch.context() as patch:
            for name, value in lab.env.items():
                patch.setenv(name, value)
            return Looking(Selectors()).look()

    return run


def printed(found, capsys, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    monkeypatch.delenv("FORCE_COLOR", raising=False)
    print_triage(found)
    return capsys.readouterr().out


def test_the_table_fits_80_columns_and_names_each_group(found, capsys, monkeypatch):
    out = printed(found, capsys, monkeypatch)
    table = out[: out.index("\n1. ")]
    assert max(map(len, table.splitlines())) <= 80
    for group in found.groups:
        (line,) = (line for line in table.splitlines() if f" {group.cause} " in line)
        assert line.split()[1:6] == [group.cause, "confirmed", str(group.pods), str(group.workloads), "10"]


def test_only_commands_are_longer_than_a_line(found, capsys, monkeypatch):
    commands = {a.command for g in found.groups for a in g.remedy}
    for line in printed(found, capsys, monkeypatch).splitlines():
        assert len(line) <= 80 or line.strip() in commands


def test_the_json_has_the_documented_shape(found):
    schema = json.loads(files("runbook_lib.report").joinpath("triage_schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(to_triage_json(found))
    jsonschema.validate(document, schema)
    assert document["pods_failing"] == 200
    assert sum(len(g["pulls"]) for g in document["groups"]) == 200


def test_the_page_is_one_file_that_asks_nothing_of_any_network(found):
    page = to_triage_html(found)
    for group in found.groups:
        assert group.cause in page
    assert "default-src 'none'" in unescape(page)
    assert 'src="http' not in page
    assert page.count("<h1") == 1
    assert "triage.json" in page


def test_no_form_shows_a_credential(found, planted, capsys, monkeypatch):
    forms = [
        to_triage_json(found).decode(),
        to_triage_html(found),
        printed(found, capsys, monkeypatch),
        str(TriageCard(found)._repr_mimebundle_()),
        TriageCard(found).frame().to_csv() + TriageCard(found).pulls().to_csv(),
        repr(found),
    ]
    for form in forms:
        assert not [secret for secret in planted.credentials if secret in form]


def test_a_hostile_name_stays_text(found, capsys, monkeypatch):
    name = "<script>alert(1)</script>\x1b[2J| [x](http://y)"
    group = found.groups[0]
    member = replace(group.members[0], pod=name, namespace=name)
    hostile = replace(found, groups=(replace(group, members=(member,), thing=name, title=name),))
    assert "<script>alert" not in to_triage_html(hostile)
    assert "\x1b" not in printed(hostile, capsys, monkeypatch)
    shown = TriageCard(hostile)._repr_mimebundle_()
    assert "<script>" not in shown["text/html"]


def test_nothing_fails_is_one_sentence(found, capsys, monkeypatch):
    well = replace(found, groups=(), unwell=())
    assert "No image pull fails (1,301 pods seen in all namespaces" in printed(well, capsys, monkeypatch).replace(
        "\n", " "
    )
    assert "No image pull fails" in to_triage_html(well)
    assert TriageCard(well).frame().empty


def test_the_folder_holds_the_page_and_the_json(found, tmp_path):
    page = write_triage(found, tmp_path / "out")
    assert {p.name for p in page.parent.iterdir()} == {"triage.html", "triage.json"}


def test_a_folder_that_cannot_be_made_is_bad_input(found, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput):
        write_triage(found, tmp_path / "file" / "out")


def test_the_table_of_a_notebook_has_a_row_for_each_group_and_each_pull(found):
    card = TriageCard(found)
    frame, pulls = card.frame(), card.pulls()
    assert list(frame.index) == list(range(1, 7))
    assert list(frame["pods"]) == [g.pods for g in found.groups]
    assert str(frame["since"].dtype).startswith("datetime64")
    assert len(pulls) == 200
    assert len(card.pulls(1)) == found.groups[0].pods
    assert set(card._repr_mimebundle_()) == {"text/plain", "text/markdown", "text/html", TRIAGE_TYPE}


def test_a_group_shows_its_example_and_an_unknown_number_is_bad_input(found):
    card = TriageCard(found)
    assert card.example(2).result.cases[0] is found.groups[1].example
    with pytest.raises(BadInput, match="no group 9"):
        card.example(9)


def test_a_parameter_of_the_wrong_type_is_one_sentence():
    with pytest.raises(BadInput, match="probe"):
        in_a_notebook({"probe": "yes"})


def test_a_watch_prints_a_line_for_each_change(found, capsys):
    less = replace(found, groups=found.groups[1:])
    print_turn(Turn(found, changes(None, found), is_first=True))
    print_turn(Turn(less, changes(found, less)))
    print_turn(Turn(less, changes(less, less)))
    print_turn(Turn(None, refused="it is away."))
    lines = capsys.readouterr().out.splitlines()
    assert sum("+ appeared" in line for line in lines) == 6
    assert sum("- resolved" in line for line in lines) == 1
    assert len(lines) == 1 + 6 + 1 + 1


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        ("2026-11-24T11:59:30Z", "30s"),
        ("2026-11-24T11:20:00Z", "40m"),
        ("2026-11-24T02:00:00.123456Z", "9h"),
        ("2026-11-14T12:00:00Z", "10d"),
        ("", ""),
        ("yesterday", ""),
        ("2026-11-24T12:00:05Z", "0s"),
    ],
)
def test_how_long_ago_is_told_as_kubectl_does(stamp, said):
    assert age(stamp, "2026-11-24T12:00:00Z") == said
