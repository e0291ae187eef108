# `make run` and `make test` need Python 3.11 or later and nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test lint clean

help: ## What can be made
	@sed -n 's/^\([a-z.]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: $(VENV)/.installed ## Set everything up and serve the bridge (HOST, PORT and all settings by environment)
	@exec $(BIN)/python manage.py serve

test: $(VENV)/.installed-dev ## Set everything up, start PostgreSQL, Redis and Zou, run all tests
	@$(BIN)/python -m tests.servers --sets auto -- sh tests/servers/all.sh $(BIN)/python $(ARGS)

lint: $(VENV)/.installed-dev ## ruff, mypy, templates, migrations
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/djlint --lint --quiet templates
	@DATA_DIR=$(VENV)/lint $(BIN)/python manage.py makemigrations --check --dry-run

clean: ## Remove what was set up; not the data in .run
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV): ## The virtual environment with what the bridge needs, for a server
	@$(MAKE) --no-print-directory $(VENV)/.installed

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Kitsu Bridge needs Python 3.11 or later; this is %d.%d. Set PYTHON=..." % sys.version_info[:2])'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the bridge needs (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	@echo "Installing what the tests need (once)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
