package nary.cli;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import nary.config.ConfigException;
import nary.config.Secrets;
import nary.config.Variables;
import nary.control.Client;
import nary.control.NoDaemon;
import nary.control.Refusal;

/** {@code nary env}: the environment of the generation that serves, or what the next deploy would change of it. */
final class EnvVerb implements Verb {
    private static final Duration ANSWER_LIMIT = Duration.ofSeconds(10);

    @Override
    public Options options() {
        return new Options("env", "Show the environment of the app that runs. Secrets are masked: names with PASS, SECRET, TOKEN, KEY or CREDENTIAL, and passwords in URLs.").app();
    }

    @Override
    public ExitCode run(Arguments arguments, Context context) throws UsageError, ConfigException, Refusal, NoDaemon, IOException {
        Selection app = Selection.one(arguments, arguments.word(), context.caller());
        boolean isOpen = arguments.isSet("--reveal");
        try (Client client = Daemons.connect(app.ipc(), context.caller())) {
            Variables now = client.variables(ANSWER_LIMIT);
            if (arguments.isSet("--diff")) showDifference(now.all(), next(now, client, app, context).all(), isOpen, context.console());
            else new TreeMap<>(now.all()).forEach((name, value) -> context.console().out(line(name, value, isOpen)));
        }
        return ExitCode.DONE;
    }

    /** As a deploy that names nothing would make it. */
    private static Variables next(Variables now, Client client, Selection app, Context context) throws UsageError, ConfigException, Refusal, IOException {
        Optional<Redefinition> its = Redefinition.of(client, app, context);
        if (its.isEmpty()) return now.read();
        Variables said = its.get().next().release().variables();
        return now.redefined(said.files(), said.set()).read();
    }

    private static void showDifference(Map<String, String> now, Map<String, String> then, boolean isOpen, Console console) {
        TreeSet<String> names = new TreeSet<>(now.keySet());
        names.addAll(then.keySet());
        for (String name : names) {
            String before = now.get(name);
            String after = then.get(name);
            if (before != null && !before.equals(after)) console.out("- " + line(name, before, isOpen));
            if (after != null && !after.equals(before)) console.out("+ " + line(name, after, isOpen));
        }
    }

    /** One line, whatever the value holds. */
    private static String line(String name, String value, boolean isOpen) {
        return name + "=" + (isOpen ? value : Secrets.masked(name, value)).replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }
}
