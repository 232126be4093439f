# make run    set up everything, fill the starter library, open the web app on 127.0.0.1:7860
# make test   set up everything and run all tests
# make check  ruff and mypy --strict
# make ocr    read scanned pages too (RapidOCR, whose wheel brings its models)
# make postgres   what is needed to keep the data in PostgreSQL (psycopg)
# Each can be run again: what is in place is not made twice.

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check

.PHONY: run test check ocr postgres setup encoder

run: setup
	$(BIN)/xuesi serve

test: setup $(VENV)/.dev-ready
	$(BIN)/python -m pytest --numprocesses logical --dist loadfile --no-loadscope-reorder

check: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

ocr: $(VENV)/.ready
	$(PIP) -r requirements-ocr.lock
	@$(BIN)/python -c "import rapidocr" && echo "扫描页的文字识别已装好。"

postgres: $(VENV)/.ready
	$(PIP) -r requirements-postgres.lock

setup: $(VENV)/.ready encoder

encoder: $(VENV)/.ready
	@$(BIN)/python -m knowledge.cli.setup

$(VENV)/.ready: requirements.lock pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "正在安装运行所需的库，第一次要几分钟……"
	$(PIP) -r requirements.lock
	$(PIP) --no-deps --no-build-isolation --editable .
	touch $@

$(VENV)/.dev-ready: $(VENV)/.ready requirements-dev.lock
	$(PIP) -r requirements-dev.lock
	touch $@
