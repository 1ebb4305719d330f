"""What the portal asks its database for a page: counted as the tests count, in a process that is not timed."""

import logging
from collections.abc import Iterable

from bench.browser import Question
from bench.questions import Asker
from bench.serving import Site
from tests.support.statements import Statements


def statements(site: Site, asker: Asker, questions: Iterable[Question]) -> int:
    """The most for any of these."""
    return max(_of_one(site, asker, question) for question in questions)


def _of_one(site: Site, asker: Asker, question: Question) -> int:
    client = site.app.test_client(use_cookies=False)
    headers = {"Cookie": asker.signed_in.cookie, "Origin": site.url}
    method = "POST" if question.form else "GET"
    logging.disable(logging.INFO)
    with Statements().counted() as asked:
        answer = client.open(
            question.path, method=method, base_url=site.url, headers=headers, data=dict(question.form) or None
        )
    logging.disable(logging.NOTSET)
    if answer.status_code not in {200, 303}:
        raise RuntimeError(f"{question.path} answers {answer.status}")
    return asked.count
