"""The command that makes the first editor of a new site."""

import os
import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand

NAME = "admin"


class Command(BaseCommand):
    help = (
        "Create the first editor, “admin”, if there is no user yet. The password is "
        "ADMIN_PASSWORD, or made up; it is said once and kept nowhere in clear."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(first_editor(given=os.environ.get("ADMIN_PASSWORD", "")))


def first_editor(*, given: str) -> str:
    """Create the first editor unless somebody can sign in already; how to sign in, in words.

    `given` is the password the operator wants, or nothing for one that is made up.
    """
    users = get_user_model().objects
    if not users.exists():
        password = given or secrets.token_urlsafe(12)
        users.create_superuser(username=NAME, email="", password=password)
        return f"{NAME}, password {password} (shown only now; change it in the admin)"
    admin = users.filter(username=NAME, is_active=True).first()
    if admin is None:
        return "sign in with an account of your own"
    if given and admin.check_password(given):
        return f"{NAME}, with the password in ADMIN_PASSWORD"
    return f"{NAME}, with the password shown on the first start (for a new one: make password)"
