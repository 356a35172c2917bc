# `make run` and `make test` do all the set-up there is: the environment is .venv, made on first use.
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run serve test unit check faults simulate screenshots validate package deploy audit fuzz openapi bench lock clean help
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.local ## send one verification through the real handler to the embedded emulator
	@$(BIN)/fcapi invoke events/http.json

serve: .venv/.local ## serve both functions as Function Compute does, on 127.0.0.1 (SERVE_ARGS="--port 0")
	@$(BIN)/fcapi serve $(SERVE_ARGS)

test: .venv/.development ## run the whole test suite, with branch coverage
	@$(BIN)/python -m tests.interpreters
	@rm -f .coverage .coverage.*
	$(BIN)/coverage run -m pytest --numprocesses auto --dist loadgroup $(PYTEST_ARGS)
	@$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

unit: .venv/.development ## run the fast tests, without coverage
	@$(BIN)/pytest --quiet tests/unit tests/docs

check: .venv/.development ## lint, formatting, strict types, and the directions of import
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/pytest --quiet tests/unit/test_import_arrows.py

faults: .venv/.development ## try every fault of the API and the network, and write docs/faults.md
	@$(BIN)/python -m tests.faults

# The tests need no plugins but the one that pyproject.toml has options for, and nothing of the other tests.
TEMPLATE_TESTS = $(BIN)/pytest --quiet --no-header -rN --tb=short --assert=plain --disable-plugin-autoload \
	-p pytest_socket --confcutdir=tests/template tests/template/test_*.py

validate: .venv/.development ## check template.yml offline: by the vendor's metadata, then by our own tests of it
	@$(BIN)/python -m local.template; checked=$$?; $(TEMPLATE_TESTS) && exit $$checked

package: .venv/.local ## build what is deployed into dist/, for each Python of the cloud
	@$(BIN)/python -m local.package

deploy: .venv/.development package ## upload the package, create or update the stack (STACK REGION BUCKET PROFILE)
	@$(BIN)/python -m local.account

audit: .venv/.development ## ask for known vulnerabilities in what is deployed
	@$(BIN)/python -m local.package.audit

fuzz: .venv/.development ## try hostile events on both functions (SECONDS=60, or EVENTS; JOBS=1 SEED)
	@$(BIN)/python -m tests.fuzz $(if $(EVENTS),--events $(EVENTS),--seconds $(or $(SECONDS),60)) \
		--jobs $(or $(JOBS),1) $(if $(SEED),--seed $(SEED))

simulate: .venv/.development ## try schedules of faults in virtual time (SEEDS=10000 JOBS JSON=1; SEED shows one)
	@$(BIN)/python -m tests.simulation$(if $(PLANTED),.planted --search 5000) $(if $(SEED),--seed $(SEED)) \
		$(if $(SEEDS),--seeds $(SEEDS)) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json)

screenshots: .venv/.development ## make the README's pictures of the console (needs a Chromium)
	@$(BIN)/python -m tests.browser.screenshots

openapi: .venv/.development ## write openapi.yaml anew, from the request's own model
	@$(BIN)/python -m local.openapi

bench: .venv/.development ## measure what the functions cost next to other handlers (FULL=1 writes it down)
	@$(BIN)/python -m benchmarks $(if $(FULL),--full)

COMPILE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	--no-emit-index-url --no-header pyproject.toml

lock: .venv/.development ## renew the pinned and hashed requirement files
	$(COMPILE) --output-file requirements/deployed.txt
	$(COMPILE) --constraints requirements/deployed.txt --group local --output-file requirements/local.txt
	$(COMPILE) --constraints requirements/local.txt --group development --output-file requirements/development.txt

clean: ## remove everything that can be made again
	rm -rf .venv .venv-3.* .wheels .bench .fuzz dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or newer is needed; '$(PYTHON)' is not. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/.local: .venv/bin/python requirements/local.txt pyproject.toml
	@echo "Installing what running needs into .venv ..."
	@$(PIP) --no-compile --require-hashes --requirement requirements/local.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.development: .venv/.local requirements/development.txt
	@echo "Installing what development needs into .venv ..."
	@$(PIP) --require-hashes --requirement requirements/development.txt
	@touch $@
