package nary.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import sun.misc.Signal;

/** Hidden: uses the common paths once, so that the launcher's AOT cache holds their classes. Leaves nothing behind. */
final class TrainVerb implements Verb {
    static final String NAME = "train";
    private static final Duration LIMIT = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(50);

    @Override
    public Options options() {
        return new Options(NAME, "A training run for the AOT cache.");
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("nary-train");
        try {
            var quiet = new PrintStream(OutputStream.nullOutputStream());
            return train(folder, new Cli(new Console(quiet, quiet, false), context.parts()));
        } finally {
            delete(folder);
        }
    }

    private static ExitCode train(Path folder, Cli cli) throws IOException, InterruptedException {
        String ipc = folder.resolve(Daemons.IPC_FILE).toString();
        Thread app = Thread.ofPlatform().daemon().start(() -> start(cli, folder, ipc));
        long end = System.nanoTime() + LIMIT.toNanos();
        int code;
        do {
            Thread.sleep(PAUSE);
            code = cli.run("status", ipc);
        } while (code != ExitCode.DONE.number() && app.isAlive() && System.nanoTime() < end);
        for (var words : List.of(List.of("status", "--json", ipc), List.of("ls"), List.of("version"), List.of("help", "start"), List.of("config", "check", apps(folder))))
            cli.run(words.toArray(String[]::new));
        if (app.isAlive()) Signal.raise(new Signal("INT"));
        app.join(LIMIT);
        return code == ExitCode.DONE.number() ? ExitCode.DONE : ExitCode.FAILED;
    }

    private static String apps(Path folder) throws IOException {
        return Files.writeString(folder.resolve("nary.yml"), "apps:\n  web:\n    command: sleep 60\n    settle: 0.1\n    env: { A: 1 }\n").toString();
    }

    private static void start(Cli cli, Path folder, String ipc) {
        try {
            cli.run("start", "--daemon-mode=false", "--ipc-file", ipc, "--cwd", folder.toString(), "--ready", "delay:0.1", "--", "sleep", "60");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
