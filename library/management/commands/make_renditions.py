"""The command that has missing renditions made: after an upgrade, an import, a restored backup."""

from typing import Any

from django.core.management.base import BaseCommand

from library import renditions
from library.models import Image
from library.tasks import make_renditions_in_time


class Command(BaseCommand):
    help = (
        "Have the background worker make the renditions (smaller copies, AVIF and WebP) of every "
        "picture that lacks some. Pages are right without them; with them they load faster. The "
        "digests of files that came later than their images are read, too."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        for image in Image.objects.filter(stored_digest="").order_by("pk"):
            if image.read_stored_digest():
                image.save(update_fields=["stored_digest"])
        images = Image.objects.order_by("pk").values_list("file", "width")
        waiting = [file for file, width in images if renditions.missing(file, width)]
        for file in waiting:
            make_renditions_in_time(file)
        count = len(waiting)
        self.stdout.write(
            f"The renditions of {count} picture{'s' if count > 1 else ''} will be made."
            if count
            else "All renditions are there."
        )
