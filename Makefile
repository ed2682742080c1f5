# Two commands do everything on a fresh machine with Python 3.11 or newer:
#   make explore   sets up, then explores the bundled Wikipedia questions and writes studies/wikipedia-100ms/report.html
#   make test      sets up, then checks style, types and imports, and runs every test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: explore test lint unit browser picture clean

explore: $(STAMP)
	$(BIN)/tradespace explore examples/wikipedia.yaml

test: lint browser unit

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(STAMP)
	$(BIN)/python -m pytest --cov --cov-report=term:skip-covered $(PYTEST)

# The report is opened in a real browser. Debian's is installed where that is allowed; without one those tests say so.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
		|| echo "no chromium: the browser tests will be skipped"

# The README's picture: the report of the last `make explore`.
picture: $(STAMP) browser
	$(BIN)/python docs/make_picture.py studies/wikipedia-100ms/report.html docs/report.png

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

clean:
	rm -rf $(VENV) studies
