# connote: every task is a target here; `make help` lists them.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
MODEL  ?=
# A folder with NewsMTSC; without one the corpus comes from the Hugging Face Hub.
NEWSMTSC ?=

# Only these two have data of their own to fall back on.
evaluate compare: DATA ?= data/corpus/test.jsonl

.DEFAULT_GOAL := help
.PHONY: help demo test setup train baseline evaluate compare benchmark benchmark-speed articles speakers audit corpus score simulate
.PHONY: lint clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 17

demo: $(VENV)/core ## score the sample archive (installs the core only)
	$(BIN)/connote score data/demo/archive.jsonl --text-column paragraphs --by outlet

test: $(VENV)/everything ## run the tests (installs all extras)
	HF_HUB_OFFLINE=1 $(BIN)/python -m pytest $(PYTEST)

setup: $(VENV)/everything ## make .venv with all extras

train: $(VENV)/everything ## train the shipped kind of model; NEWSMTSC=FOLDER takes it from disk
	$(BIN)/connote train configs/connote.yaml $(if $(NEWSMTSC),--data newsmtsc=$(NEWSMTSC))

baseline: $(VENV)/everything ## train the baseline, in seconds
	$(BIN)/connote train configs/baseline.yaml

evaluate: $(VENV)/everything ## compare a model with labelled records; MODEL=FOLDER DATA=FILE
	$(BIN)/connote evaluate $(DATA) $(if $(MODEL),--model $(MODEL))

compare: $(VENV)/everything ## plain rule, baseline and model side by side on DATA=FILE
	$(BIN)/python -m connote.train.sidebyside $(DATA)

benchmark: $(VENV)/everything ## train and evaluate on public corpora; DATA=FOLDER with one for each
	@test -d "$(DATA)" || { echo 'usage: make benchmark DATA=FOLDER [ONLY="babe gwsd"]'; exit 2; }
	$(BIN)/python -m connote.train.benchmark $(DATA) $(ONLY)

benchmark-speed: $(VENV)/everything ## speed beside a Transformers pipeline, and memory; DATA=FILE with articles
	$(BIN)/python -m connote.train.speed $(DATA)

speakers: $(VENV)/everything ## speakers and referents in articles of BASIL; DATA=FILE with them
	@test -n "$(DATA)" || { echo 'usage: make speakers DATA=articles.jsonl [MODEL=FOLDER]'; exit 2; }
	$(BIN)/python -m connote.train.attributions $(DATA) $(MODEL)

articles: $(VENV)/everything ## mentions found in whole articles of BASIL; DATA=FILE with them
	@test -n "$(DATA)" || { echo 'usage: make articles DATA=articles.jsonl [MODEL=FOLDER]'; exit 2; }
	$(BIN)/python -m connote.train.articles $(DATA) $(MODEL)

audit: $(VENV)/everything ## does the model cheat? MODEL=FOLDER
	$(BIN)/connote audit $(MODEL)

corpus: $(VENV)/core ## check and describe the corpus
	$(BIN)/connote corpus check data/corpus/*.jsonl
	$(BIN)/connote corpus stats data/corpus/*.jsonl

score: $(VENV)/core ## score documents; IN=FILE OUT=FILE
	@test -n "$(IN)" -a -n "$(OUT)" || { echo 'usage: make score IN=news.jsonl OUT=scores.parquet'; exit 2; }
	$(BIN)/connote score $(IN) -o $(OUT)

simulate: $(VENV)/everything ## do corrected intervals hold? the whole grid, in minutes; RUNS=1000
	$(BIN)/python -m connote.study.simulation $(RUNS)

lint: $(VENV)/everything ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	@mkdir -p $(VENV)/types && ln -sfn ../.. $(VENV)/types/connote
	MYPYPATH=$(VENV)/types $(BIN)/mypy
	$(BIN)/lint-imports

clean: ## remove .venv and everything built
	rm -rf $(VENV) build dist runs *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/core: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/everything: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[html,ray,study,train,test]'
	@touch $@ $(VENV)/core
