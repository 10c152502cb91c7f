from django.apps import AppConfig


class TimelineConfig(AppConfig):
    name = "timeline"
    verbose_name = "Timeline"

    def ready(self) -> None:
        from publishing.parts import register
        from timeline.parts import Timeline

        register(Timeline())
