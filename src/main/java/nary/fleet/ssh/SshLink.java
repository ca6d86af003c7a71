package nary.fleet.ssh;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nary.fleet.Host;
import nary.fleet.ssh.RemoteException.Kind;
import org.jspecify.annotations.Nullable;

/**
 * One multiplexed connection of the system's ssh. Its master runs a command that waits for the end of its stdin, a pipe of this process:
 * when this process ends, in whatever way, the connection does. ssh runs in a session of its own, out of reach of the terminal's Ctrl+C,
 * since a deploy that is interrupted has still to clear up over it.
 */
final class SshLink implements Link {
    private static final String CONNECTED = "nary-connected";
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration TURN_LIMIT = Duration.ofMinutes(10);
    private static final int ALIVE_COUNT = 3;

    private final Host host;
    private final SshSettings settings;
    private final Path socket;
    private final Path errors;
    private final Semaphore logins;
    private @Nullable Process master;
    private final Map<String, Path> forwards = new HashMap<>();
    private boolean isClosed;

    /** @param logins one permit for each that may be under way at a time */
    SshLink(Host host, SshSettings settings, Path socket, Semaphore logins) {
        this.host = host;
        this.settings = settings;
        this.socket = socket;
        this.logins = logins;
        this.errors = socket.resolveSibling(socket.getFileName() + ".err");
    }

    @Override
    public Host host() {
        return host;
    }

    @Override
    public Process open(String shellLine) throws RemoteException, InterruptedException {
        connect();
        return start(command("no", List.of(), shellLine));
    }

    /** By a socket in the private folder. */
    @Override
    public String forward(String endpoint) throws RemoteException, InterruptedException {
        connect();
        return forwarded(endpoint);
    }

    private synchronized String forwarded(String endpoint) throws RemoteException, InterruptedException {
        Path known = forwards.get(endpoint);
        if (known != null) return known.toString();
        Path here = socket.resolveSibling(socket.getFileName() + "." + forwards.size());
        var said = new Tails();
        String spec = here + ":" + endpoint;
        Session session = new Session(start(command("no", List.of("-O", "forward", "-o", "StreamLocalBindUnlink=yes", "-L", spec), "")))
                .err(from -> Session.split(from, line -> said.line(Lines.Stream.ERR, line)));
        Optional<Integer> exit = session.await(settings.connectLimit());
        if (exit.isEmpty() || exit.get() != 0) throw new RemoteException(host, Kind.LOST, "ssh does not forward to " + endpoint + ": " + said.answer(1).err().strip());
        forwards.put(endpoint, here);
        return here.toString();
    }

    @Override
    public synchronized RemoteException failure(String said) {
        return Diagnosis.of(host, said.isBlank() ? saidByMaster() : said + "\n" + saidByMaster());
    }

    /** Makes sure that there is a connection, or that there is a good reason why not. */
    private void connect() throws RemoteException, InterruptedException {
        if (isConnected()) return;
        if (!logins.tryAcquire(TURN_LIMIT.toMillis(), TimeUnit.MILLISECONDS))
            throw new RemoteException(host, Kind.NO_ANSWER, "its turn to log in did not come within " + TURN_LIMIT.toMinutes() + " minutes: other servers hang");
        try {
            login();
        } finally {
            logins.release();
        }
    }

    private synchronized boolean isConnected() {
        return !isClosed && master != null && master.isAlive();
    }

    private synchronized void login() throws RemoteException, InterruptedException {
        if (isClosed) throw new RemoteException(host, Kind.LOST, "the connection was closed");
        if (isConnected()) return; // another thread's login
        Process begun = startMaster();
        boolean isUp = false;
        try {
            String greeting = awaitGreeting(begun);
            if (!greeting.equals(CONNECTED)) throw refusal(begun, greeting);
            isUp = true;
            master = begun;
            forwards.clear();
        } finally {
            if (!isUp) begun.destroyForcibly();
        }
    }

    private Process startMaster() throws RemoteException {
        try {
            Files.deleteIfExists(socket);
            var builder = new ProcessBuilder(command("yes", List.of(), "echo " + CONNECTED + "; exec cat"));
            return builder.redirectError(errors.toFile()).start();
        } catch (IOException e) {
            throw cannotStart(e);
        }
    }

    /** Its first line; a login script may say other things before. */
    private String awaitGreeting(Process begun) throws RemoteException, InterruptedException {
        var first = new CompletableFuture<String>();
        Thread.ofPlatform().daemon().name("ssh " + host.name()).start(() -> {
            try {
                Session.split(begun.getInputStream(), line -> {
                    if (line.endsWith(CONNECTED)) first.complete(CONNECTED);
                });
            } catch (IOException e) {
                // it has ended
            }
            first.complete("");
        });
        Duration limit = settings.connectLimit().plusSeconds(1);
        try {
            return first.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new RemoteException(host, Kind.NO_ANSWER, "no login within " + settings.connectLimit().toSeconds() + " s: it hangs, or a firewall is between");
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private RemoteException refusal(Process begun, String greeting) throws InterruptedException {
        begun.waitFor(GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
        String said = saidByMaster();
        if (said.isBlank() && greeting.isEmpty())
            return new RemoteException(host, Kind.DENIED, "login works, but no command runs there: check the login shell and ForceCommand");
        return Diagnosis.of(host, said);
    }

    private String saidByMaster() {
        try {
            return Files.exists(errors) ? new String(Files.readAllBytes(errors), StandardCharsets.UTF_8) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private Process start(List<String> command) throws RemoteException {
        try {
            return new ProcessBuilder(command).start();
        } catch (IOException e) {
            throw cannotStart(e);
        }
    }

    private RemoteException cannotStart(IOException e) {
        return new RemoteException(host, Kind.LOCAL, "ssh cannot be started here; install openssh-client: " + e.getMessage());
    }

    /** @param isMaster {@code yes} or {@code no} */
    private List<String> command(String isMaster, List<String> extra, String shellLine) {
        List<String> words = new ArrayList<>(List.of("setsid", "ssh", "-T", "-x"));
        settings.config().ifPresent(file -> words.addAll(List.of("-F", file.toString())));
        host.port().ifPresent(port -> words.addAll(List.of("-p", Integer.toString(port))));
        host.user().ifPresent(user -> words.addAll(List.of("-l", user)));
        for (String option : own(isMaster)) words.addAll(List.of("-o", option));
        for (String option : settings.options()) words.addAll(List.of("-o", option));
        words.addAll(extra);
        words.add("--");
        words.add(host.address());
        if (!shellLine.isEmpty()) words.add(shellLine);
        return words;
    }

    /** Before all others: to ssh the first value counts. */
    private List<String> own(String isMaster) {
        return List.of(
                "BatchMode=yes",
                "ConnectTimeout=" + Math.max(1, settings.connectLimit().toSeconds()),
                "ServerAliveInterval=" + Math.max(1, settings.connectLimit().toSeconds() / 2),
                "ServerAliveCountMax=" + ALIVE_COUNT,
                "ControlMaster=" + isMaster,
                "ControlPath=" + socket,
                "ControlPersist=no",
                "LogLevel=ERROR",
                "RemoteCommand=none",
                "PermitLocalCommand=no",
                "ForkAfterAuthentication=no",
                "StdinNull=no",
                "ClearAllForwardings=" + (isMaster.equals("yes") ? "yes" : "no"));
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        Process ending = master;
        master = null;
        if (ending == null) return;
        try (OutputStream goodbye = ending.getOutputStream()) {
            goodbye.flush();
        } catch (IOException e) {
            // it is gone already
        }
        endForSure(ending);
    }

    private static void endForSure(Process ending) {
        boolean isInterrupted = Thread.interrupted();
        try {
            if (ending.waitFor(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) return;
            ending.destroy();
            if (!ending.waitFor(GOODBYE.toMillis(), TimeUnit.MILLISECONDS)) ending.destroyForcibly();
        } catch (InterruptedException e) {
            isInterrupted = true;
            ending.destroyForcibly();
        } finally {
            if (isInterrupted) Thread.currentThread().interrupt();
        }
    }
}
