"""A foreign process that sits on a port and shares it with whoever sets SO_REUSEPORT."""
import socket
import sys
import time

server = socket.socket(socket.AF_INET6)
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
server.bind(("::", int(sys.argv[1])))
server.listen(16)
print("listening", flush=True)
time.sleep(600)
