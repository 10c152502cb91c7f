from django.db import migrations, models


class Migration(migrations.Migration):
    """What goes live soon is found by an index; who was reminded of a review is kept."""

    dependencies = [("articles", "0011_corrections")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=["goes_live_at"],
                name="publication_beginning",
            ),
        ),
        migrations.AddField(
            model_name="article",
            name="reminded_of",
            field=models.DateField(editable=False, null=True),
        ),
    ]
