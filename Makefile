BIN := .venv/bin
BENCHMARKS := $(wildcard tests/benchmarks/[!_]*.py)

.PHONY: setup setup-tests demo test check format bench

setup:
	@deploy/setup.sh

setup-tests: setup
	@deploy/setup.sh tests

demo: setup
	$(BIN)/nianbao demo

# Tests wait more than they compute: two at a time.
test: setup-tests check
	$(BIN)/pytest --numprocesses 2 --dist loadscope --no-loadscope-reorder

check: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/codespell .ci archive crawler deploy docs scheduler tests Makefile README.md pyproject.toml
	$(BIN)/deptry archive crawler scheduler
	$(BIN)/python -m deploy.check

format: setup
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: setup
	@for module in $(subst /,.,$(BENCHMARKS:.py=)); do $(BIN)/python -m $$module || exit 1; done
