"""Importing comments from WordPress, Disqus, Isso and another On Record.

What a file holds is first put into a spool, a temporary database beside it, whatever its size:
there threads are matched with articles, replies with what they answer, and everything that cannot
be taken gets its reason. Only then are comments stored, in batches. A dry run stops before that,
and counts the same.

    reading     wordpress.py, disqus.py, isso.py, on_record.py   a file → incoming.py
    the way     spooling.py → matching.py → storing.py, led by running.py
"""

from comments.importing.incoming import UnreadableFile
from comments.importing.matching import UnreadableMap
from comments.importing.running import FORMATS, Outcome, import_comments

__all__ = ["FORMATS", "Outcome", "UnreadableFile", "UnreadableMap", "import_comments"]
