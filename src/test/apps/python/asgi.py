import asyncio
import os

BODY = b"version=%s pid=%010d\n" % (os.environ.get("VERSION", "v0").encode(), os.getpid())
draining = False


async def follow():
    """Keeps up with whether this worker of nary drains."""
    global draining
    reader, writer = await asyncio.open_unix_connection(os.environ["NARY_DRAIN_SOCKET"])
    writer.write(os.environ["NARY_ID"].encode() + b"\n")
    async for line in reader:
        word = line.strip()
        if word in (b"drain", b"serve"):
            draining = word == b"drain"
        elif word == b"close":
            writer.write(b"closed\n")


async def app(scope, receive, send):
    if scope["type"] == "lifespan":
        await receive()
        if "POLITE" in os.environ and "NARY_DRAIN_SOCKET" in os.environ:
            app.follower = asyncio.ensure_future(follow())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(BODY)).encode())]
    if draining:
        headers.append((b"connection", b"close"))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": BODY})
