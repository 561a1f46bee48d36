"""What is proposed to do can be done: no copy of a secret that is not there, no pod ended without need."""

from runbook_lib.lab import Lab

from .playing import played


def commands(name):
    with Lab(name) as lab:
        (case, *_) = played(lab).cases
    return [action.command or action.text for action in case.diagnosis.causes[0].remedy]


def test_a_secret_that_default_lacks_too_is_made_of_one_that_it_has():
    (copy,) = commands("deployment-three-pods")
    assert "get secret all-icr-io -n default" in copy
    assert '"name":"shop-registry"' in copy


def test_a_pod_is_not_ended_where_only_the_value_of_its_secret_changes():
    for name in ("stale-secret-copy", "one-of-two-containers"):
        told = commands(name)
        assert any("tries again within five minutes" in each for each in told)
        assert not any("delete pod" in each for each in told)


def test_before_a_secret_is_replaced_it_can_be_seen_what_the_new_one_covers():
    look, replace, *_ = commands("registry-not-covered")
    assert "keys[]" in look
    assert "apply" in replace or "create" in replace


def test_where_the_registry_names_its_tags_the_workload_comes_before_a_listing():
    with Lab("tag-not-found") as lab:
        (case, *_) = played(lab).cases
    first, *others = case.diagnosis.causes[0].remedy
    assert "set image" in first.command
    assert first.text == "In the workload, name a tag that is there: 1.2, 1.1, 1.0."
    assert any("cr images" in other.command for other in others)


def test_where_no_tags_are_known_they_are_looked_up_first():
    assert "set image" in commands("image-not-found")[-1]
