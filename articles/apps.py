from django.apps import AppConfig
from django.db.models.signals import post_migrate


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self) -> None:
        from articles import panels, parts
        from articles.passages import ensure_index
        from publishing.parts import register

        for part in (parts.Facts(), parts.Sections(), parts.SeeAlso(), parts.Corrections()):
            register(part)
        for panel in (
            panels.Contents(),
            panels.Sources(),
            panels.History(),
            panels.Cite(),
            panels.Share(),
        ):
            register(panel)
        # Not a migration's: the index follows the language, and SQLite's triggers are lost when
        # a migration writes their table anew.
        post_migrate.connect(ensure_index, sender=self)
