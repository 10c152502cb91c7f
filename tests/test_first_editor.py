"""The first editor of a new site: made once, with a password that is said once."""

import io
import re

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_password_given(monkeypatch):
    monkeypatch.delenv("ADMIN_PASSWORD", raising=False)


def create_first_editor() -> str:
    """What the command says."""
    said = io.StringIO()
    call_command("create_first_editor", stdout=said)
    return said.getvalue()


def test_a_new_site_gets_an_editor_with_a_made_up_password():
    said = create_first_editor()
    password = re.search(r"admin, password (\S{12,}) ", said)[1]
    admin = User.objects.get()
    assert admin.username == "admin"
    assert admin.is_superuser
    assert admin.is_staff
    assert admin.check_password(password)
    assert password not in admin.password


def test_made_up_passwords_differ():
    said = create_first_editor()
    User.objects.all().delete()
    assert create_first_editor() != said


def test_the_operator_may_choose_the_password(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "three green boats")
    assert "three green boats" in create_first_editor()
    assert User.objects.get().check_password("three green boats")


def test_the_password_is_said_only_once(monkeypatch):
    monkeypatch.setenv("ADMIN_PASSWORD", "three green boats")
    create_first_editor()
    said = create_first_editor()
    assert "three green boats" not in said
    assert "with the password in ADMIN_PASSWORD" in said
    monkeypatch.setenv("ADMIN_PASSWORD", "another one")
    assert "shown on the first start" in create_first_editor()
    assert User.objects.get().check_password("three green boats")


def test_a_site_with_people_of_its_own_gets_no_other():
    User.objects.create_user("olga")
    assert "an account of your own" in create_first_editor()
    assert [user.username for user in User.objects.all()] == ["olga"]


def test_an_editor_who_was_shut_out_is_not_let_in_again():
    create_first_editor()
    User.objects.update(is_active=False)
    assert "an account of your own" in create_first_editor()
    assert not User.objects.get().is_active
