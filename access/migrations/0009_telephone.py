from django.db import migrations

import encryption.fields


class Migration(migrations.Migration):
    """Whoever records an involvement need not type their own telephone number each time."""

    dependencies = [("access", "0008_reminders")]

    operations = [migrations.AddField("user", "telephone", encryption.fields.SealedField(default=None, null=True))]
