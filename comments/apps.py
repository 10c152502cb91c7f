from django.apps import AppConfig


class CommentsConfig(AppConfig):
    name = "comments"
    verbose_name = "Readers"

    def ready(self) -> None:
        from comments.panels import Comments, Feedback
        from publishing.parts import register

        register(Feedback())
        register(Comments())
