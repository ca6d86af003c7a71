import os

BODY = b"version=%s pid=%010d\n" % (os.environ.get("VERSION", "v0").encode(), os.getpid())


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(BODY)))])
    return [BODY]
