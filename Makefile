PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
FILE ?= service/examples/ferry.txt

.PHONY: rewrite test regression lint fuzz evaluate load serve clean

$(VENV)/.ready: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(VENV)/bin/pip install --quiet --upgrade "pip>=25.1"
	$(VENV)/bin/pip install --quiet --editable ".[dev,evaluation,training]"
	touch $@

# Exit status 3 says that a passage needs an editor: news for the reader, no failure of make.
rewrite: $(VENV)/.ready
	@$(VENV)/bin/copydesk model prepare >/dev/null
	@$(VENV)/bin/copydesk rewrite "$(FILE)" --report || [ $$? -eq 3 ]

test: $(VENV)/.ready
	$(VENV)/bin/pytest --quiet --numprocesses auto --maxprocesses 4 --dist loadfile

# No figure of a small fixed slice may have fallen by more than its interval.
regression: $(VENV)/.ready
	@$(VENV)/bin/copydesk model prepare >/dev/null
	$(VENV)/bin/copydesk evaluate regression

lint: $(VENV)/.ready
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

fuzz: $(VENV)/.ready
	$(VENV)/bin/python tests/fuzzed.py

# A short run of every suite: some twenty minutes on two cores. Whatever a suite fails of, the page is made.
evaluate: $(VENV)/.ready
	@$(VENV)/bin/copydesk model prepare >/dev/null
	$(VENV)/bin/copydesk evaluate --short; status=$$?; \
	gate=evaluation/results/gate.json; [ -f $$gate ] || gate=; \
	$(VENV)/bin/copydesk evaluate report $${gate:+--gate $$gate} && exit $$status

load: $(VENV)/.ready
	@$(VENV)/bin/copydesk model prepare >/dev/null
	$(VENV)/bin/python -m evaluation.load

serve: $(VENV)/.ready
	@$(VENV)/bin/copydesk model prepare >/dev/null
	$(VENV)/bin/copydesk serve

clean:
	rm -rf $(VENV)
