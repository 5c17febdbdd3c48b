# make run     set up, and serve zones/ on 127.0.0.1:5300, admin on 127.0.0.1:8053
# make test    set up, and run the tests
# make check   formatter, linter, types, import contract, tests; warnings are errors
# make bench   what a query costs, here and in other servers: docs/benchmarks.md; BENCH_ARGS=--quick for a first look
# make data    make the embedded country database anew (needs npm)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
BENCH_ARGS ?=

.PHONY: run test check format bench data clean

run: $(VENV)/run.stamp
	$(BIN)/geodns serve zones/

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/geodns check --strict zones/
	$(BIN)/python -m pytest $(PYTEST_ARGS)

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench.answer
	$(BIN)/python -m bench $(BENCH_ARGS)

data: $(VENV)/dev.stamp
	$(BIN)/python -m scripts.make_country_table
	$(BIN)/python -m scripts.make_country_database

clean:
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "geodns needs Python 3.11 or later; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/run.stamp
