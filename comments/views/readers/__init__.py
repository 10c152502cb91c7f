"""Pages about a reader's own address. Each shows a page to GET, and takes its form by POST.

None of them is kept by any cache: what they show, they show to whoever has a secret address.
"""

from comments.views.readers.confirming import read_confirm, take_confirm
from comments.views.readers.following import read_follow, read_stop, take_follow, take_stop
from comments.views.readers.my_data import (
    everything,
    read_ask,
    read_mine,
    take_ask,
    take_mine,
)
from publishing.readers import page_with_form

__all__ = ["ask", "confirm", "everything", "follow", "mine", "stop"]

ask = page_with_form(read=read_ask, take=take_ask, text="email")
confirm = page_with_form(read=read_confirm, take=take_confirm, text="")
follow = page_with_form(read=read_follow, take=take_follow, text="email")
mine = page_with_form(read=read_mine, take=take_mine, text="")
stop = page_with_form(read=read_stop, take=take_stop, text="")
