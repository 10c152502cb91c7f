from django.apps import AppConfig
from django.db.models.signals import post_migrate


class WebsiteConfig(AppConfig):
    name = "website"
    verbose_name = "Website"

    def ready(self) -> None:
        from website.pages import make_standing_pages_after_migrating
        from website.roles import give_rights_after_migrating

        post_migrate.connect(give_rights_after_migrating, sender=self)
        post_migrate.connect(make_standing_pages_after_migrating, sender=self)
