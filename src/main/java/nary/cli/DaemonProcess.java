package nary.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import nary.config.Launch;
import nary.config.ServiceManager;
import nary.control.LaunchCodec;
import nary.control.Lines;
import nary.control.Message;
import nary.control.Reply;
import nary.control.Wire;
import nary.control.WireException;
import nary.posix.Fd;
import nary.posix.Poll;
import nary.posix.Posix;
import nary.posix.Processes.Child;
import nary.posix.Processes.Exit;
import nary.posix.Processes.Isolation;
import nary.posix.Processes.Program;
import nary.posix.Sockets;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * The daemon as the command that started it sees it. Descriptors 0, 1 and 2 of the daemon are one end of a socket: the launch goes in as
 * one line, the report comes back as lines; whatever else the JVM writes, its last words included, arrives between them.
 */
public final class DaemonProcess implements AutoCloseable {
    private static final int MAX_LINE = 16 << 20;
    private static final int MAX_STRAY_LINES = 40;

    private final Posix posix;
    private final Fd ours;
    private final Child child;
    private final Poll poll;
    private final Lines lines;
    private final List<String> stray = new ArrayList<>();
    private volatile boolean isCancelled;
    private boolean isReaped;

    private DaemonProcess(Posix posix, Fd ours, Child child) throws IOException {
        this.posix = posix;
        this.ours = ours;
        this.child = child;
        this.poll = posix.newPoll();
        poll.watch(ours, 0);
        this.lines = Lines.of(new Input(), MAX_LINE);
    }

    public static DaemonProcess spawn(Launch launch, Context context) throws IOException {
        Posix posix = context.parts().posix().get();
        Sockets.Pair pair = posix.sockets().pair();
        Map<String, String> environment = new HashMap<>(context.caller().environment());
        environment.put(Caller.JVM_SIGNAL, "41");
        List<String> command = JavaCommand.daemon(context.parts().main());
        var descriptors = Map.of(0, pair.theirs(), 1, pair.theirs(), 2, pair.theirs());
        try {
            Child child = posix.processes().spawn(new Program(command.getFirst(), command, environment, "/", descriptors, Isolation.SESSION));
            posix.sockets().close(pair.theirs());
            DaemonProcess daemon = new DaemonProcess(posix, pair.ours(), child);
            if (launch.manager().isPresent()) introduce(launch.manager().get(), posix, child, context);
            daemon.say(LaunchCodec.encode(launch));
            return daemon;
        } catch (IOException e) {
            posix.sockets().close(pair.ours());
            throw e;
        }
    }

    /** The service manager hears whom it started only, and waits for its end: from now on that is the daemon. */
    private static void introduce(ServiceManager manager, Posix posix, Child daemon, Context context) {
        try {
            posix.sockets().send(manager.socket(), ("MAINPID=" + daemon.pid()).getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            context.console().err("the service manager does not hear: " + e.getMessage());
        }
    }

    private void say(String line) throws IOException {
        byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
        int written = 0;
        while (written < bytes.length) {
            int count = posix.sockets().write(ours, bytes, written, bytes.length - written);
            if (count < 0) pause();
            else written += count;
        }
    }

    /** The daemon reads as fast as it starts; its socket's buffer takes all but very large environments at once. */
    private static void pause() throws IOException {
        try {
            Thread.sleep(1);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Ctrl+C: the app is stopped again; the second time it is killed. */
    public void cancel() {
        isCancelled = true;
        try {
            say(DaemonVerb.CANCEL);
        } catch (IOException daemonGone) {
            // then nothing is left to stop, and the report's end says so
        }
    }

    public boolean isCancelled() {
        return isCancelled;
    }

    /** Waits for the daemon's word on how the start ended. */
    public Reply.Ended awaitStarted(Consumer<Notice> listener) throws IOException {
        for (Message message = next(); message != null; message = next()) {
            switch (message) {
                case Message.Event(Notice notice) -> listener.accept(notice);
                case Message.Answer(long _, Reply.Ended ended) -> {
                    return ended;
                }
                case Message.Answer _, Message.Hello _, Message.Rejected _ -> stray.add(message.toString());
            }
        }
        String text = "the daemon ended before it reported (" + awaitExit() + ")";
        return new Reply.Ended(new Outcome.Failed(text, Optional.empty()), stray);
    }

    /** The next message; what is none is kept, as the daemon's last words. */
    private @Nullable Message next() throws IOException {
        for (String line = lines.next(); line != null; line = lines.next()) {
            try {
                return Wire.decodeMessage(line);
            } catch (WireException notOurs) {
                if (stray.size() < MAX_STRAY_LINES) stray.add(line);
            }
        }
        return null;
    }

    /** Waits until the daemon is gone. */
    public void awaitEnd() throws IOException {
        if (isReaped) return;
        while (lines.next() != null) {
            // how it ends was said
        }
        awaitExit();
    }

    /** The report's end comes a little before the process's. */
    private Exit awaitExit() throws IOException {
        poll.forget(ours);
        poll.watch(child.pidfd(), 1);
        Optional<Exit> exit = posix.processes().reap(child.pidfd());
        while (exit.isEmpty()) {
            poll.await(null);
            exit = posix.processes().reap(child.pidfd());
        }
        isReaped = true;
        return exit.get();
    }

    @Override
    public void close() {
        poll.close();
        posix.sockets().close(ours);
        posix.sockets().close(child.pidfd());
    }

    /** Blocking reads from the non-blocking end. */
    private final class Input extends InputStream {
        @Override
        public int read() {
            throw new UnsupportedOperationException("lines are read in blocks");
        }

        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            while (true) {
                int count = posix.sockets().read(ours, into, offset, length);
                if (count > 0) return count;
                if (count == 0) return -1;
                poll.await(null);
            }
        }
    }
}
