"""Python's own threading server as it comes: no signal handler, a backlog of 5."""
import os
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

BODY = "version=%s worker=%s pid=%010d\n" % (
    os.environ.get("VERSION", "v0"), os.environ.get("NARY_WORKER", "0"), os.getpid())


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        url = urlparse(self.path)
        if url.path == "/slow":
            time.sleep(int(parse_qs(url.query)["ms"][0]) / 1000)
        self.answer()

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        self.answer()

    def answer(self):
        self.send_response(200)
        self.send_header("Content-Length", str(len(BODY)))
        if not self.close_connection:
            self.send_header("Connection", "keep-alive")  # an HTTP/1.0 client wants it said
        self.end_headers()
        self.wfile.write(BODY.encode())

    def log_message(self, *args):
        pass


ThreadingHTTPServer(("", int(sys.argv[1])), Handler).serve_forever()
