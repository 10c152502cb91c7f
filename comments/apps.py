from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = "Readers"

    def ready(self) -> None:
        from articles.announcing import tell_of_publications
        from articles.history_notes import note_versions
        from comments.crediting import by_version, tell_writers
        from comments.panels import Comments, Feedback
        from publishing.parts import register

        register(Feedback())
        register(Comments())
        tell_of_publications(tell_writers)
        note_versions(by_version)
