"""Answering with the file of a picture. Whoever calls it has asked whether it may be seen."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404

from library.renditions import MEDIA_TYPES, stored_as


def picture_response(name: str, original: str) -> FileResponse:
    """Answer with the rendition ``name``, with its original while it is not made; else with 404.

    The tag is the name of what is answered, which is made of its content: the
    original stands in for a rendition only until that is there.
    """
    stored = stored_as(name, original)
    if not stored:
        raise Http404
    media_type = MEDIA_TYPES.get(stored.rpartition(".")[2])
    response = FileResponse(default_storage.open(stored), content_type=media_type)
    response["ETag"] = f'"{stored.rpartition("/")[2]}"'
    return response
