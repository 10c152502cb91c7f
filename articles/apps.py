from django.apps import AppConfig


class ArticlesConfig(AppConfig):
    name = "articles"
    verbose_name = "Articles"

    def ready(self) -> None:
        from articles import panels, parts
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
