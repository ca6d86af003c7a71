package nary.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The options of one command: names, labels and help in one table, read by {@link Arguments} and {@link HelpPage}. */
final class Options {
    private final String name;
    private final String summary;
    private final List<Option> all = new ArrayList<>();
    private Words words = new Words("", "", 0);

    enum Kind {
        /** Takes one value; may be given once. */
        VALUE,
        /** Takes one value each time. */
        REPEATED,
        /** Takes two words each time; its value is both, with a space between. */
        PAIR,
        FLAG
    }

    record Option(String name, Kind kind, String label, String about) {}

    /** The words that are no options. @param most how many; {@link Integer#MAX_VALUE}: a command with all that follows it */
    record Words(String label, String about, int most) {
        boolean isCommand() {
            return most == Integer.MAX_VALUE;
        }
    }

    Options(String name, String summary) {
        this.name = name;
        this.summary = summary;
        flag("--help", "show this help");
    }

    /** @param about what it does, with its default */
    Options option(String name, String label, String about) {
        all.add(new Option(name, Kind.VALUE, label, about));
        return this;
    }

    Options repeated(String name, String label, String about) {
        all.add(new Option(name, Kind.REPEATED, label, about));
        return this;
    }

    /** @param label of both words */
    Options pair(String name, String label, String about) {
        all.add(new Option(name, Kind.PAIR, label, about));
        return this;
    }

    Options flag(String name, String about) {
        all.add(new Option(name, Kind.FLAG, "", about));
        return this;
    }

    /** One optional word. */
    Options word(String label, String about) {
        words = new Words(label, about, 1);
        return this;
    }

    /** Two words, of which the second is optional. */
    Options words(String label, String about, String second, String aboutSecond) {
        words = new Words(label + " [" + second + "]", about + "; " + second + ": " + aboutSecond, 2);
        return this;
    }

    /** All that follows belongs to the command to run, whatever it looks like. */
    Options command(String label, String about) {
        words = new Words(label, about, Integer.MAX_VALUE);
        return this;
    }

    String name() {
        return name;
    }

    String summary() {
        return summary;
    }

    Words words() {
        return words;
    }

    List<Option> all() {
        return all;
    }

    List<String> names() {
        return all.stream().map(Option::name).toList();
    }

    Optional<Option> named(String name) {
        for (Option option : all) if (option.name().equals(name)) return Optional.of(option);
        return Optional.empty();
    }
}
