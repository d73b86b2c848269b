# Every verb for users and developers; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SAM_VENV := .venv-sam
LINT_VENV := .venv-lint
MUTANTS_VENV := .venv-mutants
ENGINE := tests/engine
MACHINE := statemachine/evolve.asl.json
WORKFLOWS := $(wildcard .github/workflows/*.yml) examples/targets/check.yml
SCRIPTS := $(filter-out %.min.js,$(wildcard cli/worstsort_cli/console/assets/*.js layers/evolution/worstsort/artefacts/assets/*.js tests/*/*.mjs))
RUN_ARGS ?=
CONFIG_ENV ?= default
PARAMETERS ?=
DEPLOY_OPTIONS ?=
STACK ?=
MUTANTS ?=
SHUFFLED ?=
# in the order of the tree, so that the files that take long come first
PYTEST := $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

help: ## List the verbs
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/; s/\$$\$$/$$/g' | expand -t 16

# --- environments: lock files name every package, so pip resolves nothing; a changed lock file is installed again

$(BIN)/python:
	$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), f"needs Python 3.11 or newer, found {sys.version}"'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.done: requirements/run.lock pyproject.toml | $(BIN)/python
	@echo "Setting up $(VENV), once: a minute or two"
	@if test -t 1; then while sleep 1; do printf .; done & trap "kill $$!; echo" EXIT; fi; \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/run.lock \
	&& $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.done: requirements/dev.lock $(VENV)/run.done
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.lock
	@touch $@

$(SAM_VENV)/done: requirements/sam.lock
	$(PYTHON) -m venv $(SAM_VENV)
	$(SAM_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/sam.lock
	@touch $@

$(LINT_VENV)/done: requirements/lint.lock
	$(PYTHON) -m venv $(LINT_VENV)
	$(LINT_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/lint.lock
	@touch $@

$(MUTANTS_VENV)/done: requirements/mutants.lock
	$(PYTHON) -m venv $(MUTANTS_VENV)
	$(MUTANTS_VENV)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/mutants.lock
	@touch $@

$(ENGINE)/node_modules/done: $(ENGINE)/package-lock.json
	@if command -v npm > /dev/null; then npm ci --prefix $(ENGINE) --silent --no-audit --no-fund; \
	else echo "npm was not found: the second engine of the state machine and the linter of the scripts are skipped." && mkdir -p $(@D); fi
	@touch $@

setup: $(VENV)/run.done ## Set up .venv with the worstsort command

# --- using it

run: setup ## Evolve a worst case in the embedded cloud (RUN_ARGS="--size 500 ...")
	$(BIN)/worstsort run $(RUN_ARGS)

# --- testing it

QUICK := not long and not slow and not fault and not oracle

check: $(VENV)/dev.done ## Format, style, types, layers and the quick unit tests: under a minute once the counters are compiled
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(PYTEST) -q tests/unit -m "$(QUICK)"

test: $(VENV)/dev.done $(ENGINE)/node_modules/done ## Run all tests that take seconds each
	$(PYTEST) -m "not slow and not fault and not oracle"

test-shuffled: $(VENV)/dev.done $(ENGINE)/node_modules/done ## Run the same in an order that nobody chose (SHUFFLED="--random-order-seed=7 tests/unit")
	$(PYTEST) -m "not slow and not fault and not oracle" --random-order $(SHUFFLED)

test-slow: $(VENV)/dev.done ## Run the exhaustive and long tests
	$(PYTEST) -m "slow and not fault and not oracle"

test-adapters: $(VENV)/dev.done ## Build and play the adapters in examples/targets with every compiler that is here
	$(PYTEST) tests/integration/test_target_adapters.py tests/integration/test_program_adapters.py

test-fault: $(VENV)/dev.done ## Kill, freeze and corrupt real parts of the system
	$(PYTEST) tests/fault

test-oracle: $(VENV)/dev.done ## Compare with real Go, installing it where possible
	tests/oracle/install_go
	$(PYTEST) -m oracle

coverage: $(VENV)/dev.done $(ENGINE)/node_modules/done ## Measure branch coverage across processes, and write it into docs/testing.md
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -n auto --dist loadfile -q -m "$(QUICK)"
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report
	$(BIN)/coverage json --quiet -o - | $(BIN)/python -m tools.measure_coverage

mutants: $(VENV)/dev.done $(ENGINE)/node_modules/done $(MUTANTS_VENV)/done ## Put faults in, and see which the tests notice (MUTANTS="--part genetic --sample 20 ...")
	$(MUTANTS_VENV)/bin/python -m tools.mutants $(MUTANTS)

limits: $(VENV)/dev.done ## Write docs/aws-limits.md, the limits of AWS that everything is held to
	$(BIN)/python -m tools.list_limits

gallery: $(VENV)/dev.done ## Draw the pictures of docs/guide, and photograph reports and the console where chromium is
	$(BIN)/python -m tools.gallery.guide
	@if command -v chromium > /dev/null && command -v chromedriver > /dev/null; \
	then $(BIN)/python -m tools.gallery.report && $(BIN)/python -m tools.gallery.console; \
	else echo "chromium was not found: no page is photographed."; fi

house: $(VENV)/dev.done ## Print the measurements of the code base for docs/architecture.md
	$(BIN)/python -m tools.measure_house

lint: $(VENV)/dev.done $(LINT_VENV)/done $(ENGINE)/node_modules/done validate ## Check style, types, security, template, state machine, image and scripts
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(LINT_VENV)/bin/bandit --quiet --configfile .bandit.yaml --recursive layers/evolution/worstsort functions batch_worker cli embedded
	$(BIN)/cfn-lint template.yaml
	$(LINT_VENV)/bin/checkov --config-file .checkov.yaml --file template.yaml
	$(LINT_VENV)/bin/statelint $(MACHINE)
	if test -d $(ENGINE)/node_modules/asl-validator; then node $(ENGINE)/node_modules/.bin/asl-validator --no-arn-check --json-path <(sed 's/$${Partition}/aws/' $(MACHINE)); fi
	if test -d $(ENGINE)/node_modules/@biomejs; then $(ENGINE)/node_modules/.bin/biome lint --config-path=$(ENGINE)/scripts.jsonc --error-on-warnings $(SCRIPTS); fi
	$(LINT_VENV)/bin/hadolint batch_worker/Dockerfile
	$(LINT_VENV)/bin/check-jsonschema --builtin-schema vendor.github-workflows $(WORKFLOWS)
	$(LINT_VENV)/bin/check-jsonschema --builtin-schema vendor.citation-file-format CITATION.cff
	$(LINT_VENV)/bin/zizmor --offline --no-progress --persona pedantic $(WORKFLOWS)

format: $(VENV)/dev.done ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

# --- the worker's image

image: setup ## Build the worker's image with Docker
	batch_worker/image build

test-image: setup $(VENV)/dev.done ## Build and test the image with a Docker engine of its own (Debian, root)
	DOCKER=/usr/bin/docker tests/image/with_docker bash -c "batch_worker/image build && $(BIN)/python -m pytest -rA tests/image"

# --- deploying it

validate: $(SAM_VENV)/done ## Validate the template as SAM does
	AWS_DEFAULT_REGION=$${AWS_DEFAULT_REGION:-us-east-1} $(SAM_VENV)/bin/sam validate --lint

build: $(SAM_VENV)/done ## Build the functions and the layer as SAM deploys them (needs python3.13 on PATH)
	$(SAM_VENV)/bin/sam build

deploy: setup $(SAM_VENV)/done ## Build, push the image, deploy, print how to start a run (CONFIG_ENV=dev PARAMETERS="MaxvCpus=64 ...")
	SAM=$(SAM_VENV)/bin/sam tools/deploy $(DEPLOY_OPTIONS) $(CONFIG_ENV) $(PARAMETERS)

base-image: setup ## Look up the base image's digest, and write it into the file that the build reads
	$(BIN)/python -m tools.deployment.base_image

destroy: setup ## Stop the runs of a stack and delete it, after asking (STACK=worstsort-dev)
	@test -n "$(STACK)" || { echo "say which: make destroy STACK=NAME" >&2; exit 2; }
	$(BIN)/python -m tools.deployment.destroy $(STACK)

smoke: setup ## Try a deployed stack with three small runs, two of them disturbed (STACK=NAME; under $$0.05)
	@test -n "$(STACK)" || { echo "say which: make smoke STACK=NAME" >&2; exit 2; }
	$(BIN)/python -m tools.smoke $(STACK)

# --- maintaining it

lock: ## Resolve all dependencies again (needs uv on PATH)
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --all-extras pyproject.toml -o requirements/dev.lock --upgrade
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --extra embedded --extra wasm --extra build pyproject.toml -c requirements/dev.lock -o requirements/run.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras requirements/sam.in -o requirements/sam.lock --upgrade
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras requirements/lint.in -o requirements/lint.lock --upgrade
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-strip-extras requirements/mutants.in -o requirements/mutants.lock --upgrade
	uv pip compile -q --universal --python-version 3.13 --generate-hashes --no-header --no-annotate requirements/layer.in -c requirements/run.lock -o layers/evolution/requirements.txt
	uv pip compile -q --universal --python-version 3.13 --generate-hashes --no-header --no-annotate requirements/worker.in -c requirements/run.lock -o requirements/worker.lock

sbom: $(VENV)/dev.done ## Write the bills of materials into build/, and the licences into docs/licences.md
	$(BIN)/python -m tools.list_materials build

ASSETS := layers/evolution/worstsort/artefacts/assets
UPLOT := 1.6.32
CONSOLE_ASSETS := cli/worstsort_cli/console/assets
DAGRE := 3.1.3

assets: ## Fetch the libraries of the pages from their npm packages (needs npm on PATH)
	folder=$$(mktemp -d) && npm pack --silent --pack-destination $$folder uplot@$(UPLOT) && tar xzf $$folder/uplot-$(UPLOT).tgz -C $$folder \
	&& cp $$folder/package/dist/uPlot.iife.min.js $$folder/package/dist/uPlot.min.css $(ASSETS)/ \
	&& cp $$folder/package/LICENSE $(ASSETS)/uPlot.LICENSE && rm -r $$folder
	folder=$$(mktemp -d) && npm pack --silent --pack-destination $$folder @dagrejs/dagre@$(DAGRE) && tar xzf $$folder/dagrejs-dagre-$(DAGRE).tgz -C $$folder \
	&& cp $$folder/package/dist/dagre.min.js $(CONSOLE_ASSETS)/ && cp $$folder/package/LICENSE $(CONSOLE_ASSETS)/dagre.LICENSE && rm -r $$folder

clean: ## Remove everything that the other verbs created, except runs
	rm -rf $(VENV) $(SAM_VENV) $(LINT_VENV) $(MUTANTS_VENV) $(ENGINE)/node_modules .aws-sam build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage*
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

.PHONY: help sbom base-image deploy destroy smoke image test-image setup run check coverage mutants limits gallery house test test-adapters test-shuffled test-slow test-fault test-oracle lint format validate build lock assets clean
