"""Read first of all (pyproject.toml: ``-p tests.installed``): what the settings must find set."""

import os

# A part that is written only here, installed as a newsroom would install one: by settings alone.
os.environ.setdefault("EXTRA_APPS", "tests.pull_quotes")
# No test asks another host, nor does a server or worker that one starts.
os.environ.setdefault("CHECK_SOURCES", "no")
