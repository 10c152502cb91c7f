from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("articles", "0006_remark_for_the_desk")]

    operations = [
        migrations.CreateModel(
            name="CheckLevel",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "check_name",
                    models.CharField(max_length=60, unique=True, verbose_name="check"),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("required", "Required"),
                            ("recommended", "Recommended"),
                            ("off", "Off"),
                        ],
                        max_length=12,
                        verbose_name="level",
                    ),
                ),
            ],
            options={
                "verbose_name": "level of a check",
                "verbose_name_plural": "checks before publishing",
                "ordering": ["check_name"],
                "default_permissions": ("view", "change"),
            },
        ),
    ]
