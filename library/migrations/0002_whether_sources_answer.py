from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0001_people_images_sources_topics")]

    operations = [
        migrations.AddField(
            model_name="source",
            name="address_state",
            field=models.CharField(
                blank=True,
                choices=[
                    ("works", "Answers"),
                    ("gone", "Not found"),
                    ("no-answer", "No answer"),
                    ("not-asked", "Not asked: not on the public web"),
                ],
                default="",
                editable=False,
                max_length=12,
                verbose_name="address",
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="source",
            name="address_asked",
            field=models.CharField(blank=True, default="", editable=False, max_length=500),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="source",
            name="address_checked_at",
            field=models.DateTimeField(
                db_index=True, editable=False, null=True, verbose_name="address asked at"
            ),
        ),
    ]
