from django.apps import AppConfig


class FaqConfig(AppConfig):
    name = "faq"
    verbose_name = "Questions"

    def ready(self) -> None:
        from faq.parts import Questions
        from publishing.parts import register

        register(Questions())
