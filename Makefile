# `make run` and `make test` do all the set-up there is: the environment is .venv, made on first use.
PYTHON ?= python3
BIN := .venv/bin

# pip's own settings say where packages come from. Where they go, and which, is said here alone.
PIP = env PIP_USER=0 PIP_TARGET= PIP_PREFIX= PIP_ROOT= PIP_REQUIRE_HASHES=0 \
	$(RUN) pip install --quiet --disable-pip-version-check

# What a command says goes to stderr, but for its many words about a package index that it does not reach.
NO_INDEX := connection broken by|connection error|max retries|timed? ?out|failed to (connect|fetch)|from versions: none
ASK_INDEX = ask_index() { "$$@" 2>.venv/asked.log || { grep -Eiq '$(NO_INDEX)' .venv/asked.log && \
	echo "No package index is reached, so nothing was done: is there a network?" >&2 || \
	cat .venv/asked.log >&2; exit 1; }; }; ask_index
INSTALL = $(ASK_INDEX) $(PIP)

TARGETS := run serve demo test test-one unit check fix faults drill simulate screenshots validate package deploy smoke \
	sdks audit fuzz mutants openapi bench lock clean help

# What the command line may set: PYTHON, the variables of the targets that it names, and what other programs read. Anything
# else would be ignored without a word, and DRYRUN=1 deploy.
OF_FUNCTIONS := RESOURCE_DIRECTORY_ENDPOINT CONNECT_TIMEOUT_SECONDS READ_TIMEOUT_SECONDS MAX_ATTEMPTS LOG_LEVEL \
	COOLDOWN_STORE_URL COOLDOWN_STORE_PLAINTEXT COOLDOWN_STORE_CA COOLDOWN_HASH_KEY HTTP_COOLDOWN_SECONDS \
	EVENT_COOLDOWN_SECONDS HTTP_SENDS_PER_DAY SWEEP_COOLDOWN_SECONDS MAX_SENDS_PER_RUN MAX_TEXTS_PER_NUMBER \
	SWEEP_CHANNELS MAX_EMAILS_PER_RUN MAX_MAILS_PER_ADDRESS
TAKES_run := $(OF_FUNCTIONS)
TAKES_serve := SERVE_ARGS $(OF_FUNCTIONS)
TAKES_demo := CONTACTS DAYS SEED
TAKES_test := PYTEST_ARGS
TAKES_test-one := T
TAKES_drill := ALERT JSON
TAKES_simulate := SEEDS JOBS JSON SEED PLANTED
TAKES_validate := JSON
TAKES_package := RUNTIME STORE_CA JSON
TAKES_deploy := STACK REGION BUCKET PROFILE ECS_ROLE RUNTIME PARAMETERS PARAMETERS_FILE PACKAGE CODE_OBJECT \
	CREATE_BUCKET REPLACE DRY_RUN YES
TAKES_smoke := STACK REGION PROFILE ECS_ROLE CONTACT NUMBER GATEWAY_URL SERVE JSON
TAKES_audit := JSON
TAKES_fuzz := SECONDS EVENTS JOBS SEED JSON
TAKES_mutants := SECONDS COUNT SEED JOBS JSON MODULES
TAKES_bench := FULL FIRST
OF_OTHERS := ALIBABA_CLOUD_% FCAPI_% ENDPOINT_URL% PIP_% UV_% %_PROXY %_proxy NO_COLOR BROWSER SHELL MAKEFLAGS

# A goal that is a file is a step of some target, so it takes what any target takes.
GOALS := $(or $(MAKECMDGOALS),help)
TAKEN := $(strip $(foreach target,$(if $(filter-out $(TARGETS),$(GOALS)),$(TARGETS),$(GOALS)),$(TAKES_$(target))))
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
NEAREST = $(shell $(PYTHON) -c 'import difflib, sys; near = difflib.get_close_matches(sys.argv[1].upper(), sys.argv[2:], 1); \
	print(*(f": did you mean {name}?" for name in near))' '$(subst ','\'',$(1))' $(TAKEN))
$(foreach name,$(filter-out PYTHON $(TAKEN) $(OF_OTHERS),$(GIVEN)), \
	$(error make $(GOALS) takes no $(name)$(or $(call NEAREST,$(name)),.) It takes $(or $(TAKEN),no variables)))

# It reaches the commands as it was written: make would expand each `$$` in it.
$(foreach name,$(GIVEN),$(eval override $(name) := $$(value $(name)))$(eval export $(name)))

AS_JSON = $(if $(JSON),--json)

# Runs a module; Ctrl+C ends it without a traceback, however early it comes. The `env` of macOS cannot have a signal wait.
WITH_CTRL_C_WAITING := $(shell env --block-signal=INT true 2>/dev/null && echo env --block-signal=INT)
RUN := $(WITH_CTRL_C_WAITING) $(BIN)/python local/interruptible.py

.PHONY: $(TARGETS)
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-11s %s\n", $$1, $$2} sub(/^## /, "") {printf "%17s%s\n", "", $$0}' \
		$(MAKEFILE_LIST)

run: .venv/.local ## send one verification to the embedded emulator (settings)
	@$(RUN) local.commands invoke events/http.json

serve: .venv/.local ## serve both functions on 127.0.0.1 (SERVE_ARGS=--open, settings)
	@$(RUN) local.commands serve $(SERVE_ARGS)

demo: .venv/.local ## sweep 300 contacts for 60 simulated days (CONTACTS DAYS SEED)
	@$(RUN) local.demo

# Hundreds of processes: without bytecode, each would compile the project again. To Python, an empty one counts as unset.
test: export PYTHONDONTWRITEBYTECODE :=
test: .venv/.development ## run the whole test suite, with branch coverage (PYTEST_ARGS=-x)
	@$(RUN) tests.interpreters
	@rm -f .coverage .coverage.*
	$(RUN) coverage run -m pytest --numprocesses auto --dist loadgroup --no-loadscope-reorder $(PYTEST_ARGS)
	@$(RUN) coverage combine --quiet
	$(RUN) coverage report

unit: .venv/.development ## run the fast tests, without coverage
	@$(RUN) pytest --quiet tests/unit tests/docs

check: .venv/.development ## lint, formatting, strict types, and the directions of import
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(RUN) mypy
	$(RUN) pytest --quiet tests/unit/test_import_arrows.py

fix: .venv/.development ## format the code, and fix what lint can fix
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

test-one: .venv/.development ## run some tests (T=tests/unit/test_settings.py)
	@$(RUN) pytest --quiet --numprocesses 0 $(or $(T),$(error T names a file, a folder or a test))

faults: .venv/.development ## try every fault, and write docs/faults.md
	@$(RUN) tests.faults

# The tests need no plugins but the one that pyproject.toml has options for, and nothing of the other tests.
TEMPLATE_TESTS = $(RUN) pytest --quiet --no-header -rN --tb=short --assert=plain --disable-plugin-autoload \
	-p pytest_socket --confcutdir=tests/template tests/template/test_*.py

validate: .venv/.development ## check template.yml offline (JSON=1)
	@$(RUN) local.template $(AS_JSON); checked=$$?; $(TEMPLATE_TESTS) $(if $(JSON),1>&2) && exit $$checked

package: .venv/.local ## build what is deployed into dist/ (RUNTIME STORE_CA JSON=1)
	@$(RUN) local.package

deploy: .venv/.local ## preview, ask, deploy (STACK REGION BUCKET PROFILE ECS_ROLE
## RUNTIME PARAMETERS PARAMETERS_FILE PACKAGE CODE_OBJECT
## CREATE_BUCKET=1 REPLACE=1 DRY_RUN=1 YES=1)
	@$(RUN) local.account.deploy --check
	@$(MAKE) --no-print-directory .venv/.deploy
	@$(RUN) local.account.deploy

smoke: .venv/.local ## try a deployed stack (STACK REGION PROFILE ECS_ROLE
## CONTACT NUMBER GATEWAY_URL; or SERVE=URL; JSON=1)
	@$(RUN) local.account.smoke --check
	@$(MAKE) --no-print-directory .venv/.deploy
	@$(RUN) local.account.smoke

sdks: .venv/.deploy ## install the vendor's SDKs, for deploy, smoke and --remote

audit: .venv/.development ## ask for known vulnerabilities in what is deployed (JSON=1)
	@$(RUN) local.package.audit $(AS_JSON)
	@$(RUN) local.package.audit $(AS_JSON) requirements/deploy.txt

fuzz: .venv/.development ## try hostile events (SECONDS=60, or EVENTS; JOBS SEED JSON)
	@$(RUN) tests.fuzz $(if $(EVENTS),--events $(EVENTS),--seconds $(or $(SECONDS),60)) \
		--jobs $(or $(JOBS),1) $(if $(SEED),--seed $(SEED)) $(AS_JSON)

drill: .venv/.local ## play each alert's cause here, see the log (ALERT=name JSON=1)
	@$(RUN) local.drill

mutants: .venv/.development ## list changes no test notices (SECONDS=600 COUNT SEED JOBS
## JSON=1 MODULES=cooldown/)
	@$(RUN) tests.mutants $(if $(SECONDS),--seconds $(SECONDS)) $(if $(COUNT),--count $(COUNT)) \
		$(if $(SEED),--seed $(SEED)) $(if $(JOBS),--jobs $(JOBS)) $(AS_JSON) $(MODULES)

simulate: .venv/.development ## try schedules of faults (SEEDS=10000 JOBS JSON; SEED; PLANTED)
	@$(RUN) tests.simulation$(if $(PLANTED),.planted --search 5000) $(if $(SEED),--seed $(SEED)) \
		$(if $(SEEDS),--seeds $(SEEDS)) $(if $(JOBS),--jobs $(JOBS)) $(if $(JSON),--json)

screenshots: .venv/.development ## make the README's pictures of the console (needs a Chromium)
	@$(RUN) tests.browser.screenshots

openapi: .venv/.development ## write openapi.yaml anew, from the request's own model
	@$(RUN) local.openapi

bench: .venv/.development ## measure cost next to other handlers (FULL=1 FIRST=1)
	@$(RUN) benchmarks $(if $(FULL),--full) $(if $(FIRST),--first)

COMPILE_ALONE = @$(ASK_INDEX) $(BIN)/uv pip compile --quiet --upgrade --universal --python-version 3.10 --generate-hashes \
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
	@$(WITH_CTRL_C_WAITING) $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
		{ echo "Python 3.10 or newer is needed; '$(PYTHON)' is not. Name another: make PYTHON=python3.12 ..."; exit 1; }
	@trap 'rm -rf .venv; exit 130' INT; $(WITH_CTRL_C_WAITING) $(PYTHON) local/interruptible.py venv .venv || \
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
