package nary.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import nary.config.Output;
import nary.log.EventLog;
import nary.supervisor.Notice;

/** {@code nary.log}: {@code TIME NAME [WORKER] TEXT}, one line for each notice; appended. */
final class NoticeLog implements AutoCloseable {
    private static final Duration END_LIMIT = Duration.ofSeconds(2);

    private final EventLog file;

    private NoticeLog(EventLog file) {
        this.file = file;
    }

    static NoticeLog open(Path path, Output limits) throws IOException {
        return new NoticeLog(EventLog.open(path, limits));
    }


    void notice(Notice notice) {
        if (notice.name().equals(Notice.LOGS_REOPENED)) file.reopen();
        write(notice.name() + notice.worker().map(worker -> " " + worker).orElse(""), notice.text());
    }

    /** What is no event of the app: a client turned away, an error inside nary. */
    void remark(String text) {
        write("Remark", text);
    }

    private void write(String name, String text) {
        file.write(name + " " + text);
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
        file.close(END_LIMIT);
    }
}
