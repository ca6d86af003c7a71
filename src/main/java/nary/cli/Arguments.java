package nary.cli;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** A parsed command line. */
final class Arguments {
    private final ParseResult parsed;

    private Arguments(ParseResult parsed) {
        this.parsed = parsed;
    }

    static Arguments parse(Options options, String... words) throws UsageError {
        CommandLine line = new CommandLine(options.spec()).setTrimQuotes(false).setExpandAtFiles(false).setInterpolateVariables(false);
        try {
            return new Arguments(line.parseArgs(words));
        } catch (UnmatchedArgumentException e) {
            throw new UsageError(unmatched(options, e.getUnmatched().getFirst()));
        } catch (MissingParameterException e) {
            throw new UsageError(missing(e));
        } catch (OverwrittenOptionException e) {
            throw new UsageError(e.getOverwritten().paramLabel() + " is given twice");
        } catch (ParameterException e) {
            throw new UsageError(String.valueOf(e.getMessage()));
        }
    }

    private static String unmatched(Options options, String word) {
        if (!word.startsWith("-")) return "'" + word + "' is one word too many";
        int equals = word.indexOf('=');
        String name = equals > 0 ? word.substring(0, equals) : word;
        String hint = Suggest.text(name, options.names());
        String ofCommand = options.takesCommand() && hint.isEmpty() ? "; options of the command come after the command itself" : "";
        return "there is no option " + name + hint + ofCommand;
    }

    private static String missing(MissingParameterException e) {
        var option = (CommandLine.Model.OptionSpec) e.getMissing().getFirst();
        return option.longestName() + " needs a value: " + option.longestName() + " " + option.paramLabel();
    }

    boolean wantsHelp() {
        return parsed.isUsageHelpRequested();
    }

    Optional<String> value(String option) {
        return Optional.ofNullable(parsed.matchedOptionValue(option, (String) null));
    }

    List<String> values(String option) {
        return parsed.matchedOptionValue(option, List.<String>of());
    }

    boolean isSet(String flag) {
        return parsed.hasMatchedOption(flag);
    }

    /** The words that are no options. */
    List<String> words() {
        return parsed.matchedPositionals().stream()
                .flatMap(positional -> positional.<List<String>>getValue() instanceof List<String> all ? all.stream() : Stream.<String>empty())
                .toList();
    }

    Optional<String> word() throws UsageError {
        List<String> words = words();
        if (words.size() > 1) throw new UsageError("'" + words.get(1) + "' is one word too many");
        return words.stream().findFirst();
    }
}
