# `make demo` and `make test` need git, make and Python 3.11 or later; they set up the rest once.

BIN := .venv/bin
DEMO := out/demo
PACKAGES := voirie anonymize gis planning inspection api

.DEFAULT_GOAL := help
.PHONY: help demo test check quick setup-demo setup-check setup-test constraints lowest-bounds texts clean
# Each sets up the same environment: one after the other, also under `make -j`.
.NOTPARALLEL:

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup-demo ## A rendered drive, from video to a 15-year plan, then its errors against the truth
	$(BIN)/voirie run samples/drive/survey.toml --network samples/drive/network.gpkg \
		--out $(DEMO) --experimental
	$(BIN)/python bench/sample_truth.py $(DEMO)

test: setup-test check ## Everything that must hold: style, types, layers, tests (torch, 7 GB)
	$(BIN)/pytest -n 2 --dist loadfile

check: setup-check ## Style, types and layers: no torch, under two minutes on a fresh clone
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

quick: setup-check ## The tests that take no longer than a few seconds each: no torch
	$(BIN)/pytest -m "not slow and not yolo" -n 2 --dist loadfile

setup-demo: ## The environment for a run, without torch (1.2 GB)
	@.ci/setup base

setup-check: ## The environment for development, without torch (1.3 GB)
	@.ci/setup check

setup-test: ## The environment for every test and for training (7 GB)
	@.ci/setup full

constraints: setup-check ## Write constraints.txt again with the newest versions
	@.ci/newest-constraints

lowest-bounds: setup-check ## Try the oldest versions that pyproject.toml allows
	@.ci/lowest-bounds

texts: setup-check ## Bring the French sentences up to date with the code
	@.ci/texts

clean: ## Remove caches and what was built; the environment and the demo's output stay
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find $(PACKAGES) tests bench samples -name __pycache__ -type d -exec rm -rf {} +
