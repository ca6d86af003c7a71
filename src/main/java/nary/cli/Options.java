package nary.cli;

import java.util.List;
import java.util.Optional;
import nary.config.Option;
import nary.config.OptionTable;

/** The line that one command takes: its rows of the {@link OptionTable}, and its words; read by {@link Arguments} and {@link HelpPage}. */
final class Options {
    private static final Option HELP = new Option("--help", Option.Kind.FLAG, false, "", "", "", "show this help", Option.Scope.COMMAND, "");

    private final String name;
    private final String summary;
    private final List<Option> all;
    private Words words = new Words("", "", 0, false);

    /**
     * The words that are no options.
     *
     * @param most how many; {@link Integer#MAX_VALUE}: a command with all that follows it
     * @param hasTail all that follows {@code --} is a command of its own
     */
    record Words(String label, String about, int most, boolean hasTail) {
        boolean isCommand() {
            return most == Integer.MAX_VALUE;
        }
    }

    /** @param name of the command, in the table too */
    Options(String name, String summary) {
        this.name = name;
        this.summary = summary;
        this.all = OptionTable.of(name);
    }

    /** One optional word. */
    Options word(String label, String about) {
        return words(label, about, 1);
    }

    /** The app that the command is for. */
    Options app() {
        return word("APP", "an app of nary.yml, or the app's control socket (default: the only app here)");
    }

    /** Words up to so many. */
    Options words(String label, String about, int most) {
        words = new Words(label, about, most, false);
        return this;
    }

    /** Words up to so many, then {@code --} and a command. @param label with the command's */
    Options wordsAndTail(String label, String about, int most) {
        words = new Words(label, about, most, true);
        return this;
    }

    /** All that follows belongs to the command to run, whatever it looks like. */
    Options command(String label, String about) {
        return words(label, about, Integer.MAX_VALUE);
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

    /** With {@code --help}. */
    List<Option> all() {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(HELP), all.stream()).toList();
    }

    List<String> names() {
        return all().stream().map(Option::name).toList();
    }

    Optional<Option> named(String name) {
        if (name.equals(HELP.name())) return Optional.of(HELP);
        for (Option option : all) if (option.name().equals(name)) return Optional.of(option);
        return Optional.empty();
    }
}
