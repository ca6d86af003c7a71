package nary.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import nary.config.Output;
import nary.config.Personality;
import nary.control.NoticeCodec;
import nary.log.EventLog;
import nary.supervisor.Notice;

/**
 * {@code nary.log}: one line for each notice, see {@link NoticeCodec}; appended. {@code naught.log}: naught's events as naught wrote
 * them, and what is no event of its own as a warning.
 */
final class NoticeLog implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    private final boolean isNaughts;
    private final Lines lines;
    private final Runnable reopening;
    private final Ending ending;

    private interface Lines {
        void write(Instant at, String text);
    }

    private interface Ending {
        void run() throws InterruptedException;
    }

    private NoticeLog(boolean isNaughts, Lines lines, Runnable reopening, Ending ending) {
        this.isNaughts = isNaughts;
        this.lines = lines;
        this.reopening = reopening;
        this.ending = ending;
    }

    /** @param path naught's {@code -} is stderr */
    static NoticeLog open(Path path, Output limits, Personality personality, Console console) throws IOException {
        boolean isNaughts = personality == Personality.NAUGHT;
        if (isNaughts && path.endsWith("-")) {
            LineWriter stderr = new LineWriter("event log", console.errStream());
            return new NoticeLog(true, (_, text) -> stderr.write(text), () -> {}, stderr::close);
        }
        EventLog file = EventLog.open(path, limits);
        return new NoticeLog(isNaughts, isNaughts ? (_, text) -> file.writeBare(text) : file::write, file::reopen, () -> file.close(END_LIMIT));
    }

    void notice(Notice notice) {
        if (notice.name().equals(Notice.LOGS_REOPENED)) reopening.run();
        Instant at = notice.at().orElseGet(Instant::now);
        if (!isNaughts) lines.write(at, NoticeCodec.line(notice));
        else if (notice.tally().isPresent()) lines.write(at, notice.name() + ". " + notice.text());
        else remark(notice.text());
    }

    /** What is no event of the app: a client turned away, an error inside nary. */
    void remark(String text) {
        lines.write(Instant.now(), (isNaughts ? "Warning: " : NoticeCodec.REMARK + " ") + text);
    }

    /** For what the JVM itself writes to stderr. */
    PrintStream asStream() {
        return new PrintStream(new OutputStream() {
            private final StringBuilder line = new StringBuilder();

            @Override
            public synchronized void write(int octet) {
                if (octet == '\n') {
                    remark(line.toString());
                    line.setLength(0);
                } else {
                    line.append((char) (octet & 0xff));
                }
            }
        }, true, StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws InterruptedException {
        ending.run();
    }
}
