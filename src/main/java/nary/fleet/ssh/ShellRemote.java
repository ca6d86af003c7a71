package nary.fleet.ssh;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.config.Durations;
import nary.fleet.Host;
import nary.fleet.ssh.RemoteException.Kind;

/** A server of which nothing more is asked than a POSIX shell with the GNU tools, over some link. */
final class ShellRemote implements Remote {
    /** sshd allows ten by default (MaxSessions): beside these the one that keeps the connection, and the shared shell. */
    private static final int MOST_SESSIONS = 8;

    private static final Duration TURN_LIMIT = Duration.ofMinutes(30);

    private final Link link;
    private final Semaphore sessions = new Semaphore(MOST_SESSIONS, true);
    private final Optional<SharedShell> shell;

    /** @param isSharing brief commands share a shell, which {@link #close} ends */
    ShellRemote(Link link, boolean isSharing) {
        this.link = link;
        shell = isSharing ? Optional.of(new SharedShell(link)) : Optional.empty();
    }

    @Override
    public Host host() {
        return link.host();
    }

    @Override
    public int exec(Command command, Lines lines) throws RemoteException, InterruptedException {
        Optional<SharedShell> taken = command.isBrief() ? shell.filter(SharedShell::take) : Optional.empty();
        return taken.isPresent() ? shared(taken.get(), command, lines) : alone(command, lines);
    }

    private int shared(SharedShell taken, Command command, Lines lines) throws RemoteException, InterruptedException {
        try {
            return taken.exec(command, lines);
        } catch (TimeoutException e) {
            throw timedOut(command.toString(), command.limit());
        }
    }

    private int alone(Command command, Lines lines) throws RemoteException, InterruptedException {
        var wrapping = new Wrapping(command);
        var isOwn = new AtomicBoolean();
        var tail = new Tails();
        Lines told = (stream, text) -> {
            boolean isToken = stream == Lines.Stream.ERR && text.endsWith(wrapping.token());
            if (isToken) isOwn.set(true);
            String rest = isToken ? text.substring(0, text.length() - wrapping.token().length()) : text;
            if (isToken && rest.isEmpty()) return;
            if (stream == Lines.Stream.ERR) tail.line(stream, rest);
            lines.line(stream, rest);
        };
        byte[] script = wrapping.text().getBytes(StandardCharsets.UTF_8);
        return inTurn(() -> {
            Session session = new Session(link.open(Wrapping.SHELL)).lines(told).feed(to -> to.write(script), true);
            int exit = session.await(command.limit()).orElseThrow(() -> timedOut(command.toString(), command.limit()));
            if (exit == Wrapping.LINK_FAILED && !isOwn.get()) throw link.failure(tail.answer(exit).err());
            return exit;
        });
    }

    private RemoteException timedOut(String what, Duration limit) {
        return new RemoteException(host(), Kind.TIMED_OUT, what + " did not end within " + Durations.text(limit) + " and was ended");
    }

    /** Bytes to and from a command whose end of stdin is the end of what it gets. @param shellLine only of words that every shell understands alike */
    Answer stream(String shellLine, Session.Input input, Session.Output output, Duration limit) throws RemoteException, InterruptedException {
        var said = new Tails();
        return inTurn(() -> {
            Session session = new Session(link.open(shellLine))
                    .feed(input, false)
                    .out(output)
                    .err(from -> Session.split(from, line -> said.line(Lines.Stream.ERR, line)));
            int exit = session.await(limit).orElseThrow(() -> timedOut("the transfer", limit));
            Answer answer = said.answer(exit);
            if (exit == Wrapping.LINK_FAILED) throw link.failure(answer.err());
            return answer;
        });
    }

    private interface Turn<T> {
        T take() throws RemoteException, InterruptedException;
    }

    private <T> T inTurn(Turn<T> turn) throws RemoteException, InterruptedException {
        if (!sessions.tryAcquire(TURN_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
            throw new RemoteException(host(), Kind.TIMED_OUT, MOST_SESSIONS + " commands run there for " + TURN_LIMIT.toMinutes() + " minutes; none more was begun");
        try {
            return turn.take();
        } finally {
            sessions.release();
        }
    }

    @Override
    public Transfer upload(Tree from, String to, List<String> basis) throws RemoteException, InterruptedException {
        return new Upload(this, from, to, basis).run();
    }

    @Override
    public Transfer download(String from, Path to) throws IOException, InterruptedException {
        return new Download(this, from, to).run();
    }

    @Override
    public String talk(String endpoint, String words, Duration limit) throws IOException, InterruptedException {
        String here = link.forward(endpoint);
        String why = "nobody listens, or this user may not use it";
        try {
            String answer = LocalSocket.talk(here, words, limit);
            if (!answer.isEmpty()) return answer;
        } catch (IOException e) {
            why = String.valueOf(e.getMessage()).replace(here + ": ", "");
        }
        throw new RemoteException(host(), Kind.REFUSED, endpoint + " does not answer there: " + why);
    }

    @Override
    public void close() {
        shell.ifPresent(SharedShell::close);
        link.close();
    }

}
