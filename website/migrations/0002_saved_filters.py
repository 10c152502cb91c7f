import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("website", "0001_roles"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedFilter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("list", models.CharField(max_length=100, verbose_name="list")),
                ("query", models.TextField(max_length=2000, verbose_name="filter")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                (
                    "is_shared",
                    models.BooleanField(
                        default=False,
                        help_text="Everybody who may open the list sees it above the list.",
                        verbose_name="for everybody",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_filters",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
            ],
            options={
                "verbose_name": "saved filter",
                "verbose_name_plural": "saved filters",
                "ordering": ["name", "pk"],
                "permissions": [("share_savedfilter", "Can share saved filters with everybody")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("owner", "list", "name"),
                        name="saved_filter_name_once_for_owner_and_list",
                    )
                ],
            },
        ),
    ]
