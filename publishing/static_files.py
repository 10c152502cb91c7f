"""Static files under names that change with their content, wherever they are named."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticFiles(CompressedManifestStaticFilesStorage):
    """As WhiteNoise's, and the modules that a script imports have their hashed names too.

    Else a browser takes a module that a page names and another module imports for two, runs it
    twice, and keeps the second one, which has no hash, over an upgrade.
    """

    support_js_module_import_aggregation = True
