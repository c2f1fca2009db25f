# Every target sets up .venv by itself. What is needed beforehand: Python 3.11 or newer, make, gcc, git.
# `make` alone lists the targets.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
PEERS := .venv-peers
STAMP := $(VENV)/installed
DEMO := out/mosul-2014

.PHONY: help install demo test lint browser web bench validate peers soak reliability mutation docs model-docs serve lock clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "standfast needs Python 3.11 or newer; say which one: make PYTHON=python3.12"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the packages of requirements.lock into $(VENV) ..."
	@$(BIN)/python -m pip install -qq --require-hashes --requirement requirements.lock
	@$(BIN)/python -m pip install -qq --no-deps --no-build-isolation --editable .
	@touch $@

install: $(STAMP) ## create .venv with exactly the locked packages

demo: $(STAMP) ## simulate Mosul 2014 at full size, twenty times, and write the report
	$(BIN)/standfast run mosul-2014 --replicates 20 --seed 1 --out $(DEMO)
	@echo
	@echo "The page to look at: $(DEMO)/report.html (open it in a browser, or 'make serve')"

lint: $(STAMP) ## style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The page is tested in a real browser; where there is none and Debian's packages can be had, it is fetched.
browser:
	@command -v chromium chromium-browser google-chrome >/dev/null || { \
		echo "Installing Chromium for the tests of the page ..."; \
		{ apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium; } >/dev/null 2>&1 \
			|| echo "Chromium could not be installed here; install it, or the tests of the page fail."; }

web: ## bundle the charts of report and dashboard (needs Node.js; only after a change of their sources)
	npm --prefix src/standfast/report/web ci
	npm --prefix src/standfast/report/web run build
	cd src/standfast/dashboard/web && node build.mjs

# Kernels are compiled once before the workers start, as compiling in several at once races.
test: lint browser ## lint, then every test that is not slow, on two processes in random order
	$(BIN)/python tools/warm.py
	$(BIN)/pytest -n 2 --dist loadgroup -m "not slow" --no-skips

soak: $(STAMP) ## the slow tests, and many more random cases; writes docs/validation/soak.md
	$(BIN)/python tools/warm.py
	$(BIN)/python tools/soak.py

mutation: $(STAMP) ## plant small faults and see which tests notice; writes docs/validation/mutation.md
	$(BIN)/python tools/mutation

reliability: $(STAMP) ## die, fail, damage and attack everywhere, for hours; writes docs/validation/reliability.md
	$(BIN)/python tools/warm.py
	$(BIN)/python tools/kill_sweep.py --kills 3000 --runs 40 --horizon "2 d" --longest 0.4 --out benchmarks/results/kill_sweep.json
	$(BIN)/python tools/kill_sweep.py --kills 200 --runs 200 --command --out benchmarks/results/kill_sweep_command.json
	$(BIN)/python tools/signal_sweep.py --each 20 --out benchmarks/results/signal_sweep.json
	unshare -rm $(BIN)/python tools/full_disk.py --sizes 40 --out benchmarks/results/full_disk.json
	$(BIN)/python tools/fault_sweep.py --skip-errors --out benchmarks/results/fault_deaths.json
	$(BIN)/python tools/fault_sweep.py --skip-deaths --every 7 --out benchmarks/results/fault_errors.json
	$(BIN)/python tools/hostile.py --files 100000 --values 1 --run-every 20 --out benchmarks/results/hostile.json
	$(BIN)/python tools/hostile_questions.py --files 20000 --values 1 --put-every 20 --out benchmarks/results/hostile_questions.json
	$(BIN)/python tools/hostile_stores.py --cases 20000 --out benchmarks/results/hostile_stores.json
	$(BIN)/python tools/memory_estimate.py --scenarios 200 --out benchmarks/results/memory_estimate.json
	$(BIN)/python tools/try_installs.py --out benchmarks/results/installs.json
	$(BIN)/python tools/check_bounds.py --out benchmarks/results/bounds.json
	$(BIN)/python tools/endurance.py --hours 2 --rest 2 --out benchmarks/results/endurance.json
	$(BIN)/python tools/count_planted.py --out benchmarks/results/planted.json
	$(BIN)/python tools/make_reliability.py

bench: $(STAMP) $(PEERS)/installed $(PEERS)/frames/installed ## measure, beside other programs; writes benchmarks/results/ and docs/validation/speed.md
	@$(BIN)/standfast bench
	@for file in benchmarks/bench_*.py; do echo "$$file"; $(BIN)/python "$$file"; done

validate: $(STAMP) peers ## measure facts, ask the other programs again; writes docs/validation/, figures and tutorials
	$(BIN)/python tools/validate.py
	for step in posterior again rivals; do $(BIN)/python tools/calibrate_shipped.py $$step || exit 1; done
	$(BIN)/python tools/make_posterior.py
	$(BIN)/python tools/change_minds.py
	$(BIN)/python tools/make_cases.py
	$(BIN)/python tools/compare_twin.py
	$(BIN)/python tools/make_verification.py
	$(BIN)/python tools/make_mechanism_figures.py
	$(BIN)/python tools/make_tutorials.py

$(PEERS)/installed: tools/peers/requirements.txt
	@test -x $(PEERS)/bin/python || $(PYTHON) -m venv $(PEERS)
	@echo "Installing the other programs into $(PEERS) ..."
	@$(PEERS)/bin/python -m pip install -qq --no-deps --requirement tools/peers/requirements.txt
	@touch $@

$(PEERS)/frames/installed: tools/peers/requirements-frames.txt $(PEERS)/installed
	@test -x $(PEERS)/frames/bin/python || $(PYTHON) -m venv $(PEERS)/frames
	@$(PEERS)/frames/bin/python -m pip install -qq --no-deps --requirement tools/peers/requirements-frames.txt
	@touch $@

peers: $(PEERS)/installed ## run the programs we are compared with; writes tests/agreement/data/
	@for file in tools/peers/with_*.py; do echo "$$file"; $(PEERS)/bin/python "$$file"; done

model-docs: $(STAMP) ## write the generated tables and the schema in docs/
	$(BIN)/python tools/make_model_docs.py
	$(BIN)/standfast schema docs/reference/scenario.schema.json

docs: $(STAMP) ## build the documentation into site/
	@NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "The documentation: site/index.html"

serve: $(STAMP) ## show out/ on this machine only, at http://127.0.0.1:8000
	@mkdir -p out
	@echo "The report of make demo: http://127.0.0.1:$(PORT)/mosul-2014/report.html (Ctrl-C ends)"
	@$(BIN)/python -m http.server $(PORT) --bind 127.0.0.1 --directory out

lock: $(STAMP) ## renew requirements.lock from pyproject.toml, licences and bill of materials from it
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --all-extras --generate-hashes \
		--no-header --no-annotate pyproject.toml --output-file requirements.lock
	@sed -i '1i # Exact packages with their hashes; written by "make lock" from pyproject.toml.' \
		requirements.lock
	@$(MAKE) --no-print-directory install
	$(BIN)/python tools/make_bill.py

clean: ## remove what can be made again, .venv included
	rm -rf $(VENV) $(PEERS) out site build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
