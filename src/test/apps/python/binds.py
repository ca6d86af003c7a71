"""A server that binds in unusual ways: binds.py MODE PORT."""
import os
import signal
import socket
import sys
import threading

MODE, PORT = sys.argv[1], int(sys.argv[2])


def tcp(family=socket.AF_INET, shared=False):
    made = socket.socket(family)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    return made


def listening(made, host, port=PORT):
    made.bind((host, port))
    made.listen(128)
    return made


def serve(listener):
    body = "version=%s worker=%s pid=%010d\n" % (os.environ["VERSION"], os.environ["NARY_WORKER"], os.getpid())
    answer = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body)
    while True:
        client, _ = listener.accept()
        with client:
            request = b""
            while b"\r\n\r\n" not in request:
                piece = client.recv(65536)
                if not piece:
                    break
                request += piece
            else:
                client.sendall(answer.encode())


def all_of(*listeners):
    for listener in listeners[1:]:
        threading.Thread(target=serve, args=(listener,), daemon=True).start()
    serve(listeners[0])


def prefork():
    """A master that listens and never accepts; its children do."""
    listener = listening(tcp(), "0.0.0.0")
    children = []
    for _ in range(3):
        pid = os.fork()
        if pid == 0:
            serve(listener)
        children.append(pid)

    def end(*_):
        for child in children:
            os.kill(child, signal.SIGTERM)
        sys.exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        os.wait()


def probe():
    """Looks whether the port is free, then takes it."""
    look = tcp()
    look.bind(("0.0.0.0", PORT))
    look.close()
    all_of(listening(tcp(), "0.0.0.0"))


def again():
    """Stops listening and listens again."""
    first = listening(tcp(), "0.0.0.0")
    first.close()
    all_of(listening(tcp(), "0.0.0.0"))


def dual():
    made = tcp(socket.AF_INET6)
    made.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    all_of(listening(made, "::"))


def pair():
    six = tcp(socket.AF_INET6)
    six.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
    all_of(listening(tcp(), "0.0.0.0"), listening(six, "::"))


def shared():
    """The same address twice, on purpose."""
    all_of(listening(tcp(shared=True), "0.0.0.0"), listening(tcp(shared=True), "0.0.0.0"))


{"prefork": prefork, "probe": probe, "again": again, "dual": dual, "pair": pair, "shared": shared}[MODE]()
