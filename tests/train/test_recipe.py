"""Recipes are checked when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connote.data.public import FORMS
from connote.train.recipe import read_recipe
from connote.train.values import RecipeError

MINIMAL = """
name: small
kind: encoder
train: [{name: corpus, path: train.jsonl}]
dev: [{name: dev, path: dev.jsonl}]
"""


def write(folder: Path, text: str) -> Path:
    path = folder / "recipe.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_paths_are_relative_to_the_recipe(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, MINIMAL + "never_train: [never.sha256]\n"))
    assert recipe.train[0].path == tmp_path / "train.jsonl"
    assert recipe.never_train == (tmp_path / "never.sha256",)
    assert recipe.epochs == 4


@pytest.mark.parametrize(
    ("line", "found", "allowed"),
    [
        ("epoch: 3", "'epoch'", "epochs"),
        ("epochs: three", "'three'", "a whole number"),
        ("learning_rate: 1e-4", "'1e-4'", "1.0e-4"),
        ("seed: true", "True", "a whole number"),
        ("plain_stance: 1", "1", "true or false"),
        ("distil: {epochs: 2}", "epochs", "sources, baseline"),
        ("distil: {sources: [], baseline: {}, x: 1}", "'x'", "labelled"),
        ("distil: {sources: [], baseline: {framing: 1}}", "framing", "shares up to 1 of"),
        (
            "distil: {sources: [], baseline: {framing: 2, stance: 0, voice: 0}}",
            "2",
            "shares up to 1",
        ),
        ("temperature: 0.5", "0.5", "from 1 to"),
        ("start: 7", "7", "text"),
        ("head_weights: {mood: 1.0}", "mood", "framing"),
        ("never_train: never.sha256", "'never.sha256'", "a list"),
        ("window: 4", "4", "from 8 to 512"),
        ("batch_size: 0", "0", "from 1 to"),
        ("dropout: 7", "7", "from 0 to"),
        ("regularization: 0", "0", "a number from"),
        ("epochs: 2\nepochs: 3", "'epochs'", "a second time"),
        ("encoder: 2020-13-45", "month must be", "expected YAML"),
    ],
)
def test_a_wrong_field_is_named(tmp_path: Path, line: str, found: str, allowed: str) -> None:
    with pytest.raises(RecipeError) as error:
        read_recipe(write(tmp_path, MINIMAL + line + "\n"))
    assert found in str(error.value)
    assert allowed in str(error.value)
    assert "recipe.yaml" in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("kind: encoder", "kind: oracle", "allowed: encoder, baseline"),
        ("name: small\n", "", "'name' is missing"),
        ("name: small", "name: ../../small", "expected a plain name"),
        ("name: small", "name: ..", r"name: expected a plain name, found '\.\.'"),
        ("name: small", "name: .", r"name: expected a plain name, found '\.'"),
        ("[{name: dev, path: dev.jsonl}]", "[]", "expected at least one source"),
        ("path: train.jsonl", "format: newspaper", "allowed: connote, newsmtsc"),
        ("{name: corpus, path: train.jsonl}", "{name: corpus}", "needs a path"),
        ("{name: corpus, path: train.jsonl}", "train.jsonl", "expected name, format, path"),
        ("path: train.jsonl", "path: train.jsonl, labels: a.jsonl", "labels: a source of format"),
        ("path: train.jsonl", "path: train.jsonl, label: a.jsonl", "allowed: name, .*, labels"),
        ("path: train.jsonl", "format: babe, only_labelled: true", "only_labelled: expected true"),
        ("path: train.jsonl", "path: train.jsonl, dev_share: 0.9", r"dev_share: .* to 0\.5"),
        (
            "path: dev.jsonl",
            "path: dev.jsonl, dev_share: 0.1",
            "dev: dev: found a dev_share; only of sources in train",
        ),
        (
            "{name: corpus, path: train.jsonl}",
            "{name: corpus, path: one.jsonl}, {name: corpus, path: other.jsonl}",
            "train: found two sources named 'corpus'; name them apart",
        ),
        (
            "dev: [{name: dev, path: dev.jsonl}]",
            "",
            "dev, or a dev_share of a source, found neither",
        ),
    ],
)
def test_a_wrong_shape_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in MINIMAL
    with pytest.raises(RecipeError, match=message):
        read_recipe(write(tmp_path, MINIMAL.replace(old, new)))


DISTIL = """
distil:
  sources: [{name: more, path: more.jsonl}]
  baseline: {framing: 0.5, stance: 0.5, voice: 0.5}
"""


@pytest.mark.parametrize(("field", "lines"), [("start", "start: shipped\n"), ("distil", DISTIL)])
def test_what_a_baseline_cannot_do_is_refused(tmp_path: Path, field: str, lines: str) -> None:
    assert getattr(read_recipe(write(tmp_path, MINIMAL + lines)), field) is not None
    baseline = MINIMAL.replace("kind: encoder", "kind: baseline")
    with pytest.raises(RecipeError, match=rf"recipe\.yaml: {field}: found it in a baseline"):
        read_recipe(write(tmp_path, baseline + lines))


def test_nothing_is_held_out_of_what_is_seen_without_its_labels(tmp_path: Path) -> None:
    shared = DISTIL.replace("path: more.jsonl", "path: more.jsonl, dev_share: 0.1")
    with pytest.raises(RecipeError, match=r"distil\.sources: more: found a dev_share; only of"):
        read_recipe(write(tmp_path, MINIMAL + shared))


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_a_corpus_is_a_format(tmp_path: Path, form: str) -> None:
    text = MINIMAL.replace("path: train.jsonl", f"path: train.jsonl, format: {form}")
    assert read_recipe(write(tmp_path, text)).train[0].format == form


def test_labels_lie_relative_to_the_recipe(tmp_path: Path) -> None:
    public = "{name: corpus, format: newsmtsc, labels: labels/ours.jsonl}"
    text = MINIMAL.replace("{name: corpus, path: train.jsonl}", public)
    assert read_recipe(write(tmp_path, text)).train[0].labels == tmp_path / "labels" / "ours.jsonl"


def test_data_replaces_the_path_of_a_source(tmp_path: Path) -> None:
    recipe = read_recipe(write(tmp_path, MINIMAL), {"corpus": tmp_path / "other.jsonl"})
    assert recipe.train[0].path == tmp_path / "other.jsonl"
    assert recipe.dev[0].path == tmp_path / "dev.jsonl"


def test_data_without_a_name_is_for_the_only_source(tmp_path: Path) -> None:
    one = MINIMAL.replace("dev: [{name: dev, path: dev.jsonl}]", "").replace(
        "path: train.jsonl", "path: train.jsonl, dev_share: 0.2"
    )
    recipe = read_recipe(write(tmp_path, one), {"": tmp_path / "other.jsonl"})
    assert recipe.train[0].path == tmp_path / "other.jsonl"
    with pytest.raises(RecipeError, match=r"needs a name, NAME=PATH.*corpus, dev"):
        read_recipe(write(tmp_path, MINIMAL), {"": tmp_path / "other.jsonl"})


def test_a_start_is_a_folder_beside_the_recipe_or_the_shipped_model(tmp_path: Path) -> None:
    assert read_recipe(write(tmp_path, MINIMAL + "start: shipped\n")).start == "shipped"
    recipe = read_recipe(write(tmp_path, MINIMAL + "start: runs/mine\n"))
    assert recipe.start == str(tmp_path / "runs" / "mine")


def test_data_for_an_unknown_source_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="its sources: corpus, dev"):
        read_recipe(write(tmp_path, MINIMAL), {"corpse": tmp_path})


def test_the_repositorys_recipes_are_valid(repository: Path) -> None:
    recipes = [read_recipe(path) for path in sorted((repository / "configs").glob("*.yaml"))]
    assert {recipe.kind for recipe in recipes} == {"encoder", "baseline"}
    for recipe in recipes:
        assert all(path.is_file() for path in recipe.never_train)
        assert recipe.never_train, recipe.name
