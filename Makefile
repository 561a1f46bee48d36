# make report, make test: install everything into .venv, nothing else by hand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
TEST_STAMP := $(VENV)/.installed-test
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt
SCENARIO ?= renewed-key-old-copy

.PHONY: help install install-test report notebook test lint types unit pythons corpus pictures bench canary faults fuzz clean

help:
	@echo "make report    a report on the practice cluster, in reports/"
	@echo "make notebook  JupyterLab on the practice cluster"
	@echo "make test      everything that is tested"
	@echo "make unit      the part without servers"
	@echo "make pythons   that part on each other Python that is here"
	@echo "make lint      ruff on code and notebooks, types"
	@echo "make corpus    how many real messages are read right"
	@echo "make bench     what is promised about speed, in one table"
	@echo "make canary    every output of every scenario, searched for every credential"
	@echo "make faults    every endpoint with every fault, and what became of the run"
	@echo "make fuzz      hostile inputs: N=10000 for each target"
	@echo "make pictures  the pictures of the documentation (needs Chromium)"

install: $(STAMP)
install-test: $(TEST_STAMP)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Python 3.11 or newer is needed; name one: make PYTHON=python3.12"; exit 2; }
	$(PYTHON) -m venv $(VENV)

$(STAMP): $(BIN)/python pyproject.toml constraints.txt
	@echo "Installing into $(VENV) …"
	@$(PIP) -e .
	@touch $@

$(TEST_STAMP): $(STAMP)
	@$(PIP) -e '.[test]'
	@touch $@

# A found cause ends with 1: here that is what the run is for.
report: install
	@$(BIN)/runbook lab run $(SCENARIO) -- $(BIN)/runbook report || [ $$? -eq 1 ]

notebook: install
	@$(BIN)/runbook lab run $(SCENARIO) -- $(BIN)/runbook notebook

test: lint install-test
	@$(BIN)/python -m pytest -n auto --dist loadgroup

unit: install-test
	@$(BIN)/python -m pytest -n auto tests/unit

pythons:
	@for version in 3.12 3.13; do \
		if python$$version -c pass 2>/dev/null; \
		then $(MAKE) --no-print-directory unit PYTHON=python$$version VENV=.venv-$$version || exit 1; \
		else echo "Python $$version is not here: its tests are skipped."; fi; \
	done

lint: install-test
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

types: install-test
	@$(BIN)/mypy

corpus: install
	@$(BIN)/python corpus/score.py

# Compiled files first, as a wheel's installation has them.
bench: install-test
	@$(BIN)/python -m compileall -q runbook_lib
	@$(BIN)/python -m bench.run

canary: install-test
	@$(BIN)/python -m tests.trust.canary

faults: install-test
	@$(BIN)/python -m tests.trust.faults

N ?= 10000
fuzz: install-test
	@$(BIN)/python -m tests.trust.fuzz $(N)

pictures: install-test
	@$(BIN)/python docs/make_pictures.py

clean:
	rm -rf $(VENV) .venv-3.* reports build dist
