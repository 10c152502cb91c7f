"""The site's timeline counts and sorts its events without reading them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("articles", "0014_passages_for_the_search"),
        ("timeline", "0003_say_how_days_of_the_old_calendar_are_typed"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="publishedevent",
            index=models.Index(
                fields=["publication", "is_period", "lower", "upper", "date", "kind", "id"],
                name="published_event_listed",
            ),
        ),
    ]
