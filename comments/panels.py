"""The panels that readers write in: did it help, and the comments."""

from publishing.parts import Panel


class Feedback(Panel):
    name = "feedback"
    title = "Did this article help you?"
    order = 90
    template = "comments/_feedback_panel.html"
    is_for_latest_only = True


class Comments(Panel):
    name = "comments"
    title = "Comments"
    order = 100
    template = "comments/_comments_panel.html"
    is_for_latest_only = True
