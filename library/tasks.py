"""What the library does in the background."""

from django.db import transaction
from django.tasks import task

from library import renditions


@task
def make_renditions(file: str) -> int:
    """Make the renditions of a picture that are missing; return how many. Twice does no harm."""
    return renditions.make(file)


def make_renditions_in_time(file: str) -> None:
    """Have the renditions of a picture made in the background, once this is committed."""
    # Robust: the picture is stored and shown without them, whatever becomes of the task.
    transaction.on_commit(lambda: make_renditions.enqueue(file), robust=True)
