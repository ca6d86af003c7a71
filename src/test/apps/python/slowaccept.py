"""
Loses the processor in the middle of each accept(2), for the milliseconds of the second argument: after the connection has left the accept
queue, before a descriptor of it exists. The address of the peer is written into a page that userfaultfd(2) fills as late as that.
"""
import ctypes
import mmap
import os
import socket
import struct
import sys
import threading
import time

PAGE = mmap.PAGESIZE
DELAY = int(sys.argv[2]) / 1000
BODY = "version=%s worker=%s pid=%010d\n" % (
    os.environ.get("VERSION", "v000"), os.environ.get("NARY_WORKER", "0"), os.getpid())
libc = ctypes.CDLL(None, use_errno=True)
libc.syscall.restype = ctypes.c_long


def check(result):
    if result < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return result


SYS_USERFAULTFD = {"x86_64": 323, "aarch64": 282}[os.uname().machine]
UFFDIO_API, UFFDIO_REGISTER, UFFDIO_ZEROPAGE = 0xC018AA3F, 0xC020AA00, 0xC020AA04
MODE_MISSING = 1
MADV_DONTNEED = 4

faults = check(libc.syscall(SYS_USERFAULTFD, os.O_CLOEXEC))
page = mmap.mmap(-1, PAGE, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
address = ctypes.addressof(ctypes.c_char.from_buffer(page))


def ask(request, *words):
    argument = bytearray(struct.pack("%dQ" % len(words), *words))
    check(libc.ioctl(faults, ctypes.c_ulong(request), (ctypes.c_char * len(argument)).from_buffer(argument)))


ask(UFFDIO_API, 0xAA, 0, 0)
ask(UFFDIO_REGISTER, address, PAGE, MODE_MISSING, 0)


def fill():
    while True:
        os.read(faults, 32)
        time.sleep(DELAY)
        ask(UFFDIO_ZEROPAGE, address, PAGE, 0, 0)


threading.Thread(target=fill, daemon=True).start()
listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
listener.bind(("", int(sys.argv[1])))
listener.listen(64)


def answer(connection):
    with connection:
        connection.recv(65536)
        head = "HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(BODY)
        connection.sendall((head + BODY).encode())


while True:
    length = ctypes.c_uint32(128)
    accepted = check(libc.accept4(listener.fileno(), ctypes.c_void_p(address), ctypes.byref(length), socket.SOCK_CLOEXEC))
    print("accepted", flush=True)
    check(libc.madvise(ctypes.c_void_p(address), ctypes.c_size_t(PAGE), MADV_DONTNEED))
    threading.Thread(target=answer, args=(socket.socket(fileno=accepted),), daemon=True).start()
