from django.db import migrations


class Migration(migrations.Migration):
    """The database type of every sealed column: it cannot hold anything but a sealed value of version 1.

    Lengths: header 17, tag 16, and a padded value of a multiple of 16 that is never empty (encryption/seal.py).
    """

    operations = [
        migrations.RunSQL(
            sql="""
                CREATE DOMAIN sealed AS bytea CONSTRAINT sealed_is_sealed CHECK (
                    octet_length(VALUE) >= 49 AND (octet_length(VALUE) - 33) % 16 = 0 AND get_byte(VALUE, 0) = 1
                )
            """,
            reverse_sql="DROP DOMAIN sealed",
        ),
    ]
