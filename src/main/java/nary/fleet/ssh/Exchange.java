package nary.fleet.ssh;

import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import nary.fleet.ssh.Lines.Stream;

/**
 * A brief command's way through a {@link SharedShell}: the text that goes there, and what the lines mean that come back. They are, each part
 * ended by a line with a token: what a login script has said before; what the command writes to stdout; what it has written to stderr, which the
 * shell has kept until then, since two streams have no order between them.
 *
 * <p>As with a {@link Wrapping}, a watcher reads the shell's stdin meanwhile, whose end means that nobody wants the command any more. A line
 * says that the watcher's work is over ({@link #RELEASE}), and the shell goes on reading commands. Nothing else may be sent before the status has
 * come: some shells (dash) read ahead, and what they have read no watcher gets.
 */
final class Exchange {
    /** To be sent when the command has ended. */
    static final String RELEASE = "\n";

    private static final String TEMPLATE = """
            nary_command() {
            unset said status
            %1$s
            }
            {
            (trap '' HUP TERM; read -r _ && exit; kill -TERM -$$; sleep 5; kill -KILL -$$) <&3 >/dev/null 2>&1 4>&- &
            printf '\\n%%s\\n' %2$s
            said=$( (nary_command) 2>&1 >&4 3<&- 4>&-)
            status=$?
            printf '\\n%%s\\n%%s\\n%%s %%s\\n' %2$s "$said" %2$s $status
            wait
            } 3<&0 4>&1 </dev/null
            """;

    private enum Part {
        BEFORE,
        OUT,
        ERR,
        OVER
    }

    private final String token = "nary-" + UUID.randomUUID();
    private final Command command;
    private final Lines lines;
    private final CompletableFuture<Optional<Integer>> status = new CompletableFuture<>();
    private Part part = Part.BEFORE;
    /** An empty line is told when another follows: the one before a token is the token's. */
    private boolean isEmptyHeld;

    Exchange(Command command, Lines lines) {
        this.command = command;
        this.lines = lines;
    }

    String text() {
        return TEMPLATE.formatted(command.body(), token);
    }

    synchronized void line(String text) {
        if (part == Part.OVER) return; // it is not wanted any more, and the shell has not heard of it yet
        if (text.startsWith(token)) {
            next(text);
            return;
        }
        if (isEmptyHeld) tell("");
        isEmptyHeld = text.isEmpty();
        if (!isEmptyHeld) tell(text);
    }

    private void next(String text) {
        isEmptyHeld = false;
        part = switch (part) {
            case BEFORE -> Part.OUT;
            case OUT -> Part.ERR;
            case ERR, OVER -> Part.OVER;
        };
        if (part == Part.OVER) status.complete(Optional.of(Integer.parseInt(text.substring(token.length()).strip())));
    }

    private void tell(String text) {
        switch (part) {
            case OUT -> lines.line(Stream.OUT, text);
            case ERR -> lines.line(Stream.ERR, text);
            case BEFORE, OVER -> {
                // what a login script says
            }
        }
    }

    /** Nothing more will come, or is wanted. */
    synchronized void end() {
        part = Part.OVER;
        status.complete(Optional.empty());
    }

    /** @return the exit status; empty if it ended without one @throws TimeoutException if the command's limit passes */
    Optional<Integer> await() throws InterruptedException, TimeoutException {
        try {
            return status.get(command.limit().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }
}
