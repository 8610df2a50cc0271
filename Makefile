# `make demo` and `make test` need git, make and Python 3.11 or later; they set up the rest once.

BIN := .venv/bin
DEMO := out/demo
PACKAGES := voirie anonymize gis planning inspection api

.DEFAULT_GOAL := help
.PHONY: help demo test check setup-demo setup-test constraints clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: setup-demo ## A rendered drive, from video to a 15-year plan, then its errors against the truth
	$(BIN)/voirie run samples/drive/survey.toml --network samples/drive/network.gpkg \
		--out $(DEMO) --experimental
	$(BIN)/python bench/sample_truth.py $(DEMO)

test: check ## Everything that must hold: style, types, layers, tests
	$(BIN)/pytest -n 2 --dist loadfile

check: setup-test ## Style, types and layers only: seconds instead of minutes
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports

setup-demo: ## The environment for a run, without torch (1.4 GB)
	@.ci/setup base

setup-test: ## The environment for development and training (7 GB)
	@.ci/setup full

constraints: setup-test ## Write constraints.txt again with the newest versions
	@.ci/newest-constraints

clean: ## Remove caches and what was built; the environment and the demo's output stay
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache
	find $(PACKAGES) tests bench samples -name __pycache__ -type d -exec rm -rf {} +
