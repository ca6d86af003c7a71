"""The Python app of the benchmarks: the same file under gunicorn alone and under nary."""
import os

BODY = b"version=%s pid=%010d\n" % (os.environ.get("VERSION", "v0").encode(), os.getpid())
HEAD = [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))]


def app(environ, start_response):
    start_response("200 OK", HEAD)
    return [BODY]
