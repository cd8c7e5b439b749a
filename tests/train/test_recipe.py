"""Recipes are checked when they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from connote.data.public import FORMS
from connote.train.recipe import RecipeError, read_recipe

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
        ("[{name: dev, path: dev.jsonl}]", "[]", "expected at least one source"),
        ("path: train.jsonl", "format: newspaper", "allowed: connote, newsmtsc"),
        ("{name: corpus, path: train.jsonl}", "{name: corpus}", "needs a path"),
        ("{name: corpus, path: train.jsonl}", "train.jsonl", "expected name, format, path"),
        ("path: train.jsonl", "path: train.jsonl, labels: a.jsonl", "labels: a source of format"),
        ("path: train.jsonl", "path: train.jsonl, label: a.jsonl", "allowed: name, .*, labels"),
    ],
)
def test_a_wrong_shape_is_named(tmp_path: Path, old: str, new: str, message: str) -> None:
    assert old in MINIMAL
    with pytest.raises(RecipeError, match=message):
        read_recipe(write(tmp_path, MINIMAL.replace(old, new)))


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


def test_data_for_an_unknown_source_names_the_known_ones(tmp_path: Path) -> None:
    with pytest.raises(RecipeError, match="its sources: corpus, dev"):
        read_recipe(write(tmp_path, MINIMAL), {"corpse": tmp_path})


def test_the_repositorys_recipes_are_valid(repository: Path) -> None:
    recipes = [read_recipe(path) for path in sorted((repository / "configs").glob("*.yaml"))]
    assert {recipe.kind for recipe in recipes} == {"encoder", "baseline"}
    for recipe in recipes:
        assert all(path.is_file() for path in recipe.never_train)
        assert recipe.never_train, recipe.name
