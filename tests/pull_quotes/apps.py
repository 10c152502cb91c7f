from django.apps import AppConfig


class PullQuotesConfig(AppConfig):
    """A part that somebody else might write: installed by settings alone."""

    name = "tests.pull_quotes"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from publishing.parts import register
        from tests.pull_quotes.parts import PullQuotes

        register(PullQuotes())
