"""A target for each priority, so that the administrator finds four rows to change and none to invent."""

from django.db import migrations

# Priority, minutes to the first reply, minutes to the resolution.
USUAL = [(4, 30, 240), (3, 120, 1440), (2, 480, 4320), (1, 1440, 10080)]


def fill(apps, schema_editor):
    target = apps.get_model("analytics", "Target")
    target.objects.bulk_create(
        target(priority=priority, first_response=first, resolution=last) for priority, first, last in USUAL
    )


class Migration(migrations.Migration):
    dependencies = [("analytics", "0001_facts")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
