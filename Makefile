.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench docs

# The first of these that is 3.11 or newer and can make environments; a shim without a Python behind it is passed over.
CANDIDATES := python3.13 python3.12 python3.11 python3
FIND_PYTHON = for candidate in $(CANDIDATES); do \
	if $$candidate -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
	echo $$candidate; exit 0; fi; done; \
	echo 'Mailcheck needs Python 3.11 or newer with its venv module, found none of: $(CANDIDATES)' >&2; \
	echo 'On Debian: apt-get install python3 python3-venv' >&2; exit 1
PIP = -m pip install --quiet --disable-pip-version-check --no-input

help: ## Show what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-6s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: .venv/installed ## Make .venv with everything in it; done again only after a change of what is required

demo: setup ## Show the bot at work: no Slack needed, and nothing leaves this machine
	@.venv/bin/mailcheck demo

test: setup ## Run the tests and report the branches they cover
	@.venv/bin/coverage run -m pytest
	@.venv/bin/coverage report

lint: setup ## Check style, types and imports
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/basedpyright
	.venv/bin/lint-imports

bench: .venv-bench/installed ## Measure speed, beside other tools where they answer the same questions
	@set -e; for script in benchmarks/[!_]*.py; do echo "== $$script"; .venv-bench/bin/python $$script; done

docs: setup ## Write the generated pages of docs/ anew
	@.venv/bin/python -P docs/generate.py  # -P: docs/checks is no package
	@.venv/bin/python -P docs/examples.py

.venv/installed: requirements/dev.txt
.venv-bench/installed: requirements/bench.txt

# An environment whose Python has gone or is too old is made anew; any other is brought up to date.
# Warnings are ignored in the last step only: setuptools warns of every editable installation.
%/installed: pyproject.toml
	@if ! $*/bin/python -c 'import sys, pip; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then \
		python=$$($(FIND_PYTHON)) || exit 1; \
		echo "Making $* with $$($$python --version); the first time takes a minute or two."; \
		$$python -m venv --clear $*; fi
	@$*/bin/python $(PIP) --require-hashes --requirement $(filter requirements/%,$^)
	@$*/bin/python -W ignore $(PIP) --no-deps --no-build-isolation --editable .
	@touch $@
