from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0005_review_requests_remarks_and_draft_links")]

    operations = [
        migrations.AddField(
            model_name="publication",
            name="remark",
            field=models.CharField(
                blank=True, default="", max_length=1000, verbose_name="remark for the desk"
            ),
            preserve_default=False,
        ),
    ]
