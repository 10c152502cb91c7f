"""The groups of a newsroom, and what remembers which rights they were given.

The groups themselves are filled when a migration ends (``website.roles``), as
the rights of all apps are there only then; so a later release's rights follow.
"""

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="RightGiven",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("role", models.CharField(max_length=60, verbose_name="role")),
                ("right", models.CharField(max_length=160, verbose_name="right")),
            ],
            options={
                "verbose_name": "right given",
                "verbose_name_plural": "rights given",
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(
                        fields=("role", "right"), name="right_given_once_to_role"
                    )
                ],
            },
        ),
    ]
