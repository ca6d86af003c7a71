package nary.control;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;
import nary.config.Launch;
import nary.config.Maintenance;
import nary.config.Variables;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import org.jspecify.annotations.Nullable;

/** A connection to a daemon. One thread asks and reads; {@link #send} may be called from others. */
public final class Client implements AutoCloseable {
    private static final int MAX_LINE = 16 << 20;
    private static final Duration HELLO_LIMIT = Duration.ofSeconds(5);

    private final SocketChannel channel;
    private final Lines lines;
    private final Message.Hello hello;
    private long lastId;

    private Client(SocketChannel channel) throws IOException {
        this.channel = channel;
        this.lines = Lines.of(channel, MAX_LINE);
        try (var _ = new Deadline(HELLO_LIMIT)) {
            this.hello = greeting(receive());
        } catch (ClosedChannelException e) {
            throw new IOException("the daemon accepted the connection and said nothing for " + HELLO_LIMIT.toSeconds() + " s", e);
        }
    }

    /** No switch: linking one by type takes a tenth of a short command's time. */
    private static Message.Hello greeting(@Nullable Message first) throws IOException {
        if (first instanceof Message.Hello greeting) return greeting;
        if (first instanceof Message.Rejected(String reason)) throw new IOException(reason);
        throw new WireException("no nary daemon listens there");
    }

    /** @throws NoDaemon if nobody listens at this path */
    public static Client connect(Path ipc) throws NoDaemon, IOException {
        if (ControlPath.isTooLong(ipc)) throw new NoDaemon(ControlPath.tooLong(ipc));
        if (!ControlPath.exists(ipc)) throw new NoDaemon("no daemon runs here: there is no " + ipc);
        if (!ControlPath.isSocket(ipc)) throw new NoDaemon("no daemon runs here: " + ipc + " is no control socket");
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(ipc));
        } catch (IOException e) {
            channel.close();
            throw new NoDaemon("no daemon runs here: nobody listens at " + ipc + " (" + e.getMessage() + ")");
        }
        try {
            return new Client(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    public Message.Hello hello() {
        return hello;
    }

    /** Sends a request without waiting; its id. */
    public synchronized long send(Request request) throws IOException {
        long id = ++lastId;
        ByteBuffer line = ByteBuffer.wrap((Wire.encode(new Wire.Asked(id, request)) + "\n").getBytes(StandardCharsets.UTF_8));
        if (line.remaining() > Session.MAX_LINE)
            throw new WireException("the request has " + line.remaining() + " bytes, the daemon takes " + Session.MAX_LINE + " (a large environment?)");
        while (line.hasRemaining()) channel.write(line);
        return id;
    }

    /** Waits for the answer of a request; notices that come before it go to the listener. */
    public Reply await(long id, Consumer<Notice> listener) throws IOException {
        while (true) {
            Message message = receive();
            if (message == null) throw new IOException("the daemon (pid " + hello.pid() + ") closed the connection without an answer");
            if (message instanceof Message.Rejected(String reason)) throw new WireException("the daemon rejected the request: " + reason);
            if (message instanceof Message.Event(Notice notice)) listener.accept(notice);
            if (message instanceof Message.Answer(long answered, Reply reply) && answered == id) return reply;
        }
    }

    /** Hears notices until one is enough. @return false if the daemon closed the connection before */
    public boolean follow(Predicate<Notice> isEnough) throws IOException {
        for (Message message = receive(); message != null; message = receive()) {
            if (message instanceof Message.Event(Notice notice) && isEnough.test(notice)) return true;
        }
        return false;
    }

    /** @param limit of the whole exchange */
    public Status status(Duration limit) throws IOException {
        return status(limit, _ -> {});
    }

    /** @param listener hears the notices that come before the answer */
    public Status status(Duration limit, Consumer<Notice> listener) throws IOException {
        if (ask(new Request.GetStatus(), limit, listener) instanceof Reply.StatusIs(Status status)) return status;
        throw new WireException("the daemon answered something else than its status");
    }

    /** @param limit of the whole exchange */
    public Launch launch(Duration limit) throws IOException {
        if (ask(new Request.GetLaunch(), limit, _ -> {}) instanceof Reply.LaunchIs(Launch launch)) return launch;
        throw new WireException("the daemon answered something else than its launch");
    }

    /** @param limit of the whole exchange */
    public Variables variables(Duration limit) throws IOException {
        if (ask(new Request.GetVariables(), limit, _ -> {}) instanceof Reply.VariablesAre(Variables variables)) return variables;
        throw new WireException("the daemon answered something else than its environment");
    }

    /** @param limit of the whole exchange: the disk may hang */
    public Outcome reopenLogs(Duration limit) throws IOException {
        if (ask(new Request.ReopenLogs(), limit, _ -> {}) instanceof Reply.Ended(Outcome outcome, var _)) return outcome;
        throw new WireException("the daemon answered something else than how it went");
    }

    /** @param how empty: it opens again; @param limit of the whole exchange */
    public Outcome close(Optional<Maintenance> how, String by, Duration limit) throws IOException {
        if (ask(new Request.Close(how, by), limit, _ -> {}) instanceof Reply.Ended(Outcome outcome, var _)) return outcome;
        throw new WireException("the daemon answered something else than how it went");
    }

    private Reply ask(Request request, Duration limit, Consumer<Notice> listener) throws IOException {
        try (var _ = new Deadline(limit)) {
            return await(send(request), listener);
        } catch (ClosedChannelException e) {
            throw new IOException("the daemon (pid " + hello.pid() + ") does not answer: nothing for " + limit.toSeconds() + " s", e);
        }
    }

    /** Waits until the daemon has closed the connection: it has ended, or is about to. */
    public void awaitEnd() throws IOException {
        while (receive() != null) {
            // what it still says was for others
        }
    }

    private @Nullable Message receive() throws IOException {
        String line = lines.next();
        return line == null ? null : Wire.decodeMessage(line);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    /** Closes the channel when the time is over, which ends a read with ClosedChannelException. */
    private final class Deadline implements AutoCloseable {
        private final Thread timer;

        Deadline(Duration limit) {
            timer = Thread.ofPlatform().daemon().name("deadline").start(() -> expire(limit));
        }

        private void expire(Duration limit) {
            try {
                Thread.sleep(limit);
                channel.close();
            } catch (InterruptedException | IOException done) {
                // in time, or closed already: either way nothing is left to do
            }
        }

        @Override
        public void close() {
            timer.interrupt();
        }
    }
}
