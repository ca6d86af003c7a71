package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import nary.config.Launch;
import nary.config.Personality;
import nary.config.Strategy;
import nary.control.DaemonLock;
import nary.control.DeployChange;
import nary.control.Engine;
import nary.control.EngineFactory;
import nary.control.LeftLogs;
import nary.control.Message;
import nary.control.Refusal;
import nary.control.Registry;
import nary.control.Reply;
import nary.control.ScaleChange;
import nary.control.Server;
import nary.control.Wire;
import nary.supervisor.Notice;
import nary.supervisor.Outcome;

/** The life of a supervisor around its engine, daemon or foreground: lock, files, control socket, signals, and their removal at the end. */
public final class Supervision {
    private final Launch launch;
    private final Map<String, String> environment;
    private final Console console;
    private final long pid = ProcessHandle.current().pid();
    private final CompletableFuture<Engine> engine = new CompletableFuture<>();
    private final AtomicBoolean isInterrupted = new AtomicBoolean();

    /** @param environment of this process, for the registry's place */
    public Supervision(Launch launch, Map<String, String> environment, Console console) {
        this.launch = launch;
        this.environment = environment;
        this.console = console;
    }

    /** What becomes known while it lives; called on the engine's thread, must not block. */
    public interface Listener {
        /** Clients may come. */
        default void listening() {}

        void notice(Notice notice);

        void started(Reply.Ended ended);
    }

    /** In the foreground: runs until the app has ended; the exit code. */
    public int run(EngineFactory factory, Listener listener) throws Refusal, IOException, InterruptedException {
        return run(factory, listener, _ -> {});
    }

    /**
     * Runs until the app has ended; the exit code.
     *
     * @param failures where uncaught errors go, once there is a log
     */
    int run(EngineFactory factory, Listener listener, Consumer<NoticeLog> failures) throws Refusal, IOException, InterruptedException {
        Path ipc = Path.of(launch.files().ipc());
        for (String file : files()) makeParent(Path.of(file));
        try (DaemonLock _ = DaemonLock.acquire(ipc);
                NoticeLog log = NoticeLog.open(Path.of(launch.files().log()), launch.output(), launch.settings().policy().personality(), console);
                Server server = new Server(hello(), log::remark)) {
            failures.accept(log);
            server.listen(ipc);
            server.register(Registry.of(environment), pid);
            writePid();
            if (launch.settings().policy().personality() == Personality.NARY) LeftLogs.remember(launch);
            listener.listening();
            try {
                return serve(factory, listener, log, server);
            } finally {
                removePid();
            }
        }
    }

    private int serve(EngineFactory factory, Listener listener, NoticeLog log, Server server) throws IOException, InterruptedException {
        Consumer<Notice> notices = notice -> {
            log.notice(notice);
            listener.notice(notice);
        };
        installSignals(notices);
        Engine running = factory.start(launch, notices, outcome -> engine.thenAccept(known -> listener.started(Reply.Ended.of(outcome, known))));
        engine.complete(running);
        server.serve(running);
        return running.awaitEnd();
    }

    private void installSignals(Consumer<Notice> notices) {
        Interrupts.on("HUP", () -> deploy(DeployChange.none("SIGHUP"), notices));
        Interrupts.on("USR1", () -> engine.thenAccept(running -> running.reopenLogs(_ -> {})));
        Interrupts.on("USR2", () -> deploy(DeployChange.none("SIGUSR2").with(Strategy.ROLLING), notices));
        Interrupts.on("TTIN", () -> scale(1, "SIGTTIN", notices));
        Interrupts.on("TTOU", () -> scale(-1, "SIGTTOU", notices));
        Interrupts.on("TERM", () -> stop("SIGTERM", Optional.empty()));
        Interrupts.on("INT", this::interrupt);
    }

    private void deploy(DeployChange change, Consumer<Notice> notices) {
        engine.thenAccept(running -> running.deploy(change, answer(change.by(), notices)));
    }

    private void scale(int change, String by, Consumer<Notice> notices) {
        engine.thenAccept(running -> running.scale(new ScaleChange(change, true, Optional.empty(), by), answer(by, notices)));
    }

    /** Who sends a signal gets no reply: what comes of it in vain is said as an event. */
    private static Consumer<Outcome> answer(String signal, Consumer<Notice> notices) {
        return outcome -> {
            if (!(outcome instanceof Outcome.Done)) notices.accept(new Notice("Signal", Optional.empty(), signal + ": " + outcome.text()));
        };
    }

    /** Ctrl+C: gracefully the first time, at once the second. */
    void interrupt() {
        stop("SIGINT", isInterrupted.getAndSet(true) ? Optional.of(Duration.ZERO) : Optional.empty());
    }

    private void stop(String by, Optional<Duration> timeout) {
        engine.thenAccept(running -> running.stop(timeout, by, _ -> {}));
    }

    private Message.Hello hello() {
        return new Message.Hello(Wire.PROTOCOL, VersionVerb.VERSION, (int) pid, launch.files().ipc(), launch.release().directory());
    }

    private List<String> files() {
        var files = launch.files();
        return List.of(files.ipc(), files.pid(), files.log(), files.stdout(), files.stderr());
    }

    private static void makeParent(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent != null && !Files.isDirectory(parent)) Files.createDirectories(parent);
    }

    private void writePid() throws IOException {
        Path file = Path.of(launch.files().pid());
        Path temporary = file.resolveSibling(file.getFileName() + "." + pid + ".tmp");
        try {
            Files.writeString(temporary, pid + "\n");
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            Files.deleteIfExists(temporary);
            throw new IOException("writing " + file + ": " + e.getMessage(), e);
        }
    }

    /** Only ours: somebody may have put another in its place. */
    private void removePid() throws IOException {
        Path file = Path.of(launch.files().pid());
        if (Files.isRegularFile(file) && Files.readString(file).equals(pid + "\n")) Files.delete(file);
    }
}
