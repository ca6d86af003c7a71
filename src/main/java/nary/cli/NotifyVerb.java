package nary.cli;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import nary.config.ServiceManager;
import nary.config.Suggest;
import nary.posix.Errno;
import nary.posix.OsException;
import nary.posix.Sockets;

/** {@code nary notify}: a worker says how it is; sd_notify(3) for shell scripts. */
final class NotifyVerb implements Verb {
    private static final Duration PAUSE = Duration.ofMillis(20);
    /** More is neither heard nor shown. */
    private static final int MOST_TEXT = 500;
    /** Five seconds in all. */
    private static final int TRIES = 250;

    private static final List<String> WORDS = List.of("online", "offline", "alive", "status", "extend");

    @Override
    public Options options() {
        return new Options("notify", "Say how this worker is: called by the worker itself, or by a process that it started.")
                .words("WHAT [TEXT]", "online: ready; offline: no new connections, please; alive: feeds --watchdog; status: with TEXT, shown by nary status; "
                        + "extend: with a time, that boot or stop takes at least so long from now", 2);
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, IOException {
        List<String> words = arguments.words();
        String message = message(words.isEmpty() ? "" : words.getFirst(), words.size() > 1 ? words.get(1) : "");
        ServiceManager manager = context.caller().manager().orElse(null);
        if (manager == null) {
            context.console().err("nary notify: NOTIFY_SOCKET is not set: this is for a process that a worker of nary started");
            return ExitCode.FAILED;
        }
        send(context.parts().posix().get().sockets(), manager.socket(), message.getBytes(StandardCharsets.UTF_8));
        return ExitCode.DONE;
    }

    /** Who is to hear it may be busy for a moment. */
    private static void send(Sockets sockets, String address, byte[] message) throws IOException {
        for (int tries = 0; ; tries++) {
            try {
                sockets.send(address, message);
                return;
            } catch (OsException e) {
                if (e.errno() != Errno.EAGAIN || tries == TRIES) throw e;
                LockSupport.parkNanos(PAUSE.toNanos());
            }
        }
    }

    static String message(String what, String text) throws UsageError {
        boolean hasText = what.equals("status") || what.equals("extend");
        if (hasText && text.isBlank()) throw new UsageError(what + ": what? e.g. nary notify " + (what.equals("status") ? "status 'loading 3 of 7'" : "extend 30"));
        if (!hasText && !text.isEmpty()) throw new UsageError("'" + text + "' is too much");
        return switch (what) {
            case "online" -> "READY=1";
            case "offline" -> "STOPPING=1";
            case "alive" -> "WATCHDOG=1";
            case "status" -> "STATUS=" + text.replace('\n', ' ').substring(0, Math.min(MOST_TEXT, text.length()));
            case "extend" -> "EXTEND_TIMEOUT_USEC=" + micros(Values.duration("extend", text));
            case "" -> throw new UsageError("what? one of " + String.join(", ", WORDS));
            default -> throw new UsageError("'" + what + "' is none of " + String.join(", ", WORDS) + Suggest.text(what, WORDS));
        };
    }

    private static long micros(Duration time) {
        return time.toNanos() / 1000;
    }
}
