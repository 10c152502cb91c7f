# The commands of On Record. `make serve` and `make test` are all that a new machine needs:
# both make the Python environment first. README.md and docs/running.md say what can be set.

VENV ?= .venv
PYTHON = $(VENV)/bin/python
export VENV

.PHONY: serve test lint format bench lighthouse valid upgrade password requirements

# Serve the site on http://127.0.0.1:8000 (PORT, DATA_DIR); Ctrl-C stops it.
serve:
	@deploy/environment requirements.txt
	@$(PYTHON) deploy/serve.py

# Run the tests, on all cores; ARGUMENTS go to pytest, as in:
# make test ARGUMENTS="-n 0 -x tests/test_pages.py"
test:
	@deploy/environment requirements-dev.txt
	@$(PYTHON) -m pytest -n auto --dist worksteal $(ARGUMENTS)

# Check the formatting and find mistakes; `make format` mends what can be mended.
lint:
	@deploy/environment requirements-dev.txt
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/djlint --quiet --lint templates
	$(PYTHON) manage.py makemigrations --check --dry-run

format:
	@deploy/environment requirements-dev.txt
	$(VENV)/bin/ruff format .
	$(VENV)/bin/ruff check --fix .

# Measure the speed; see benchmarks/README.md.
bench:
	@deploy/environment requirements-dev.txt
	@PATH="$(abspath $(VENV))/bin:$$PATH" benchmarks/run $(ARGUMENTS)

# Measure the article's page with Lighthouse, which npm gets; see benchmarks/README.md.
lighthouse:
	@deploy/environment requirements-dev.txt
	@npm install --silent --no-audit --no-fund --prefix var/tools lighthouse@12
	@$(PYTHON) -m benchmarks.lighthouse $(ARGUMENTS)

# Ask the Nu HTML checker about every public page; it needs Java, and npm gets it.
valid:
	@deploy/environment requirements-dev.txt
	@npm install --silent --no-audit --no-fund --prefix var/tools vnu-jar@26
	@VNU_JAR=var/tools/node_modules/vnu-jar/build/dist/vnu.jar \
		$(PYTHON) -m pytest -n 0 tests/test_valid_html.py $(ARGUMENTS)

# After a new version was checked out: back up, migrate, check, restart what is running.
upgrade:
	@deploy/environment requirements.txt
	@$(PYTHON) deploy/upgrade.py

# Give the first editor a new password.
password:
	@$(PYTHON) manage.py changepassword admin

# Pin the dependencies again; ARGUMENTS=--upgrade takes newer versions.
requirements:
	@deploy/requirements $(ARGUMENTS)
