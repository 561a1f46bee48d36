"""The list of clusters holds names, contexts and paths; what else is in it is refused in one sentence."""

from __future__ import annotations

import pytest

from runbook_lib.fleet.inventory import Place, read_inventory
from runbook_lib.model.problem import BadInput


@pytest.fixture
def listed(tmp_path):
    def write(text: str, **options):
        file = tmp_path / "clusters.yaml"
        file.write_text(text)
        return read_inventory(file, **options)

    return write


def test_contexts_and_files_can_be_mixed(listed, tmp_path):
    found = listed("- shop-prod\n- {name: eu, kubeconfig: eu.yaml, namespace: shop}\n- {context: shop/admin}\n")
    assert found == (
        Place("shop-prod", context="shop-prod"),
        Place("eu", kubeconfig=str(tmp_path / "eu.yaml"), namespace="shop"),
        Place("shop/admin", context="shop/admin"),
    )


@pytest.mark.parametrize("path", ["/etc/fleet/eu.yaml", "~/eu.yaml"])
def test_a_path_that_holds_on_any_machine_is_kept_as_it_is(listed, path):
    (found,) = listed(f"- {{name: eu, kubeconfig: {path}}}", elsewhere=True)
    assert found.kubeconfig == path


REFUSED = {
    "no list": ("name: a", "holds no list"),
    "an empty file": ("", "holds no list"),
    "no YAML": ("- {", "cannot be read as YAML"),
    "a number": ("- 5", "neither a mapping nor a text"),
    "no cluster": ("- {name: a}", "names no cluster"),
    "a value that is no text": ("- {name: on, context: a}", "name is no text"),
    "a hidden character": ('- {name: "a\\u202eb", context: a}', "name is no text"),
    "one name twice": ("- {name: a, context: b}\n- {name: a, context: c}", "names a twice"),
    "one cluster twice": ("- {name: a, context: c}\n- {name: b, context: c}", "the cluster of a twice"),
    "a token": ("- {name: a, context: a, token: sha256~planted}", "unknown key 'token'"),
}


@pytest.mark.parametrize(("text", "said"), REFUSED.values(), ids=REFUSED)
def test_a_bad_list_is_told_in_a_sentence(listed, text, said):
    with pytest.raises(BadInput) as told:
        listed(text)
    assert said in str(told.value)
    assert "planted" not in str(told.value)


def test_workers_elsewhere_need_an_absolute_path(listed):
    with pytest.raises(BadInput, match="relative path"):
        listed("- {name: eu, kubeconfig: eu.yaml}", elsewhere=True)


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(BadInput, match="no list of clusters"):
        read_inventory(tmp_path / "none.yaml")


@pytest.mark.parametrize("name", ["shop/admin", "../../etc", "ä b", "." * 5, "x" * 150])
def test_a_name_never_leads_out_of_the_folder_and_stays_its_own(name):
    folder = Place(name, context="c").folder
    assert "/" not in folder
    assert not folder.startswith(".")
    assert folder != Place(name + "!", context="c").folder
    assert len(folder) < 100
