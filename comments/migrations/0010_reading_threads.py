from django.db import migrations, models

from comments.models import ThreadOf


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_discussion")]

    operations = [
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                ThreadOf("path"),
                models.F("id"),
                condition=models.Q(state="approved"),
                name="comment_newest_in_thread",
            ),
        ),
        migrations.AddIndex(
            model_name="comment",
            index=models.Index(
                fields=["article", "about", "id"],
                condition=models.Q(state="approved") & ~models.Q(about=""),
                name="comment_about",
            ),
        ),
    ]
