package nary.fleet.ssh;

import java.util.UUID;

/**
 * The script that a command becomes. It goes to the server by the stdin of {@code sh}, so that no login shell of whatever kind takes part
 * in its quoting. A shell reads a compound command to its end before it runs any of it: one that was cut off on its way does nothing.
 *
 * <p>stdin stays open while the command runs. Its end means that nobody wants the command any more, because it was cancelled, or because
 * the link or this process is gone: then a watcher ends the session's processes. The watcher is the one in the background, since a shell
 * makes background commands deaf to Ctrl+C.
 */
final class Wrapping {
    /** What the login shell sees. */
    static final String SHELL = "exec /bin/sh -s";

    /** ssh itself exits with this when the link fails; a command that does is told apart by a token on stderr. */
    static final int LINK_FAILED = 255;

    private static final String TEMPLATE = """
            {
            exec 3<&0 </dev/null
            (trap '' HUP TERM; read -r _; kill -TERM -$$; sleep 5; kill -KILL -$$) <&3 >/dev/null 2>&1 &
            exec 3<&-
            watcher=$!
            (
            %s
            )
            status=$?
            kill -KILL $watcher
            if [ $status = 255 ]; then echo %s >&2; fi
            exit $status
            }
            """;

    private final String token = "nary-" + UUID.randomUUID();
    private final String text;

    Wrapping(Command command) {
        text = TEMPLATE.formatted(command.body(), token);
    }

    String text() {
        return text;
    }

    String token() {
        return token;
    }
}
