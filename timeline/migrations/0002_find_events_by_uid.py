"""An event has an address of its own, by which it is found."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("timeline", "0001_events")]

    operations = [
        migrations.AddIndex(
            model_name="publishedevent",
            index=models.Index(fields=["uid"], name="published_event_uid"),
        ),
    ]
