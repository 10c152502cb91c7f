import hashlib

from django.core.files.storage import default_storage
from django.db import migrations


def read_digests(apps, schema_editor):
    """Read the pictures that are there, so that copies of them are recognised too."""
    image_model = apps.get_model("library", "Image")
    for image in image_model.objects.filter(stored_digest="").order_by("pk"):
        if default_storage.exists(image.file):
            with default_storage.open(image.file) as file:
                image.stored_digest = hashlib.file_digest(file, "sha256").hexdigest()
            image.save(update_fields=["stored_digest"])


class Migration(migrations.Migration):
    dependencies = [("library", "0005_digests_of_stored_files")]

    operations = [migrations.RunPython(read_digests, migrations.RunPython.noop)]
