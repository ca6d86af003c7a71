package nary.cli;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** The terminal; nothing else touches stdout and stderr. Results go to stdout, progress and reasons to stderr. */
public class Console {
    private static final String CLEAR_LINE = "\r\033[K";

    private static final int BULK = 64 * 1024;

    private final PrintStream out;
    private final PrintStream err;
    private final boolean isLive;
    private final boolean isOutTerminal;
    private final ByteArrayOutputStream bulk = new ByteArrayOutputStream();
    private boolean isUnread;
    private String live = "";

    /** @param isLive stderr is a terminal: a line that changes may be shown */
    public Console(PrintStream out, PrintStream err, boolean isLive) {
        this(out, err, isLive, false);
    }

    /** @param isOutTerminal stdout is one: colours may be shown */
    Console(PrintStream out, PrintStream err, boolean isLive, boolean isOutTerminal) {
        this.out = out;
        this.err = err;
        this.isLive = isLive;
        this.isOutTerminal = isOutTerminal;
    }

    public static Console system() {
        return new Console(System.out, System.err, isTerminal(2), isTerminal(1));
    }

    private static boolean isTerminal(int descriptor) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }

    /** Raw standard input; only the daemon reads it. */
    InputStream in() {
        return new FileInputStream(FileDescriptor.in);
    }

    /** Leaves /dev/null on descriptor 0, as the JDK does for the standard ones. */
    void closeIn() throws IOException {
        in().close();
    }

    /** The daemon's report, on descriptor 1; closing it leaves /dev/null on 1 and 2. */
    OutputStream report() {
        return new FileOutputStream(FileDescriptor.out) {
            @Override
            public void close() throws IOException {
                super.close();
                new FileOutputStream(FileDescriptor.err).close();
            }
        };
    }

    /** What this JVM writes to stderr from now on goes there. */
    void redirect(PrintStream errors) {
        System.setErr(errors);
    }

    /** For lines written by another thread in the foreground; closing it closes nothing. */
    OutputStream errStream() {
        return new FilterOutputStream(err) {
            @Override
            public void write(byte[] bytes) throws IOException {
                out.write(bytes);
            }

            @Override
            public void close() throws IOException {
                out.flush();
            }
        };
    }

    public boolean isLive() {
        return isLive;
    }

    /** On stdout: never in a pipe, and not where NO_COLOR or TERM=dumb says no. */
    boolean showsColours(Map<String, String> environment) {
        return isOutTerminal && environment.getOrDefault("NO_COLOR", "").isEmpty() && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    public synchronized void out(String line) {
        clearLive();
        out.println(line);
        out.flush();
    }

    /** As they are; {@link #flush} shows them. @return false if nobody reads any more */
    synchronized boolean outBytes(byte[] bytes) {
        bulk.write(bytes, 0, bytes.length);
        if (bulk.size() >= BULK) flush();
        return !isUnread;
    }

    synchronized void flush() {
        clearLive();
        out.write(bulk.toByteArray(), 0, bulk.size());
        bulk.reset();
        isUnread |= out.checkError();
        showLive();
    }

    public synchronized void err(String line) {
        clearLive();
        err.println(line);
        showLive();
    }

    /** Lines that stay last on the terminal and are replaced by the next call; empty removes them. Nothing in a pipe. */
    public synchronized void live(String line) {
        if (!isLive) return;
        clearLive();
        live = line;
        showLive();
    }

    private void clearLive() {
        if (live.isEmpty()) return;
        int above = (int) live.chars().filter(it -> it == '\n').count();
        err.print(above == 0 ? CLEAR_LINE : "\r\033[" + above + "A\033[J");
    }

    private void showLive() {
        // a line that is too long must not become two
        if (!live.isEmpty()) err.print(live.indexOf('\n') < 0 ? live : "\033[?7l" + live + "\033[?7h");
        err.flush();
    }
}
