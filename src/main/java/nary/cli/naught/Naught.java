package nary.cli.naught;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.Arrays;
import java.util.List;
import nary.cli.Caller;
import nary.cli.Console;
import nary.cli.Context;
import nary.cli.Parts;
import nary.cli.UsageError;
import nary.control.Refusal;

/** One command line under the name of naught, from its words to its exit code. */
public final class Naught {
    /** Under which the launcher was called. */
    public static final String NAME = "naught";

    static final int DONE = 0;
    static final int FAILED = 1;
    static final int INTERRUPTED = 130;

    private static final String VERSION = "1.6.0";

    private final Console console;
    private final Parts parts;

    public Naught(Console console, Parts parts) {
        this.console = console;
        this.parts = parts;
    }

    public int run(String... words) throws InterruptedException {
        String verb = words.length == 0 ? "" : words[0];
        try {
            Context context = new Context(console, Caller.current(), parts);
            return run(verb, words.length == 0 ? List.of() : Arrays.asList(words).subList(1, words.length), context);
        } catch (UsageError e) {
            // under this name the help says it
            Help.of(verb).forEach(console::err);
            return FAILED;
        } catch (FileSystemException e) {
            console.err("naught " + verb + ": " + Folders.text(e));
            return FAILED;
        } catch (Refusal | IOException e) {
            console.err("naught " + verb + ": " + e.getMessage());
            return FAILED;
        }
    }

    private int run(String verb, List<String> words, Context context) throws UsageError, Refusal, IOException, InterruptedException {
        return switch (verb) {
            case "start" -> new StartCommand(context).run(words);
            case "stop" -> new StopCommand(context).run(words);
            case "status" -> new StatusCommand(context).run(words);
            case "deploy" -> new DeployCommand(context).run(words);
            case "deploy-abort" -> new AbortCommand(context).run(words);
            case "version" -> version(words);
            case "help" -> help(words);
            default -> {
                showAll();
                yield FAILED;
            }
        };
    }

    private int version(List<String> words) throws UsageError {
        if (!words.isEmpty()) throw new UsageError("version takes no word");
        console.out(VERSION);
        return DONE;
    }

    private int help(List<String> words) {
        if (words.size() == 1 && Help.VERBS.contains(words.getFirst())) Help.of(words.getFirst()).forEach(console::out);
        else showAll();
        return DONE;
    }

    private void showAll() {
        for (String verb : Help.VERBS) {
            console.err("");
            Help.of(verb).forEach(console::err);
            console.err("");
        }
    }
}
