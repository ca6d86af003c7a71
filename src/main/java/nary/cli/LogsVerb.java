package nary.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import nary.config.ConfigException;
import nary.config.Output;
import nary.control.Client;
import nary.control.LeftLogs;
import nary.control.NoDaemon;
import nary.log.LogView;
import nary.supervisor.Outcome;
import org.jspecify.annotations.Nullable;

/** {@code nary logs}: the workers' output, read from its files; those of an app that has ended too. */
final class LogsVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int ALL_SLOTS = -1;
    private static final int MOST_LINES = 10_000_000;

    @Override
    public Options options() {
        return new Options("logs", "Print what the workers wrote, stdout and stderr together, through rotated and compressed files.").app();
    }

    private static List<Path> wanted(LeftLogs logs, boolean onlyErr) {
        List<Path> wanted = new ArrayList<>(onlyErr ? List.of(logs.err()) : List.of(logs.out(), logs.err()));
        wanted.removeIf(path -> path.endsWith("-"));
        return wanted;
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException, InterruptedException {
        int slot = slot(arguments);
        int last = last(arguments);
        Path ipc = Selection.one(arguments, arguments.word(), context.caller()).ipc();
        try (Client client = Daemons.connect(ipc, context.caller())) {
            if (arguments.isSet("--reopen")) return reopen(client, context.console());
            LeftLogs logs = LeftLogs.of(client.launch(ANSWER_LIMIT));
            return show(logs, slot, last, arguments, arguments.isSet("-f") ? client : null, context.console());
        } catch (NoDaemon gone) {
            Optional<LeftLogs> left = leftBehind(ipc);
            if (left.isEmpty() || arguments.isSet("-f") || arguments.isSet("--reopen")) throw gone;
            return show(left.get(), slot, last, arguments, null, context.console());
        }
    }

    private static int slot(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.value("--worker");
        return typed.isPresent() ? Values.integer("--worker", typed.get(), 0, Values.MAX_WORKERS - 1, "; nary status shows the slots") : ALL_SLOTS;
    }

    static int last(Arguments arguments) throws UsageError {
        Optional<String> typed = arguments.value("-n");
        if (typed.isPresent()) return Values.integer("-n", typed.get(), 0, MOST_LINES, "");
        return arguments.isSet("-f") ? 10 : Integer.MAX_VALUE;
    }

    private static ExitCode reopen(Client client, Console console) throws IOException {
        Outcome outcome = client.reopenLogs(ANSWER_LIMIT);
        console.err(outcome.text());
        return ExitCode.of(outcome);
    }

    private static Optional<LeftLogs> leftBehind(Path ipc) throws IOException {
        LeftLogs logs = LeftLogs.find(ipc);
        return wanted(logs, false).stream().anyMatch(LogsVerb::isThere) ? Optional.of(logs) : Optional.empty();
    }

    /** Of those that each slot has of its own, any. */
    private static boolean isThere(Path log) {
        Path folder = log.resolveSibling("");
        return log.toString().contains(Output.SLOT) ? Files.isDirectory(folder) : Files.exists(log);
    }

    /** @param running to be followed until it ends */
    private static ExitCode show(LeftLogs logs, int slot, int last, Arguments arguments, @Nullable Client running, Console console)
            throws UsageError, IOException, InterruptedException {
        boolean onlyErr = arguments.isSet("--err");
        if (onlyErr && logs.out().equals(logs.err())) throw new UsageError("--err: stdout and stderr go to the same file, " + logs.err() + "; start with --stderr FILE to tell them apart");
        boolean isTold = wanted(logs, onlyErr).stream().allMatch(path -> path.toString().contains(Output.SLOT));
        if (slot != ALL_SLOTS && !isTold && logs.format().filter(it -> it == Output.Format.RAW).isPresent())
            throw new UsageError("--worker: raw lines do not say who wrote them; start with --log-format text, or with {slot} in the names of --stdout and --stderr");
        try (LogView view = LogView.open(wanted(logs, onlyErr), slot)) {
            LineSink sink = new LineSink(console);
            boolean goesOn = last == Integer.MAX_VALUE ? view.all(sink) : view.last(last, sink);
            if (goesOn && running != null) view.follow(sink, endOf(running)::get);
        }
        return ExitCode.DONE;
    }

    static AtomicBoolean endOf(Client client) {
        AtomicBoolean isOver = new AtomicBoolean();
        Thread.ofPlatform().daemon().name("app's end").start(() -> {
            try {
                client.awaitEnd();
            } catch (IOException gone) {
                // that is its end too
            }
            isOver.set(true);
        });
        return isOver;
    }
}
