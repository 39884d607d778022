# `make help` lists what can be done. Everything happens inside .venv; data lives under FOURWEEK_HOME (./var).
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/uv
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# Compiled modules are kept, whatever the shell says: the tests start some hundred commands and servers.
export PYTHONDONTWRITEBYTECODE :=
STAMP := $(VENV)/.synced
DOCS_STAMP := $(VENV)/.docs-synced
INTEROP := tests/interop/node_modules/.installed
AXE := tests/browser/axe/node_modules/.installed

.DEFAULT_GOAL := help
.PHONY: help setup demo demo-reset test lint types audit check bench interop axe prove package docs hooks screenshots screenshots-all clean

help: ## What can be done here
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

# uv makes the environment and installs exactly what uv.lock says. A uv on the PATH is used; otherwise it is
# installed into the environment.
$(STAMP): pyproject.toml uv.lock
	@if [ ! -x $(BIN)/python ]; then $(PYTHON) -m venv $(VENV) 2>/dev/null || uv venv -q $(VENV); fi
	@if [ ! -x $(UV) ]; then \
	  if command -v uv >/dev/null 2>&1; then ln -sf "$$(command -v uv)" $(UV); \
	  else $(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.8"; fi; fi
	@$(UV) sync --quiet --locked --inexact --compile-bytecode
	@touch $@

# Ours is compiled too, so that a service that may not write beside its code need not do it at every start. What is
# compiled already is only looked at.
setup: $(STAMP) ## Virtual environment with the locked dependencies
	@$(BIN)/python -m compileall -q platform courses assessments

demo: $(STAMP) ## A living school on http://127.0.0.1:8400 (FOURWEEK_PORT, FOURWEEK_HOME are honoured)
	@$(BIN)/fourweek demo

demo-reset: $(STAMP) ## Start the demonstration over with fresh data
	@$(BIN)/fourweek demo --reset

test: $(STAMP) ## The whole suite: SQLite, PostgreSQL and the browser walk
	@$(BIN)/python -m pytest -n 4 --dist worksteal -q

lint: $(STAMP) ## ruff, and whether everything is formatted
	@$(BIN)/ruff check . && $(BIN)/ruff format --check .

types: $(STAMP) ## mypy --strict over code and tests
	@$(BIN)/mypy

audit: $(STAMP) ## Known weaknesses in our code and in the locked packages (asks the network)
	@$(BIN)/python -m tests.audit

package: $(STAMP) ## Build the wheel and try it in an empty environment
	@$(BIN)/python -m tests.packaging

check: lint types docs test package ## Everything CI does

bench: $(STAMP) ## Speed of the pages beside a bare page of the same size, as ratios of one run
	@$(BIN)/python -m tests.bench

# What node needs to check our badges with libraries of others; nothing of it is shipped.
$(INTEROP): tests/interop/package.json tests/interop/package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
	  cd tests/interop && npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules/.installed; \
	else echo "npm is not installed: nobody but ourselves will check our badges."; fi

interop: $(INTEROP) ## The locked packages of the verifier in another language (needs node 20 and npm)

# What looks for barriers in the pages; nothing of it is shipped.
$(AXE): tests/browser/axe/package.json tests/browser/axe/package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
	  cd tests/browser/axe && npm ci --silent --ignore-scripts --no-audit --no-fund && touch node_modules/.installed; \
	else echo "npm is not installed: nobody will look for barriers in the pages."; fi

axe: $(AXE) ## The locked package that looks for barriers in the pages (needs npm)

prove: $(STAMP) $(INTEROP) $(AXE) ## The long proofs
	@$(BIN)/python -m pytest -n 2 --dist worksteal -q -m slow --override-ini addopts="--import-mode=importlib -p no:schemathesis --strict-markers -ra"

# What only the documentation site needs; the tests do without it.
$(DOCS_STAMP): $(STAMP)
	@$(UV) sync --quiet --locked --inexact --group docs
	@touch $@

docs: $(DOCS_STAMP) ## The documentation as a site in build/docs; a broken link fails it
	@$(BIN)/zensical build --clean --strict

screenshots: $(STAMP) ## Make the pictures of the README again
	@$(BIN)/python -m tests.browser.screenshots docs/screenshots

screenshots-all: $(STAMP) ## Every page for everybody at every width into screenshots-all/, with an index.html
	@$(BIN)/python -m tests.browser.rounds.pictures screenshots-all

hooks: $(STAMP) ## Run the checks before every commit
	@$(BIN)/pre-commit install

clean: ## Remove the environment and caches (never data)
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis dist
