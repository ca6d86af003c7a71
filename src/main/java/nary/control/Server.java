package nary.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;

/** Listens on the control sockets of a daemon: its own ({@code nary.ipc}) and the one in the registry. Mode 0600; other users are turned away. */
public final class Server implements AutoCloseable {
    private static final int MAX_SESSIONS = 256;

    private final CompletableFuture<Engine> engine = new CompletableFuture<>();
    private final Message.Hello hello;
    private final Consumer<String> log;
    private final List<Listener> listeners = new ArrayList<>();
    private @Nullable Acceptor acceptor;
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    /** Said once until all clients are gone. */
    private final AtomicBoolean isCrowded = new AtomicBoolean();
    /** Said once until a client is served. */
    private final AtomicBoolean isExhausted = new AtomicBoolean();

    /** @param inode of the socket file: only that one is deleted at the end */
    private record Listener(ServerSocketChannel channel, Path path, long inode, UserPrincipal owner) {}

    /** @param log told, in one line, what clients did wrong */
    public Server(Message.Hello hello, Consumer<String> log) {
        this.hello = hello;
        this.log = log;
    }

    /**
     * Listens at this path, replacing the socket of a dead daemon.
     *
     * @throws Refusal if something else is there
     */
    public void listen(Path path) throws Refusal, IOException {
        ControlPath.requireReplaceable(path);
        if (ControlPath.exists(path)) removeDead(path);
        ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.configureBlocking(false);
            channel.bind(UnixDomainSocketAddress.of(path));
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
            var listener = new Listener(channel, path, inode(path), Files.getOwner(path, LinkOption.NOFOLLOW_LINKS));
            acceptor().watch(channel, client -> serve(client, listener.owner()));
            listeners.add(listener);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private Acceptor acceptor() throws IOException {
        if (acceptor == null) acceptor = Acceptor.start(this::turnAway, log);
        return acceptor;
    }

    /** From now on clients are answered; those that came before have waited. */
    public void serve(Engine running) {
        engine.complete(running);
    }

    /** Listens under the pid too, where {@code nary ls} finds it; says in the log why if that is impossible. */
    public void register(Registry registry, long pid) {
        try {
            listen(registry.socketFor(pid));
        } catch (Refusal | IOException e) {
            log.accept("not listed by nary ls: " + e.getMessage());
        }
    }

    /** The lock is ours, so no nary listens there; but another program may. */
    private static void removeDead(Path path) throws Refusal, IOException {
        try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            probe.connect(UnixDomainSocketAddress.of(path));
        } catch (IOException nobodyListens) {
            Files.delete(path);
            return;
        }
        throw new Refusal("another program listens at " + path + "; choose another path with --ipc-file");
    }

    private static long inode(Path path) throws IOException {
        return (Long) Files.getAttribute(path, "unix:ino", LinkOption.NOFOLLOW_LINKS);
    }

    /** The last one that there is room for: to be told so. */
    private void turnAway(SocketChannel client) throws IOException {
        turnAway(client, "the daemon (pid " + hello.pid() + ") has no descriptor left (RLIMIT_NOFILE)", isExhausted);
    }

    private void serve(SocketChannel channel, UserPrincipal owner) {
        try (channel) {
            UserPrincipal peer = channel.getOption(ExtendedSocketOptions.SO_PEERCRED).user();
            boolean isAllowed = peer.equals(owner) || peer.getName().equals("root");
            if (!isAllowed) {
                log.accept("control socket: turned away user " + peer.getName());
                return;
            }
            if (sessions.size() >= MAX_SESSIONS) {
                turnAway(channel, "the daemon (pid " + hello.pid() + ") has " + MAX_SESSIONS + " clients already and takes no more", isCrowded);
                return;
            }
            isExhausted.set(false);
            Session session = new Session(channel, engine.join(), hello);
            sessions.add(session);
            try {
                session.serve();
            } finally {
                sessions.remove(session);
                if (sessions.isEmpty()) isCrowded.set(false);
            }
        } catch (IOException clientGone) {
            // its requests go on without it: only an explicit abort ends a deploy
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A line to a client that has not said anything fits into its socket's buffer. */
    private void turnAway(SocketChannel channel, String reason, AtomicBoolean isSaid) throws IOException {
        if (!isSaid.getAndSet(true)) log.accept("control socket: " + reason);
        channel.write(ByteBuffer.wrap((Wire.encode(new Message.Rejected(reason)) + "\n").getBytes(StandardCharsets.UTF_8)));
    }

    /** Delivers what was said, closes all connections and removes the sockets. */
    @Override
    public void close() throws IOException {
        for (Listener listener : listeners) {
            if (ControlPath.exists(listener.path()) && inode(listener.path()) == listener.inode()) Files.delete(listener.path());
            listener.channel().close();
        }
        if (acceptor != null) acceptor.close();
        for (Session session : sessions) finish(session);
    }

    private static void finish(Session session) {
        try {
            session.finish();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
