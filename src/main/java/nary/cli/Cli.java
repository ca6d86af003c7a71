package nary.cli;

import java.io.IOException;
import java.util.Arrays;
import nary.config.ConfigException;
import nary.control.NoDaemon;
import nary.control.Refusal;

/** One command line, from its words to its exit code. */
public final class Cli {
    private final Console console;
    private final Parts parts;

    public Cli(Console console, Parts parts) {
        this.console = console;
        this.parts = parts;
    }

    public int run(String... words) throws InterruptedException {
        String name = words.length == 0 ? "help" : verbName(words[0]);
        try {
            Verb verb = Verbs.named(name).make().get();
            String[] rest = words.length == 0 ? words : Arrays.copyOfRange(words, 1, words.length);
            return run(name, verb, rest).number();
        } catch (UsageError e) {
            console.err("nary: " + e.getMessage() + " (nary help shows all commands)");
            return ExitCode.USAGE.number();
        }
    }

    private static String verbName(String word) {
        return switch (word) {
            case "-h", "--help" -> "help";
            case "-v", "--version" -> "version";
            default -> word;
        };
    }

    private ExitCode run(String name, Verb verb, String[] words) throws InterruptedException {
        try {
            Arguments arguments = Arguments.parse(verb.options(), words);
            if (arguments.wantsHelp()) return HelpVerb.show(verb.options(), console);
            return verb.run(arguments, new Context(console, Caller.current(), parts));
        } catch (UsageError e) {
            console.err("nary " + name + ": " + e.getMessage() + " (nary help " + name + ")");
            return ExitCode.USAGE;
        } catch (ConfigException e) {
            e.lines().forEach(console::err);
            return ExitCode.USAGE;
        } catch (Refusal e) {
            console.err("nary " + name + ": " + e.getMessage());
            return ExitCode.REFUSED;
        } catch (NoDaemon e) {
            console.err("nary " + name + ": " + e.getMessage());
            return ExitCode.NO_DAEMON;
        } catch (IOException e) {
            console.err("nary " + name + ": " + reason(e));
            return ExitCode.FAILED;
        }
    }

    /** The message of many file exceptions is the bare path. */
    static String reason(IOException e) {
        String message = String.valueOf(e.getMessage());
        return switch (e) {
            case java.nio.file.NoSuchFileException _ -> "there is no " + message;
            case java.nio.file.AccessDeniedException _ -> "no permission for " + message;
            case java.nio.file.FileAlreadyExistsException _ -> message + " is in the way";
            default -> message;
        };
    }
}
