package nary.fleet.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A shell on a server that runs brief commands, one at a time: a process of ssh and a channel of the connection for all of them, where each
 * would need its own. It is opened when it is needed, and again after it was lost. A command that is cancelled ends it.
 */
final class SharedShell {
    private static final Duration LAST_WORDS = Duration.ofSeconds(2);

    private final Link link;
    private final Semaphore turn = new Semaphore(1);
    private final AtomicReference<@Nullable Conversation> open = new AtomicReference<>();

    SharedShell(Link link) {
        this.link = link;
    }

    /** A shell that is there, and what it is asked now. */
    private static final class Conversation {
        private final Process process;
        private final Session session;
        private final Tails said = new Tails();
        private @Nullable Exchange now;
        private boolean isOver;

        Conversation(Process process) {
            this.process = process;
            session = new Session(process).out(from -> {
                try {
                    Session.split(from, this::line);
                } finally {
                    over();
                }
            });
            session.err(from -> Session.split(from, line -> said.line(Lines.Stream.ERR, line)));
        }

        synchronized boolean isOpen() {
            return !isOver && process.isAlive();
        }

        private void line(String text) {
            Exchange asked = asked();
            if (asked != null) asked.line(text);
        }

        private synchronized @Nullable Exchange asked() {
            return now;
        }

        private void over() {
            Exchange asked;
            synchronized (this) {
                isOver = true;
                asked = now;
            }
            if (asked != null) asked.end();
        }

        /** @return the exit status; empty if the shell was lost before it came */
        Optional<Integer> run(Exchange exchange) throws InterruptedException, TimeoutException {
            try {
                if (!begin(exchange)) return Optional.empty();
                Thread.ofVirtual().name("remote in " + process.pid()).start(() -> send(exchange.text())); // a pipe whose reader hangs may be full
                Optional<Integer> status = exchange.await();
                if (status.isPresent()) send(Exchange.RELEASE); // a byte, and all before it was read
                return status;
            } finally {
                exchange.end();
            }
        }

        private synchronized boolean begin(Exchange exchange) {
            now = exchange;
            return !isOver;
        }

        private void send(String text) {
            OutputStream to = process.getOutputStream();
            try {
                to.write(text.getBytes(StandardCharsets.UTF_8));
                to.flush();
            } catch (IOException e) {
                // it has ended: so does what it says
            }
        }

        /** ssh's last words: it has ended, or ends now. */
        String said() throws InterruptedException {
            session.await(LAST_WORDS);
            return said.answer(Wrapping.LINK_FAILED).err();
        }

        void end() {
            session.end();
        }
    }

    /** @return false if another command has it: run this one elsewhere */
    boolean take() {
        return turn.tryAcquire();
    }

    /** To be called after each {@link #take}, which it ends. */
    int exec(Command command, Lines lines) throws RemoteException, InterruptedException, TimeoutException {
        boolean isWell = false;
        try {
            Conversation with = opened();
            Optional<Integer> status = with.run(new Exchange(command, lines));
            if (status.isEmpty()) throw link.failure(with.said());
            isWell = true;
            return status.get();
        } finally {
            if (!isWell) close();
            turn.release();
        }
    }

    private Conversation opened() throws RemoteException, InterruptedException {
        Conversation known = open.get();
        if (known != null && known.isOpen()) return known;
        Conversation opened = new Conversation(link.open(Wrapping.SHELL));
        open.set(opened);
        return opened;
    }

    /** What runs there ends. */
    void close() {
        Conversation ending = open.getAndSet(null);
        if (ending != null) ending.end();
    }
}
