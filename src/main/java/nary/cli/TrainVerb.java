package nary.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import nary.demo.ExampleServer;
import sun.misc.Signal;

/**
 * Hidden: goes the common ways once, so that the launcher's AOT caches hold their classes and their lambdas: a daemon's first crash and first
 * deploy are then as quick as its second. All classes of a cache are there from the start of a JVM, needed or not, so there is one for all,
 * made by an app in this process, and smaller ones for the common commands and for the daemon that they start. Leaves nothing behind.
 */
final class TrainVerb implements Verb {
    static final String NAME = "train";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    /** A daemon that is being trained makes its cache before it ends. */
    private static final Duration MAKING = Duration.ofSeconds(60);

    private static final Duration PAUSE = Duration.ofMillis(50);

    @Override
    public Options options() {
        return new Options(NAME, "A training run for the AOT cache.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nary-train");
        try {
            Training training = new Training(folder, context.parts());
            boolean isDone = training.run();
            context.console().out(training.told.toString());
            return isDone ? ExitCode.DONE : ExitCode.FAILED;
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }

    /** One app, and the commands that drive it. */
    private static final class Training {
        private final Path folder;
        private final String ipc;
        private final Parts parts;
        private final Cli cli;
        private final ByteArrayOutputStream said = new ByteArrayOutputStream();
        private final int port;
        private final boolean isApart = JavaCommand.isTrainingApart();
        /** Each command with its exit code, for the launcher's log. */
        private final StringBuilder told = new StringBuilder();

        private final Thread app = Thread.ofPlatform().daemon().unstarted(this::start);

        Training(Path folder, Parts parts) throws IOException {
            this.folder = folder;
            this.parts = parts;
            this.ipc = folder.resolve(Daemons.IPC_FILE).toString();
            PrintStream quiet = new PrintStream(said);
            this.cli = new Cli(new Console(quiet, quiet, false), parts);
            try (ServerSocket free = new ServerSocket(0)) {
                this.port = free.getLocalPort();
            }
        }

        boolean run() throws InterruptedException, IOException {
            Runtime.getRuntime().addShutdownHook(new Thread(this::leaveNothing));
            app.start();
            boolean isServing = becomes("  serving  ");
            if (isServing) live();
            else told.append("does not serve: ").append(said.toString(StandardCharsets.UTF_8)).append("; ");
            for (var words : List.of(List.of("status", ipc), List.of("status", "--json", ipc), List.of("ls"), List.of("version"))) tell(words);
            if (!isApart) for (var words : List.of(List.of("help", "start"), List.of("config", "check", apps()))) tell(words);
            Optional<ProcessHandle> daemon = daemon();
            if (isRunning()) tell(List.of("stop", ipc));
            app.join(LIMIT);
            if (daemon.isPresent()) awaitEnd(daemon.get());
            return isServing;
        }

        /** The launcher's patience is over: a daemon of its own would go on for ever. */
        private void leaveNothing() {
            try {
                daemon().ifPresent(ProcessHandle::destroy);
            } catch (IOException hasEnded) {
                // so there is nothing to end
            }
        }

        /** Empty where the app runs in this process, or could not be started. */
        private Optional<ProcessHandle> daemon() throws IOException {
            if (!isApart || !Files.exists(pidFile())) return Optional.empty();
            return ProcessHandle.of(Long.parseLong(Files.readString(pidFile()).strip()));
        }

        private Path pidFile() {
            return folder.resolve("nary.pid");
        }

        private void awaitEnd(ProcessHandle daemon) throws InterruptedException {
            try {
                daemon.onExit().get(MAKING.toSeconds(), TimeUnit.SECONDS);
            } catch (ExecutionException | TimeoutException e) {
                told.append("the daemon did not end: ").append(e).append("; ");
                daemon.destroyForcibly();
            }
        }

        /** Apart, the start is over when the daemon serves. */
        private boolean isRunning() {
            return app.isAlive() || isApart && Files.exists(pidFile());
        }

        /** A crash, a deploy with a client that stays connected, one that is given up, more and fewer workers. */
        private void live() throws InterruptedException, IOException {
            crash();
            try (Socket client = ask()) {
                tell(List.of("deploy", ipc));
            }
            tell(List.of("deploy", "--env", "JAVA_TOOL_OPTIONS=-XX:+NoSuchFlag", "--timeout", "5", ipc));
            tell(List.of("scale", "+1", ipc));
            tell(List.of("scale", "-1", ipc));
            tell(List.of("restart", ipc));
            tell(List.of("logs", "-n", "1", ipc));
            if (!isApart) reload();
        }

        private void reload() throws InterruptedException {
            Signal.raise(new Signal("HUP"));
            told.append(becomes(" serves with 2 workers") ? "reloaded; " : "not reloaded; ");
        }

        private String apps() throws IOException {
            return Files.writeString(folder.resolve("nary.yml"), "apps:\n  web:\n    command: sleep 60\n    settle: 0.1\n    env: { A: 1 }\n").toString();
        }

        private void crash() throws InterruptedException, IOException {
            daemon().orElse(ProcessHandle.current()).children().filter(Training::isWorker).findFirst().ifPresent(ProcessHandle::destroyForcibly);
            boolean isReplaced = becomes("(attempt 2)", "events", ipc) && becomes("  serving  ");
            told.append("crash ").append(isReplaced ? "replaced; " : "not replaced; ");
        }

        private static boolean isWorker(ProcessHandle child) {
            return child.info().arguments().stream().anyMatch(words -> List.of(words).contains(ExampleServer.class.getName()));
        }

        private Socket ask() throws IOException {
            Socket client = new Socket(InetAddress.getLoopbackAddress(), port);
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            InputStream answer = client.getInputStream();
            answer.read(new byte[512]);
            return client;
        }

        /** Asks for the status until this has been said. False when time is up, or the app has ended. */
        private boolean becomes(String words) throws InterruptedException {
            return becomes(words, "status", ipc);
        }

        /** @param command asked until it says so */
        private boolean becomes(String words, String... command) throws InterruptedException {
            long end = System.nanoTime() + LIMIT.toNanos();
            said.reset();
            while (!said.toString(StandardCharsets.UTF_8).contains(words)) {
                if (!isRunning() || System.nanoTime() - end > 0) return false;
                Thread.sleep(PAUSE);
                cli.run(command);
            }
            return true;
        }

        private void tell(List<String> words) throws InterruptedException {
            told.append(words.getFirst()).append(' ').append(cli.run(words.toArray(String[]::new))).append("; ");
        }

        private void start() {
            List<String> words = new ArrayList<>(List.of("start", "--daemon-mode=" + isApart, "--ipc-file", ipc, "--cwd", folder.toString(), "--worker-count", "2", "--drain-timeout", "1", "--settle", "0.1", "--"));
            words.addAll(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:TieredStopAtLevel=1", "-cp"));
            words.addAll(List.of(JavaCommand.absoluteClassPath(), ExampleServer.class.getName(), Integer.toString(port)));
            try {
                if (isApart) inAnotherProcess(words);
                else cli.run(words.toArray(String[]::new));
            } catch (IOException e) {
                told.append("start: ").append(e.getMessage()).append("; ");
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        /** What starts a process is not needed by what asks one. */
        private void inAnotherProcess(List<String> words) throws IOException, InterruptedException {
            List<String> command = new ArrayList<>(JavaCommand.client(parts.main()));
            command.addAll(words);
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD).start();
            if (!process.waitFor(LIMIT)) process.destroyForcibly();
        }
    }
}
