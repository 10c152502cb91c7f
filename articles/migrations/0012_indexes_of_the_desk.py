from django.db import migrations, models


class Migration(migrations.Migration):
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
    ]
