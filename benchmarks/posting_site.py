"""Make the site to which comments are posted: one article with 200 comments."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from django.core.management import call_command  # noqa: E402  (needs the settings)
from django.db import connection  # noqa: E402

from benchmarks.article import standard_article  # noqa: E402


def main() -> None:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    standard_article("standard-200", comments=200)
    print(json.dumps({"database": connection.display_name}))


if __name__ == "__main__":
    main()
