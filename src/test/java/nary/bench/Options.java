package nary.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the user asked for.
 *
 * @param only the one benchmark to run
 * @param seconds length of one measurement; of the time under deploys it is twice as long
 * @param rounds how often each measurement is taken
 */
public record Options(boolean isQuick, Optional<String> only, int seconds, int rounds) {
    static final List<String> NAMES = List.of("steady", "deploys", "causes", "recovery", "manager", "logs", "scale");
    static final String USAGE = "bench/run [--quick] [--only " + String.join("|", NAMES) + "] [--seconds S] [--rounds R]";

    /** @throws IllegalArgumentException its message is for the user */
    static Options of(String... arguments) {
        List<String> words = new ArrayList<>(List.of(arguments));
        boolean isQuick = words.remove("--quick");
        Optional<String> only = value(words, "--only");
        Optional<String> seconds = value(words, "--seconds");
        Optional<String> rounds = value(words, "--rounds");
        if (!words.isEmpty()) throw new IllegalArgumentException("not understood: " + words.getFirst() + "\n" + USAGE);
        only.filter(it -> !NAMES.contains(it)).ifPresent(it -> {
            throw new IllegalArgumentException("no benchmark is named " + it + "\n" + USAGE);
        });
        int length = seconds.map(it -> number("--seconds", it)).orElse(isQuick ? 1 : 10);
        return new Options(isQuick, only, length, rounds.map(it -> number("--rounds", it)).orElse(isQuick ? 2 : 3));
    }

    boolean wants(String name) {
        return only.isEmpty() || only.get().equals(name);
    }

    private static int number(String name, String text) {
        if (text.matches("[1-9]\\d{0,3}")) return Integer.parseInt(text);
        throw new IllegalArgumentException(name + " wants a whole number from 1 to 9999, not " + text);
    }

    private static Optional<String> value(List<String> words, String name) {
        int at = words.indexOf(name);
        if (at < 0) return Optional.empty();
        words.remove(at);
        if (at == words.size()) throw new IllegalArgumentException(name + " wants a value\n" + USAGE);
        return Optional.of(words.remove(at));
    }
}
