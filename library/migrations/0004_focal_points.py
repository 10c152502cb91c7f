from django.core.validators import MaxValueValidator
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("library", "0003_merged_rows")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="focus_x",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text=("In per cent. What is here stays in view where the picture is cropped."),
                validators=[MaxValueValidator(100)],
                verbose_name="focal point from the left",
            ),
        ),
        migrations.AddField(
            model_name="image",
            name="focus_y",
            field=models.PositiveSmallIntegerField(
                default=50,
                help_text="In per cent.",
                validators=[MaxValueValidator(100)],
                verbose_name="focal point from the top",
            ),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.CheckConstraint(
                condition=models.Q(focus_x__lte=100, focus_y__lte=100),
                name="image_focus_in_picture",
            ),
        ),
    ]
