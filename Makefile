# `make run` and `make test` do all the set-up there is: the environment is .venv, made on first use.
PYTHON ?= python3
BIN := .venv/bin

# pip's own settings say where packages come from. Where they go, and which, is said here alone.
PIP := PIP_USER=0 PIP_TARGET= PIP_PREFIX= PIP_ROOT= PIP_REQUIRE_HASHES=0 \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check

# What pip says goes to stderr, but for its many words about an index that it does not reach.
NO_INDEX := connection broken by|connection error|[Mm]ax retries|[Tt]imed? ?out|Failed to connect|from versions: none
INSTALL = install() { $(PIP) "$$@" 2>.venv/pip.log || { grep -Eq '$(NO_INDEX)' .venv/pip.log && \
	echo "pip reaches no package index, so nothing was installed: is there a network?" >&2 || \
	cat .venv/pip.log >&2; exit 1; }; }; install

# What the command line sets reaches the commands as it was written: make would expand each `$$` in it.
$(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))), \
	$(eval override $(name) := $$(value $(name)))$(eval export $(name))))

AS_JSON = $(if $(JSON),--json)

.PHONY: run serve test unit check faults simulate screenshots validate package deploy smoke sdks audit fuzz mutants openapi bench lock clean help
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.local ## send one verification to the embedded emulator
	@$(BIN)/fcapi invoke events/http.json

serve: .venv/.local ## serve both functions on 127.0.0.1 (SERVE_ARGS=--open)
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

faults: .venv/.development ## try every fault, and write docs/faults.md
	@$(BIN)/python -m tests.faults

# The tests need no plugins but the one that pyproject.toml has options for, and nothing of the other tests.
TEMPLATE_TESTS = $(BIN)/pytest --quiet --no-header -rN --tb=short --assert=plain --disable-plugin-autoload \
	-p pytest_socket --confcutdir=tests/template tests/template/test_*.py

validate: .venv/.development ## check template.yml offline (JSON=1)
	@$(BIN)/python -m local.template $(AS_JSON); checked=$$?; $(TEMPLATE_TESTS) $(if $(JSON),1>&2) && exit $$checked

package: .venv/.local ## build what is deployed into dist/, for each Python of the cloud
	@$(BIN)/python -m local.package

deploy: .venv/.deploy ## preview, ask, deploy (STACK REGION BUCKET PROFILE DRY_RUN YES)
	@$(BIN)/python -m local.account.deploy

smoke: .venv/.deploy ## try a deployed stack (STACK REGION PROFILE CONTACT NUMBER)
	@$(BIN)/python -m local.account.smoke

sdks: .venv/.deploy ## install the vendor's SDKs, for deploy, smoke and --remote

audit: .venv/.development ## ask for known vulnerabilities in what is deployed (JSON=1)
	@$(BIN)/python -m local.package.audit $(AS_JSON)
	@$(BIN)/python -m local.package.audit $(AS_JSON) requirements/deploy.txt

fuzz: .venv/.development ## try hostile events (SECONDS=60, or EVENTS; JOBS SEED JSON)
	@$(BIN)/python -m tests.fuzz $(if $(EVENTS),--events $(EVENTS),--seconds $(or $(SECONDS),60)) \
		--jobs $(or $(JOBS),1) $(if $(SEED),--seed $(SEED)) $(AS_JSON)

mutants: .venv/.development ## list changes no test notices (SECONDS=600 COUNT SEED JOBS JSON)
	@$(BIN)/python -m tests.mutants $(if $(SECONDS),--seconds $(SECONDS)) $(if $(COUNT),--count $(COUNT)) \
		$(if $(SEED),--seed $(SEED)) $(if $(JOBS),--jobs $(JOBS)) $(AS_JSON) $(MODULES)

simulate: .venv/.development ## try schedules of faults (SEEDS=10000 JOBS JSON=1; SEED)
	@$(BIN)/python -m tests.simulation$(if $(PLANTED),.planted --search 5000) $(if $(SEED),--seed $(SEED)) \
		$(if $(SEEDS),--seeds $(SEEDS)) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json)

screenshots: .venv/.development ## make the README's pictures of the console (needs a Chromium)
	@$(BIN)/python -m tests.browser.screenshots

openapi: .venv/.development ## write openapi.yaml anew, from the request's own model
	@$(BIN)/python -m local.openapi

bench: .venv/.development ## measure cost next to other handlers (FULL=1 FIRST=1)
	@$(BIN)/python -m benchmarks $(if $(FULL),--full) $(if $(FIRST),--first)

COMPILE_ALONE = $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
	--no-emit-index-url --no-header
COMPILE = $(COMPILE_ALONE) pyproject.toml

lock: .venv/.development ## renew the pinned and hashed requirement files
	$(COMPILE) --output-file requirements/deployed.txt
	$(COMPILE) --constraints requirements/deployed.txt --group local --output-file requirements/local.txt
	$(COMPILE_ALONE) --group build --output-file requirements/build.txt
	$(COMPILE) --constraints requirements/local.txt --group deploy --output-file requirements/deploy.txt
	$(COMPILE) --constraints requirements/deploy.txt --group development --output-file requirements/development.txt

clean: ## remove everything that can be made again
	rm -rf .venv .venv-3.* .wheels .bench .fuzz .mutants dist .coverage .coverage.* .hypothesis .mypy_cache .pytest_cache .ruff_cache

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or newer is needed; '$(PYTHON)' is not. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "'$(PYTHON) -m venv' failed; on Debian and Ubuntu: apt-get install python3-venv"; exit 1; }

.venv/.local: .venv/bin/python requirements/local.txt pyproject.toml
	@echo "Installing what running needs into .venv ..."
	@$(INSTALL) --no-compile --require-hashes --requirement requirements/local.txt
	@$(INSTALL) --no-deps --no-build-isolation --editable .
	@touch $@

# Some of the SDKs have no wheel: what builds them is pinned and hashed, too.
.venv/.deploy: .venv/.local requirements/build.txt requirements/deploy.txt
	@echo "Installing what deploying needs into .venv ..."
	@$(INSTALL) --require-hashes --requirement requirements/build.txt
	@$(INSTALL) --require-hashes --no-build-isolation --requirement requirements/deploy.txt
	@touch $@

.venv/.development: .venv/.local requirements/development.txt
	@echo "Installing what development needs into .venv ..."
	@$(INSTALL) --require-hashes --requirement requirements/development.txt
	@touch $@
