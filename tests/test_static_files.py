"""Static files as they are served: a module has one name, so that a browser runs it once."""

import re

from django.core.management import call_command
from django.test import override_settings

from config.settings import STORAGES

IMPORT = re.compile(r"^import .* from \"(.+)\";$", re.MULTILINE)


def test_a_module_that_is_imported_has_the_name_under_which_pages_load_it(tmp_path):
    with override_settings(STATIC_ROOT=tmp_path, STORAGES=STORAGES):
        call_command("collectstatic", interactive=False, verbosity=0)

    hashed = list(tmp_path.glob("admin_desk/*.????????????.js"))
    imported = {name for path in hashed for name in IMPORT.findall(path.read_text())}

    assert len(imported) >= 5
    for name in imported:
        assert re.search(r"\.[0-9a-f]{12}\.js$", name), name
        assert (tmp_path / "admin_desk" / name).exists(), name
