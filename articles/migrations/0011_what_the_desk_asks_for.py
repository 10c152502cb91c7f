from django.db import migrations, models


class Migration(migrations.Migration):
    """Indexes of what the desk's lists ask; for which due day an article's editors were reminded."""

    dependencies = [("articles", "0010_corrections")]

    operations = [
        migrations.AddIndex(
            model_name="publication",
            index=models.Index(
                condition=models.Q(("cancelled_at__isnull", True)),
                fields=["goes_live_at", "ends_at", "is_hidden", "article"],
                name="publication_beginning",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(
                fields=["article", "-number", "digest", "created_at", "created_by"],
                name="revision_newest",
            ),
        ),
        migrations.AddIndex(
            model_name="revision",
            index=models.Index(fields=["created_by", "article"], name="revision_of_editor"),
        ),
        migrations.AddField(
            model_name="article",
            name="reminded_of",
            field=models.DateField(editable=False, null=True),
        ),
    ]
