# make demo   set up, then run Cartage with a demo shop on this machine
# make test   set up, then check everything: style, types, house rules, unit, contract and browser tests
# make docs   write the reference from the code, and build the site in dist/docs
# make check  the fast half of make test: style, types, house rules

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
STAMP  := $(VENV)/.installed
# The many processes that tests start would each compile everything anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test check setup chromium postgres docs twin lock wheel screenshots clean

demo: setup
	$(BIN)/cartage demo

test: check chromium postgres
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder

check: setup
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/ruff check src tests bench docs
	$(BIN)/lint-imports
	$(BIN)/pyright

setup: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Cartage needs Python 3.11 or newer; name one with make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
		echo "This Python cannot make virtual environments; on Debian: apt-get install python3-venv"; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

chromium:
	@command -v chromium >/dev/null || scripts/install-chromium

postgres:
	@command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || scripts/install-postgres

lock: setup
	$(BIN)/uv pip compile --quiet pyproject.toml --group dev --all-extras --generate-hashes --universal --python-version 3.11 \
		--no-emit-index-url --no-header --no-annotate --upgrade -o requirements.lock

wheel: setup
	$(BIN)/python -m hatchling build

docs: setup
	$(BIN)/python docs/reference.py
	$(BIN)/python docs/catalogue.py
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --quiet --config-file scripts/site.yml
	@echo "The site is in dist/docs."

twin: setup
	$(BIN)/python scripts/twin.py

screenshots: setup chromium
	$(BIN)/python docs/screenshots.py

clean:
	rm -rf $(VENV) dist data/demo
