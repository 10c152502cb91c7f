"""What editing forms are made of: controls, rows of a part, base classes of the admin.

It knows parts and no article. Apps below ``website`` bring their own forms and
build them from these pieces, so that all of them look and behave alike.
"""
