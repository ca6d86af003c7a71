package nary.cli;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Option;
import nary.config.Suggest;

/** A parsed command line: {@code --name value} and {@code --name=value}, up to the first word that is no option, or {@code --}. */
final class Arguments {
    private final Options options;
    private final Map<String, List<String>> values = new HashMap<>();
    private final List<String> words = new ArrayList<>();
    private final List<String> tail = new ArrayList<>();
    private final List<String> line;
    private boolean isSeparated;

    private Arguments(Options options, List<String> line) {
        this.options = options;
        this.line = line;
    }

    static Arguments parse(Options options, String... words) throws UsageError {
        Arguments arguments = new Arguments(options, List.of(words));
        arguments.readAll();
        return arguments;
    }

    private void readAll() throws UsageError {
        int i = 0;
        while (i < line.size()) {
            String word = line.get(i);
            boolean isOption = word.startsWith("-") && word.length() > 1 && !isNumber(word);
            if (word.equals("--")) {
                isSeparated = true;
                (options.words().hasTail() ? tail : words).addAll(line.subList(i + 1, line.size()));
                break;
            }
            if (!isOption && options.words().isCommand()) {
                words.addAll(line.subList(i, line.size()));
                break;
            }
            i = isOption ? readOption(i) : readWord(i);
        }
        if (words.size() <= options.words().most()) return;
        String hint = options.words().hasTail() ? "; a command comes after --" : "";
        throw new UsageError("'" + words.get(options.words().most()) + "' is one word too many" + hint);
    }

    /** {@code -1} is a word: no option is a number. */
    private static boolean isNumber(String word) {
        return word.chars().skip(1).allMatch(Character::isDigit);
    }

    private int readWord(int at) {
        words.add(line.get(at));
        return at + 1;
    }

    /** The index after it. */
    private int readOption(int at) throws UsageError {
        String word = line.get(at);
        int equals = word.indexOf('=');
        String name = equals > 0 ? word.substring(0, equals) : word;
        Option option = options.named(name.equals("-h") ? "--help" : name).orElseThrow(() -> new UsageError(unknown(name)));
        boolean isAlone = option.kind() == Option.Kind.FLAG || equals > 0;
        if (option.kind() == Option.Kind.FLAG && equals > 0) throw new UsageError(name + " takes no value");
        String value = equals > 0 ? word.substring(equals + 1) : isAlone || at + 1 == line.size() ? "" : line.get(at + 1);
        boolean isPair = option.isTwoWords() && equals < 0 && value.indexOf('=') < 0;
        boolean isMissing = value.isEmpty() || (equals < 0 && options.named(value).isPresent()) || isPair && at + 2 >= line.size();
        if (option.kind() != Option.Kind.FLAG && isMissing) throw new UsageError(name + " needs a value: " + name + " " + option.label());
        List<String> given = values.computeIfAbsent(option.name(), _ -> new ArrayList<>());
        if (!option.isRepeated() && option.kind() != Option.Kind.FLAG && !given.isEmpty()) throw new UsageError(name + " is given twice");
        given.add(isPair ? value + "=" + line.get(at + 2) : value);
        return at + (isAlone ? 1 : isPair ? 3 : 2);
    }

    private String unknown(String name) {
        String hint = Suggest.text(name, options.names());
        String ofCommand = options.words().isCommand() && hint.isEmpty() ? "; options of the app come after its command" : "";
        return "there is no option " + name + hint + ofCommand;
    }

    /** The same line for a command that takes other words. */
    Arguments again(Options others) throws UsageError {
        return parse(others, line.toArray(String[]::new));
    }

    /** The words came after {@code --}: whatever they look like, they are a command. */
    boolean isSeparated() {
        return isSeparated;
    }

    boolean wantsHelp() {
        return isSet("--help");
    }

    Optional<String> value(String option) {
        return values(option).stream().findFirst();
    }

    List<String> values(String option) {
        return values.getOrDefault(option, List.of());
    }

    /** All options with a value, each {@code --name=value}, in the table's order. */
    List<String> typed() {
        return options.names().stream().flatMap(name -> values(name).stream().filter(value -> !value.isEmpty()).map(value -> name + "=" + value)).toList();
    }

    boolean isSet(String flag) {
        return values.containsKey(flag);
    }

    /** The words that are no options. */
    List<String> words() {
        return words;
    }

    /** The command after {@code --}. */
    List<String> tail() {
        return tail;
    }

    Optional<String> word() {
        return words.stream().findFirst();
    }
}
