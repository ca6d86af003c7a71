package nary.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import nary.supervisor.Notice;

/** {@code nary.log}: {@code TIME NAME [WORKER] TEXT}, one line for each notice; appended. */
final class EventLog implements AutoCloseable {
    private final LineWriter writer;

    private EventLog(LineWriter writer) {
        this.writer = writer;
    }

    static EventLog open(Path path) throws IOException {
        return new EventLog(new LineWriter("event log", Files.newOutputStream(path, StandardOpenOption.CREATE, StandardOpenOption.APPEND)));
    }

    void notice(Notice notice) {
        write(notice.name() + notice.worker().map(worker -> " " + worker).orElse(""), notice.text());
    }

    /** What is no event of the app: a client turned away, an error inside nary. */
    void remark(String text) {
        write("Remark", text);
    }

    private void write(String name, String text) {
        String oneLine = text.replace('\n', ' ');
        writer.write(Instant.now().truncatedTo(ChronoUnit.MILLIS) + " " + name + " " + oneLine);
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
        writer.close();
    }
}
