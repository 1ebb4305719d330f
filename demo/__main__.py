"""`python -m demo`: the demonstration's sign-in, mail pages and SMTP catcher, in one process on this machine only."""

import logging
import os
import signal
import sys
from threading import Thread

from aiosmtpd.controller import Controller
from werkzeug.serving import BaseWSGIServer, make_server

from demo.mail import Catcher
from demo.pages import create_pages
from demo.settings import DemoSettings, NotADemonstration

HERE = "127.0.0.1"
LARGEST_MAIL = 10 * 1024 * 1024


def main() -> int:
    try:
        settings = DemoSettings.from_env(os.environ)
    except NotADemonstration as refusal:
        print(f"The demonstration does not start. {refusal}", file=sys.stderr)
        return 2
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    pages = create_pages(settings)
    catcher = Controller(
        Catcher(pages.extensions["mail_box"]),
        hostname=HERE,
        port=settings.smtp_port,
        data_size_limit=LARGEST_MAIL,
    )
    server = make_server(HERE, settings.port, pages, threaded=True)
    catcher.start()
    print(f"Demonstration at {settings.address}, mail at {settings.address}/mail", flush=True)
    _serve(server)
    catcher.stop()
    return 0


def _serve(server: BaseWSGIServer) -> None:
    """Until SIGTERM or Ctrl-C; requests under way are finished."""

    def end(*_: object) -> None:
        Thread(target=server.shutdown).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    server.serve_forever(poll_interval=0.1)
    server.server_close()


if __name__ == "__main__":
    sys.exit(main())
