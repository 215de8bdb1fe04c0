# Two commands do everything on a machine that has Python 3.11 or newer and make:
#   make run    cleans the samples in raw/ into clean/
#   make test   format, lint, types and all tests but those that take minutes, which are for make torture
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: run test torture format bench screenshots supply

run: $(READY)
	$(BIN)/cleancopy run raw clean
	$(BIN)/cleancopy verify clean --raw raw

# Compiled modules and tests are kept, also where the environment has it otherwise: each of some hundred processes would
# compile them again. What the tests of a module share is made once only if one process has them all.
test: export PYTHONDONTWRITEBYTECODE :=
test: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/deptry .
	$(BIN)/pytest -n 2 --dist loadscope --no-loadscope-reorder

# Hostile input and faults, all of it, in less than half an hour. Some faults need root, for mounting file systems.
torture: $(READY)
	$(BIN)/python bench/torture.py

format: $(READY)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

screenshots: $(READY)
	$(BIN)/python bench/screenshots.py

# The pip that comes with Python 3.11 stumbles over peers that ask for lxml's extra by two spellings of its name.
bench: $(READY)
	$(BIN)/pip install --quiet --upgrade 'pip>=24'
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[bench]'
	$(BIN)/python bench/harm.py
	$(BIN)/python bench/scrapes.py
	$(BIN)/python bench/speed.py
	$(BIN)/python bench/quality.py --json bench/results/quality.json
	$(BIN)/python bench/rules.py --json bench/results/rules.json
	$(BIN)/python bench/charts.py
	$(BIN)/python bench/accounting.py

# What the pinned packages are known for, without a network: see bench/supply.py for what that cannot tell.
supply: $(READY)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[supply]'
	$(BIN)/python bench/supply.py

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "cleancopy needs Python 3.11 or newer; set PYTHON=python3.11 or such")'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --constraint constraints.txt --editable '.[dev]'
	touch $(READY)
