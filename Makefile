# Everything is done from here. `make` alone says what there is.
#
# Set-up is made once: a stamp file beside what it made is older than the lock files only when
# these have changed, and then it is made again.

SHELL := /usr/bin/env bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:
MAKEFLAGS += --no-builtin-rules

PORT ?= 8000
SERVE ?= 1
WORKERS ?= auto

BIN := .venv/bin
PYTHON_READY := .venv/.ready
NODE_READY := node_modules/.ready
ASSETS_READY := tracker/static/manifest.json
CHROMIUM_READY := .venv/.chromium
STAGE := scripts/stage.sh

.PHONY: help
help:  ## Say what there is
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' \
		| while IFS=$$'\t' read -r name words; do printf '  make %-10s %s\n' "$$name" "$$words"; done

$(PYTHON_READY): requirements/base.txt requirements/dev.txt setup.cfg pyproject.toml \
		scripts/venv.sh scripts/apt.sh
	@echo "Setting up Python"
	@PYTHON="$(PYTHON)" scripts/venv.sh
	@touch $@

$(NODE_READY): package.json package-lock.json .npmrc scripts/node-modules.sh
	@echo "Setting up the front end"
	@scripts/node-modules.sh
	@touch $@

$(ASSETS_READY): $(NODE_READY) scripts/build-assets.mjs $(shell find assets -type f 2>/dev/null)
	@echo "Building style sheets, scripts and fonts"
	@node scripts/build-assets.mjs

# The recipe runs again when the browser named in the stamp has gone.
$(CHROMIUM_READY): $(PYTHON_READY) scripts/chromium.sh scripts/apt.sh \
		$(if $(shell test -x "$$(cat .venv/.chromium 2>/dev/null)" && echo there),,missing-chromium)
	@scripts/chromium.sh > $@

.PHONY: missing-chromium
missing-chromium:

.PHONY: setup
setup: $(PYTHON_READY) $(ASSETS_READY)  ## Install Python and Node packages, build the assets

.PHONY: assets
assets: $(ASSETS_READY)  ## Build style sheets, scripts and fonts

.PHONY: demo
demo: setup  ## Load the example plans, write the packs, serve on PORT (SERVE=0: do not serve)
	@PORT="$(PORT)" $(BIN)/tracker demo $(if $(filter 0 no,$(SERVE)),--no-serve)

.PHONY: test
test: setup $(CHROMIUM_READY)  ## Run every check and every test
	@started=$$SECONDS; \
	$(MAKE) --no-print-directory lint types contracts fast rest; \
	printf '\nEverything passed in %d s\n' "$$((SECONDS - started))"

.PHONY: lint
lint: $(PYTHON_READY)  ## Check style and layout of the code
	@$(STAGE) lint bash -c '$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .'

.PHONY: types
types: $(PYTHON_READY)  ## Check types
	@$(STAGE) types $(BIN)/mypy

.PHONY: contracts
contracts: $(PYTHON_READY)  ## Check that imports follow foreign keys
	@$(STAGE) contracts $(BIN)/lint-imports --no-logo

.PHONY: fast
fast: $(PYTHON_READY)  ## Test the rules only: a few seconds
	@$(STAGE) rules $(BIN)/pytest -q tests/rules

.PHONY: rest
rest: setup $(CHROMIUM_READY)
	@export TRACKER_TEST_CHROMIUM="$$(cat $(CHROMIUM_READY))"; \
	$(STAGE) tests $(BIN)/pytest -q -n $(WORKERS) --dist loadfile --no-loadscope-reorder \
		--ignore=tests/rules tests

.PHONY: wheel
wheel: setup  ## Build the installable package into dist/
	@rm -rf build dist
	@$(BIN)/python -m build --wheel --no-isolation --outdir dist . >/dev/null
	@rm -rf build *.egg-info
	@ls dist/*.whl

.PHONY: clean
clean:  ## Remove everything that was made
	@rm -rf .venv node_modules tracker/static build dist *.egg-info \
		.hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
