from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0001_discussion")]

    operations = [
        migrations.CreateModel(
            name="SpentWork",
            fields=[
                (
                    "signature",
                    models.CharField(max_length=64, primary_key=True, serialize=False),
                ),
                ("expires_at", models.DateTimeField(db_index=True, verbose_name="expires at")),
            ],
            options={
                "verbose_name": "spent proof of work",
                "verbose_name_plural": "spent proofs of work",
            },
        ),
        migrations.AddField(
            model_name="comment",
            name="learned_as",
            field=models.CharField(blank=True, default="", editable=False, max_length=4),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="learnedtoken",
            name="changed_on",
            field=models.DateField(default="2026-01-01"),
            preserve_default=False,
        ),
        migrations.AlterField(
            model_name="ban",
            name="hash",
            field=models.CharField(blank=True, editable=False, max_length=64),
        ),
        migrations.AlterField(
            model_name="learnedtoken",
            name="good",
            field=models.IntegerField(default=0),
        ),
        migrations.AlterField(
            model_name="learnedtoken",
            name="spam",
            field=models.IntegerField(default=0),
        ),
        migrations.AddIndex(
            model_name="learnedtoken",
            index=models.Index(fields=["changed_on"], name="learned_token_age"),
        ),
    ]
