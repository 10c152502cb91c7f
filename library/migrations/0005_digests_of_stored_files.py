from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0004_focal_points")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="stored_digest",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AddIndex(
            model_name="image", index=models.Index(fields=["digest"], name="image_digest")
        ),
        migrations.AddIndex(
            model_name="image",
            index=models.Index(fields=["stored_digest"], name="image_stored_digest"),
        ),
    ]
