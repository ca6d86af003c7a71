package nary.posix.sim;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import nary.posix.Address;
import nary.posix.Errno;
import nary.posix.Fd;
import nary.posix.OsException;
import nary.posix.Pid;
import nary.posix.Sockets;

final class SimSockets implements Sockets {
    private final SimKernel kernel;

    SimSockets(SimKernel kernel) {
        this.kernel = kernel;
    }

    @Override
    public Fd copyFrom(Pid process, int theirs) throws OsException {
        synchronized (kernel) {
            SimProcess owner = kernel.processes.get(process.number());
            if (owner == null) throw new OsException("pidfd_open", Errno.ESRCH.number(), "pid " + process);
            SimFile file = owner.descriptors.get(theirs);
            if (file == null) throw new OsException("pidfd_getfd", Errno.EBADF.number(), "descriptor " + theirs + " of pid " + process);
            return kernel.install(file);
        }
    }

    @Override
    public Fd open(Address address) {
        synchronized (kernel) {
            SimSocket socket = new SimSocket(kernel);
            socket.six = address.isV6();
            socket.v6only = address.v6only();
            return kernel.install(socket);
        }
    }

    @Override
    public Facts facts(Fd fd) throws OsException {
        synchronized (kernel) {
            SimSocket socket = kernel.socket(fd, "getsockopt");
            boolean listening = socket.listening();
            return new Facts(true, true, Protocol.TCP, socket.cookie, socket.inode, socket.reusePort, socket.v6only, listening);
        }
    }

    @Override
    public void share(Fd fd) throws OsException {
        synchronized (kernel) {
            SimSocket socket = kernel.socket(fd, "setsockopt");
            socket.reuseAddress = true;
            socket.reusePort = true;
            if (kernel.uid == 0) socket.uid = 0;
        }
    }

    @Override
    public void reuseAddress(Fd fd) throws OsException {
        synchronized (kernel) {
            kernel.socket(fd, "setsockopt").reuseAddress = true;
        }
    }

    @Override
    public boolean isBlocking(Fd fd) throws OsException {
        synchronized (kernel) {
            return kernel.socket(fd, "fcntl").blocking;
        }
    }

    @Override
    public void block(Fd fd, boolean blocking) throws OsException {
        synchronized (kernel) {
            kernel.socket(fd, "fcntl").blocking = blocking;
        }
    }

    @Override
    public void bind(Fd fd, Address address) throws OsException {
        synchronized (kernel) {
            kernel.socket(fd, "bind").bind(address);
        }
    }

    @Override
    public void listen(Fd fd, int backlog) throws OsException {
        synchronized (kernel) {
            SimSocket socket = kernel.socket(fd, "listen");
            if (socket.address == null) socket.bind(new Address(socket.six ? "::" : "0.0.0.0", 0, socket.v6only));
            socket.listen(backlog);
        }
    }

    @Override
    public Queue queue(Fd fd) throws OsException {
        synchronized (kernel) {
            SimSocket socket = kernel.socket(fd, "getsockopt");
            return new Queue(socket.queue.size(), Math.max(0, socket.limit));
        }
    }

    @Override
    public void steer(Fd fd, List<Instruction> program) throws OsException {
        synchronized (kernel) {
            SimSocket socket = kernel.socket(fd, "setsockopt");
            boolean inGroup = socket.listening() && socket.reusePort;
            if (program.isEmpty() || !inGroup) throw new OsException("setsockopt", Errno.EINVAL.number(), fd.toString());
            kernel.groups.get(socket.address).program = List.copyOf(program);
        }
    }

    @Override
    public void holdNew(Fd fd) throws OsException {
        synchronized (kernel) {
            kernel.socket(fd, "setsockopt").holdsNew = true;
        }
    }

    @Override
    public void hide(Fd fd) throws OsException {
        synchronized (kernel) {
            kernel.socket(fd, "setsockopt").isHidden = true;
        }
    }

    @Override
    public void shutdown(Fd fd) throws OsException {
        synchronized (kernel) {
            SimSocket socket = kernel.socket(fd, "shutdown");
            if (!socket.listening()) throw new OsException("shutdown", Errno.ENOTCONN.number(), fd.toString());
            socket.unlisten();
            socket.shutDown = true;
            kernel.notifyAll();
        }
    }

    @Override
    public void endWriting(Fd fd) throws OsException {
        synchronized (kernel) {
            SimFile.Channel out = kernel.file(fd, "shutdown") instanceof SimFile.Stream stream ? stream.out : null;
            if (out == null) throw new OsException("shutdown", Errno.ENOTSOCK.number(), fd.toString());
            out.writerGone = true;
            kernel.notifyAll();
        }
    }

    @Override
    public void close(Fd fd) {
        synchronized (kernel) {
            kernel.close(kernel.descriptors.remove(fd.number()));
        }
    }

    @Override
    public Fd holdName(String name) throws OsException {
        synchronized (kernel) {
            if (kernel.names.containsKey(name)) throw new OsException("bind", Errno.EADDRINUSE.number(), name);
            SimFile.Name held = new SimFile.Name(kernel, name);
            kernel.names.put(name, held);
            return kernel.install(held);
        }
    }

    @Override
    public Optional<Holder> holderOfName(String name) {
        synchronized (kernel) {
            return kernel.names.containsKey(name) ? Optional.of(new Holder(Optional.of(new Pid(SimKernel.SELF)), kernel.uid)) : Optional.empty();
        }
    }

    @Override
    public void send(String address, byte[] datagram) throws OsException {
        synchronized (kernel) {
            java.util.Queue<byte[]> mailbox = kernel.mailboxes.get(address);
            Errno none = address.startsWith("@") ? Errno.ECONNREFUSED : Errno.ENOENT;
            if (mailbox == null) throw new OsException("sendto", none.number(), address);
            if (!mailbox.offer(datagram.clone())) throw new OsException("sendto", Errno.EAGAIN.number(), address);
        }
    }

    @Override
    public Fd mailbox(String path) throws OsException {
        synchronized (kernel) {
            if (kernel.mailboxes.containsKey(path)) throw new OsException("bind", Errno.EADDRINUSE.number(), path);
            SimFile.Mailbox mailbox = new SimFile.Mailbox();
            kernel.mailboxes.put(path, mailbox.datagrams);
            return kernel.install(mailbox);
        }
    }

    @Override
    public void own(Fd fd, int uid, int gid) throws OsException {
        synchronized (kernel) {
            kernel.file(fd, "fchown");
            if (kernel.uid != 0 && uid != kernel.uid) throw new OsException("fchown", Errno.EPERM.number(), fd.toString());
        }
    }

    @Override
    public Pair pair() {
        SimFile.Channel there = new SimFile.Channel();
        SimFile.Channel back = new SimFile.Channel();
        return install(new SimFile.Stream(back, there), new SimFile.Stream(there, back));
    }

    @Override
    public Pair pipe() {
        SimFile.Channel channel = new SimFile.Channel();
        return install(new SimFile.Stream(channel, null), new SimFile.Stream(null, channel));
    }

    /** No process of the simulation outlives nary. */
    @Override
    public Pair lastingPipe(int capacity) {
        return pipe();
    }

    private Pair install(SimFile ours, SimFile theirs) {
        synchronized (kernel) {
            return new Pair(kernel.install(ours), kernel.install(theirs));
        }
    }

    @Override
    public Optional<Fd> accept(Fd listening) throws OsException {
        synchronized (kernel) {
            SimConnection first = kernel.socket(listening, "accept4").queue.poll();
            if (first == null) return Optional.empty();
            first.accepted();
            return Optional.of(kernel.install(first));
        }
    }

    @Override
    public int read(Fd fd, byte[] into, int offset, int length) throws OsException {
        synchronized (kernel) {
            if (kernel.file(fd, "read") instanceof SimFile.Stream stream && stream.in != null) return stream.in.read(into, offset, length);
            if (kernel.file(fd, "read") instanceof SimFile.Mailbox mailbox) return mailbox.read(into, offset, length);
            throw new OsException("read", Errno.EBADF.number(), fd.toString());
        }
    }

    @Override
    public int read(Fd fd, ByteBuffer into) throws OsException {
        byte[] bytes = new byte[into.remaining()];
        int count = read(fd, bytes, 0, bytes.length);
        if (count > 0) into.put(bytes, 0, count);
        return count;
    }

    @Override
    public int write(Fd fd, byte[] from, int offset, int length) throws OsException {
        synchronized (kernel) {
            SimFile.Channel out = kernel.file(fd, "write") instanceof SimFile.Stream stream ? stream.out : null;
            if (out == null) throw new OsException("write", Errno.EBADF.number(), fd.toString());
            if (out.readerGone) throw new OsException("write", Errno.EPIPE.number(), fd.toString());
            kernel.notifyAll();
            return out.write(from, offset, length);
        }
    }

    @Override
    public long networkNamespace() {
        return 1;
    }
}
