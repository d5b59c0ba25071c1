# All that is done with a checkout. The first `make` of anything also makes .venv, with the versions of constraints.txt.

PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input

# Two cores: idle threads must not spin. And nothing looks for a network while it runs.
export OMP_WAIT_POLICY := PASSIVE
export GOMP_SPINCOUNT := 0
export TOKENIZERS_PARALLELISM := false
export HF_HUB_OFFLINE := 1

.PHONY: help demo benchmarks corpus test check lint types links clean

help:  ## say what there is (what `make` alone does)
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(STAMP)  ## train on the five seed articles, then read data/demo.txt (about two minutes)
	$(BIN)/tocsin train configs/seeds.toml --out runs/demo --overwrite
	$(BIN)/tocsin predict runs/demo data/demo.txt --format text
	@rm -f runs/demo.db runs/demo.db-*
	$(BIN)/tocsin incidents runs/demo data/demo.txt --store runs/demo.db
	$(BIN)/tocsin export runs/demo.db --format html --output runs/demo.html

benchmarks: $(STAMP)  ## train on public data sets: make benchmarks DATA=FOLDER (hours; goes on where it stopped)
	$(BIN)/python benchmarks/field.py --data "$(DATA)" $(ARGS)

corpus: $(STAMP)  ## make JSON lines of the authored articles, and look them over
	$(BIN)/tocsin convert data/annotated/authored/train data/annotated/authored.jsonl --overwrite
	$(BIN)/tocsin convert data/annotated/authored/heldout data/annotated/heldout.jsonl --overwrite
	$(BIN)/tocsin convert data/annotated/authored/quiet data/annotated/quiet.jsonl --overwrite
	$(BIN)/python benchmarks/corpus.py

test: $(STAMP)  ## run every test; ARGS="-k dates -x" goes to pytest
	$(BIN)/python -m pytest $(ARGS)

check: lint types test  ## all that must be green before a commit

lint: $(STAMP)  ## ruff: mistakes and format
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: $(STAMP) links  ## mypy, strict
	$(BIN)/python -m mypy

# mypy does not follow setuptools' package-dir: it reads the folders through links under their import names.
links:
	@rm -rf build/types && mkdir -p build/types/tocsin
	@for entry in tocsin/*.py tocsin/py.typed tocsin/commands data model train configs seeds; do \
		ln -s "../../../$$entry" build/types/tocsin/; done

clean:  ## remove what the tools left; .venv and runs stay
	rm -rf build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +

# The stamp is written last, so that an install that failed is done again; it names the folder, because an
# environment that was copied along with its checkout still imports from the old one.
ifneq ($(shell cat $(STAMP) 2>/dev/null),$(CURDIR))
.PHONY: $(STAMP)
endif
$(STAMP): pyproject.toml constraints.txt
	@rm -f $@
	@if ! { test -x $(BIN)/python && $(PIP) --version; } >/dev/null 2>&1; then \
		$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
			echo "tocsin needs Python 3.11 or newer; $(PYTHON) is:" `$(PYTHON) --version 2>&1` >&2; \
			echo "name another one: make PYTHON=python3.12" >&2; exit 1; }; \
		echo "making .venv; the first time takes some minutes"; \
		$(PYTHON) -m venv --clear .venv; fi
	$(PIP) install -c constraints.txt pip setuptools
	$(PIP) install -c constraints.txt --build-constraint constraints.txt -e '.[dev]'
	@pwd -P > $@
