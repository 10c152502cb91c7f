from django.db import models


class Stamp(models.Model):
    """The state of something readers see, named by a random token.

    A token says only "the same as before" or "not the same": it is never
    compared by size and never computed from the one before.
    """

    key = models.CharField(max_length=120, primary_key=True)
    token = models.CharField(max_length=22)

    def __str__(self) -> str:
        return self.key
