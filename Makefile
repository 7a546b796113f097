# `make run` starts Kodkod from a fresh checkout; `make test` runs every test. Both need Python
# 3.11+ and Node 20.19+; run twice, both are quick. `make help` lists the rest.

PYTHON ?= python3
DATA_DIR ?= data
HOST ?= 127.0.0.1
PORT ?= 8400
# Tests run side by side: many of them wait for a server, a worker or a lapse of time.
TESTS_AT_ONCE ?= 2

BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)
export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Two spinning OpenMP threads beside a busy neighbour run several times slower.
export OMP_WAIT_POLICY := PASSIVE
export GOMP_SPINCOUNT := 0

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

DISTRIBUTIONS := kernel $(sort $(patsubst %/pyproject.toml,%,$(wildcard plugins/*/pyproject.toml))) sdk .
METADATA := constraints.txt $(DISTRIBUTIONS:%=%/pyproject.toml)
EDITABLE := $(foreach folder,$(DISTRIBUTIONS),-e ./$(folder))
# A stamp's name holds the content it was made from: no date can fool it.
digest = $(shell cat $(1) | sha256sum | cut -c1-16)
INSTALLED := .stamps/installed-$(call digest,$(METADATA))
TEST_TOOLS := .stamps/tools-$(call digest,$(METADATA) tests/requirements.txt)

.PHONY: help run test install tools ui gates lint types imports audit web python browser \
	chromium bench openapi pictures clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 12

run: install ui  ## install, build the web UI and start the server with a demo project
	@exec kodkod serve --demo --data-dir $(DATA_DIR) --host $(HOST) --port $(PORT)

# Every gate runs even if an earlier one fails, and any failure fails the whole.
test: tools ui chromium  ## install what the tests need and run every test
	@$(MAKE) --keep-going --no-print-directory gates

gates: lint types imports audit web python

install: $(INSTALLED)
tools: $(TEST_TOOLS)

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Kodkod needs Python 3.11 or newer; name one with: make PYTHON=python3.11" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "On Debian: apt-get install python3-venv" >&2; exit 1; }

$(INSTALLED): | .venv/bin/python
	pip install --quiet --constraint constraints.txt editables hatchling
	pip install --quiet --constraint constraints.txt --no-build-isolation $(EDITABLE)
	@mkdir -p .stamps && rm -f .stamps/installed-* && touch $@

$(TEST_TOOLS): $(INSTALLED)
	pip install --quiet --constraint constraints.txt --requirement tests/requirements.txt
	@mkdir -p .stamps && rm -f .stamps/tools-* && touch $@

ui: install  ## build the web UI, if its sources changed
	@command -v npm >/dev/null || \
		{ echo "npm is missing: install Node.js 20.19 or newer" >&2; exit 1; }
	@python kernel/hatch_build.py

chromium:
	@if ! command -v chromium >/dev/null; then \
		if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
			apt-get update -qq && \
			DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium >/dev/null; \
		else \
			echo "The browser tests need Chromium. As root: apt-get install chromium" >&2; exit 1; \
		fi; \
	fi

lint: tools  ## ruff: rules and format
	ruff check .
	ruff format --check .

types: tools  ## pyright
	pyright

imports: tools  ## import-linter: who may import whom
	lint-imports

audit: tools  ## known vulnerabilities of the pinned dependencies
	python scripts/audit_dependencies.py

web: tools  ## the web UI's types, lint and unit tests
	python kernel/hatch_build.py --tools
	cd webui && npm run --silent check && npm test --silent

python: tools ui chromium  ## every Python test, the browser tests among them
	python kernel/hatch_build.py --tools
	@failed=0; \
	pytest --numprocesses $(TESTS_AT_ONCE) --dist loadfile --durations 40 -m "not alone" || failed=1; \
	pytest -m alone || failed=1; \
	exit $$failed

browser: tools ui chromium  ## only the web UI in a real browser against a real server
	python kernel/hatch_build.py --tools
	pytest tests/browser

openapi: tools  ## write docs/openapi.json again, and what is generated from it
	kodkod openapi --out docs/openapi.json
	python scripts/http_reference.py
	python scripts/sdk_types.py
	python scripts/modes_reference.py
	python scripts/server_words.py
	python kernel/hatch_build.py --tools
	cd webui && npm run --silent generate

bench: tools  ## measure the kernel's budget; prints a table and JSON
	python tests/benchmarks/budget.py

pictures: tools ui chromium  ## take the docs' pictures, of a demo server and by the browser tests
	@folder=$$(mktemp -d); trap 'kill %1 2>/dev/null; wait; rm -rf "$$folder"' EXIT; \
	KODKOD_ROOT_PASSWORD=pictures-only kodkod serve --demo --data-dir "$$folder" --port 8499 & \
	until curl -sf http://127.0.0.1:8499/api/v1/health >/dev/null; do sleep 0.2; done; sleep 15; \
	cd webui && BASE_URL=http://127.0.0.1:8499 PASSWORD=pictures-only \
	FOLDER=$(CURDIR)/docs/images node e2e/pictures.mjs
	PICTURES=$(CURDIR)/docs/images/pages pytest tests/browser

clean:  ## remove everything that was built or installed, but no data
	rm -rf .venv .stamps .pytest_cache .ruff_cache .hypothesis .import_linter_cache dist
	rm -rf webui/node_modules kernel/src/kodkod/web/static
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
