"""Every public page is valid HTML, to the last warning of the Nu checker of the W3C.

Left out where there is no checker; `make valid` gets one and asks it.
"""

import pytest

from tests.nu import HOW_TO_GET_IT, find_checker, findings
from tests.test_query_counts import LITTLE, filled

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(not find_checker(), reason=HOW_TO_GET_IT),
]


def in_html(answers) -> dict[str, str]:
    return {
        address: answer.content.decode()
        for address, answer in answers.items()
        if answer.get("Content-Type", "").startswith("text/html") and answer.content
    }


def test_every_public_page_is_valid(client, tmp_path):
    pages = in_html({address: client.get(address) for address in filled(LITTLE)})
    assert len(pages) > 40
    assert not (found := findings(pages, tmp_path)), "\n".join(found)


def test_so_is_what_answers_a_form(client, tmp_path):
    filled(LITTLE)
    sent = {
        "/articles/one/comments/": [{}, {"name": "Ada", "body": "Hello.", "preview": "yes"},
                                    {"name": "Ada", "body": "Hello."}],
        "/articles/one/feedback/": [{"helped": "yes"}, {"helped": "no"}],
        "/articles/one/suggest/": [{}],
        "/articles/one/ask/": [{}],
        "/readers/": [{}],
    }  # fmt: skip
    answers = {
        f"{address} {form}": client.post(address, form, follow=True)
        for address, forms in sent.items()
        for form in forms
    }
    lists = ("/timeline/?from=never", "/articles/?since=never", "/search/?q=a&since=never")
    answers |= {address: client.get(address) for address in lists}
    assert not (found := findings(in_html(answers), tmp_path)), "\n".join(found)


def test_the_checker_does_find_what_is_wrong(tmp_path):
    (found,) = findings({"/": "<!doctype html><html lang=en><title>A</title><p id=''>"}, tmp_path)
    assert "must not be the empty string" in found
