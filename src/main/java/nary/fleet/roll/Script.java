package nary.fleet.roll;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import nary.fleet.ssh.Command;

/** The scripts that run on servers: POSIX shell and what every Linux has. Each says at its top what it takes and does. */
enum Script {
    ASK,
    BEAT,
    CONNECTIONS,
    CWD,
    FINISH,
    HOLDER,
    LOCK,
    OUT,
    PREPARE,
    PRUNE,
    RECORD,
    RELEASES,
    REMAINS,
    RUN,
    SURVEY,
    SWITCH,
    UNLOCK;

    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final String text = read(name().toLowerCase(Locale.ROOT) + ".sh");

    private static String read(String name) {
        try (InputStream in = Script.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException("nary is incomplete: there is no " + name);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Command with(String... arguments) {
        return with(List.of(arguments));
    }

    /** {@link #RUN} runs what is the user's: it may last, and leave what goes on. */
    Command with(List<String> arguments) {
        Command command = Command.script(text, arguments).within(LIMIT);
        return this == RUN ? command : command.briefly();
    }
}
