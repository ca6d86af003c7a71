package nary.fleet.ssh;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What is to run on a server, with /dev/null as its stdin.
 *
 * @param words the program and its arguments, each arriving exactly; with a script its $1, $2, …
 * @param script for {@code sh}; it is read as a whole before its first command runs. Neither it nor its arguments show in the server's list of processes
 * @param limit how long it may take; then it is ended
 * @param isBrief nary's own: it ends soon and leaves no process, so that a shell may run it which runs others after it
 */
public record Command(List<String> words, Optional<String> script, Duration limit, boolean isBrief) {
    public static final Duration DEFAULT_LIMIT = Duration.ofMinutes(10);

    /** @throws IllegalArgumentException without a program, or where a word holds a NUL, which none can */
    public Command {
        words = List.copyOf(words);
        if (script.isEmpty() && words.isEmpty()) throw new IllegalArgumentException("no command");
        boolean hasNul = words.stream().anyMatch(Command::hasNul) || script.filter(Command::hasNul).isPresent();
        if (hasNul) throw new IllegalArgumentException("no argument can hold a NUL character");
        if (limit.isNegative() || limit.isZero()) throw new IllegalArgumentException("a command needs a limit above 0");
    }

    public static Command of(String... words) {
        return of(List.of(words));
    }

    public static Command of(List<String> words) {
        return new Command(words, Optional.empty(), DEFAULT_LIMIT, false);
    }

    public static Command script(String script, String... arguments) {
        return script(script, List.of(arguments));
    }

    public static Command script(String script, List<String> arguments) {
        return new Command(arguments, Optional.of(script), DEFAULT_LIMIT, false);
    }

    public Command within(Duration other) {
        return new Command(words, script, other, isBrief);
    }

    /** The same, {@link #isBrief brief}: over ssh, one process and one channel serve all of them. Of what it says, stdout comes before stderr. */
    public Command briefly() {
        return new Command(words, script, limit, true);
    }

    /** For {@code sh}. */
    String body() {
        return script.isEmpty() ? "exec " + quoted(words) : "set -- " + quoted(words) + "\neval " + Quoting.quoted(script.get());
    }

    private static String quoted(List<String> words) {
        return String.join(" ", words.stream().map(Quoting::quoted).toList());
    }

    /** For people: one line. */
    @Override
    public String toString() {
        String text = script.map(it -> it.strip().lines().findFirst().orElse("") + (it.strip().lines().count() > 1 ? " …" : "")).orElse(Quoting.line(words));
        return text.length() > 200 ? text.substring(0, 199) + "…" : text;
    }

    private static boolean hasNul(String text) {
        return text.indexOf('\0') >= 0;
    }
}
