from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tickets", "0002_surveys")]

    operations = [
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["at"], name="event_time"),
        ),
    ]
