package nary.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import nary.config.ConfigException;
import nary.control.Client;
import nary.control.LeftLogs;
import nary.control.NoDaemon;
import nary.control.NoticeCodec;
import nary.log.LogView;
import org.jspecify.annotations.Nullable;

/** {@code nary events}: what has happened to the app, read from its event log; that of an app that has ended too. */
final class EventsVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);
    private static final int ALL_SLOTS = -1;

    @Override
    public Options options() {
        return new Options("events", "Print what has happened to the app: one event a line, through rotated and compressed files.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, NoDaemon, IOException, InterruptedException {
        int last = LogsVerb.last(arguments);
        Path ipc = Selection.one(arguments, arguments.word(), context.caller()).ipc();
        try (Client client = Daemons.connect(ipc, context.caller())) {
            Path log = LeftLogs.of(client.launch(ANSWER_LIMIT)).events();
            return show(log, last, arguments, arguments.isSet("-f") ? client : null, context.console());
        } catch (NoDaemon gone) {
            Path log = LeftLogs.find(ipc).events();
            if (!Files.exists(log) || arguments.isSet("-f")) throw gone;
            return show(log, last, arguments, null, context.console());
        }
    }

    /** @param running to be followed until it ends */
    private static ExitCode show(Path log, int last, Arguments arguments, @Nullable Client running, Console console)
            throws IOException, InterruptedException {
        LogView.Sink sink = arguments.isSet("--json") ? new JsonSink(console) : new LineSink(console);
        try (LogView view = LogView.open(List.of(log), ALL_SLOTS)) {
            boolean goesOn = last == Integer.MAX_VALUE ? view.all(sink) : view.last(last, sink);
            if (goesOn && running != null) {
                view.follow(sink, LogsVerb.endOf(running)::get);
                console.err("the app has ended");
            }
        }
        return ExitCode.DONE;
    }

    private record JsonSink(Console console) implements LogView.Sink {
        @Override
        public boolean line(byte[] bytes) {
            String line = new String(bytes, StandardCharsets.UTF_8).stripTrailing();
            return console.outBytes((NoticeCodec.json(NoticeCodec.parse(line)) + "\n").getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void pause() {
            console.flush();
        }
    }
}
