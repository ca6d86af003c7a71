"""What a user can do to the nary of another one: prints every attempt that succeeds. Arguments: directory, daemon, worker, port."""
import os, signal, socket, stat, sys

directory, daemon, worker, port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]


def attempt(what, action):
    try:
        action()
    except OSError as e:
        print('refused', what, e.strerror)
    else:
        print('SUCCEEDED', what)


def connect(path):
    with socket.socket(socket.AF_UNIX) as s:
        s.connect(path)


def read(path):
    with open(path, 'rb') as f:
        f.read()


for _ in range(500):
    attempt('connect', lambda: connect(directory + '/nary.ipc'))
attempt('connect to the registry', lambda: connect('%s/nary/%d.ipc' % (directory, daemon)))
attempt('bind in its place', lambda: socket.socket(socket.AF_UNIX).bind(directory + '/nary.ipc'))
for pid in (daemon, worker):
    for name in ('environ', 'mem', 'maps', 'cwd/.', 'root/.', 'fd/0'):
        attempt('read /proc/%d/%s' % (pid, name), lambda: read('/proc/%d/%s' % (pid, name)))
    for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGHUP, 0):
        attempt('signal %d to %d' % (number, pid), lambda: os.kill(pid, number))
for name in ('nary.ipc', 'nary.ipc.lock', 'nary.pid', 'nary.log', 'stdout.log', 'stderr.log'):
    attempt('write ' + name, lambda: os.close(os.open(directory + '/' + name, os.O_WRONLY | os.O_APPEND)))
    attempt('remove ' + name, lambda: os.unlink(directory + '/' + name))
    attempt('open up ' + name, lambda: os.chmod(directory + '/' + name, 0o777))

# the names that nary holds in the abstract namespace are open to all: their queues can be filled, which must not matter
for line in open('/proc/net/unix'):
    name = line.split()[-1]
    if name.startswith('@nary/') and name.endswith(':' + port):
        queue = [socket.socket(socket.AF_UNIX) for _ in range(900)]
        for s in queue:
            s.setblocking(False)
            try:
                s.connect('\0' + name[1:])
            except OSError:
                pass
for pid in os.listdir('/proc'):
    if pid.isdigit():
        try:
            if b'a-secret-' + b'of-the-app' in open('/proc/%s/cmdline' % pid, 'rb').read():
                print('SUCCEEDED the secret is in the command line of', pid)
        except OSError:
            pass
print('done')
