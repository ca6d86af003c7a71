package nary.config;

import java.util.List;

/** docs/options.md, made from the option table. */
public final class OptionsPage {
    private static final List<String> COMMANDS = List.of("deploy", "restart", "scale", "stop", "up", "down", "status", "logs", "events", "env", "unit", "deploy-abort", "maintenance", "transform", "install");

    private static final String HEAD = """
            # Options

            Written from nary's own option table; `nary help COMMAND` prints the same. A time is a number of seconds (`30`, `0.5`) or has a unit
            (`250ms`, `5m`, `1h`, `7d`); a size is a number of bytes or has a unit of 1024 (`512K`, `10M`, `1G`).

            ## nary start, and nary.yml

            Each of these is an option of `nary start` and, without the dashes, a key of [nary.yml](configuration.md), except those of the last
            table. The command line counts before the file, the file before the default. "deploy": a deploy applies what has changed in the file;
            "start": it is for the app's life, and a change needs a new start.
            """;

    private static final String FLEET = """

            ## nary fleet

            Every command of [nary fleet](fleet/README.md) but `init` has these; below are what some have beside them.""";

    private OptionsPage() {}

    public static String text() {
        StringBuilder page = new StringBuilder(HEAD);
        for (OptionTable.Group group : OptionTable.start()) {
            boolean hasKeys = group.options().stream().anyMatch(Option::isKey);
            page.append("\n### ").append(group.title()).append("\n\n");
            page.append(hasKeys ? "| option | default | changed by | meaning |\n|---|---|---|---|\n" : "| option | default | meaning |\n|---|---|---|\n");
            for (Option option : group.options()) page.append(row(option, hasKeys));
        }
        for (String command : COMMANDS) add(page, "\n## nary " + command, OptionTable.of(command));
        page.append(FLEET);
        add(page, "", FleetOptions.common());
        for (String verb : FleetOptions.VERBS) add(page, "\n### nary fleet " + verb, FleetOptions.own(verb));
        return page.toString();
    }

    private static void add(StringBuilder page, String heading, List<Option> options) {
        page.append(heading).append("\n\n| option | default | meaning |\n|---|---|---|\n");
        for (Option option : options) page.append(row(option, false));
    }

    private static String row(Option option, boolean isKey) {
        String name = (option.name() + " " + option.label()).strip().replace("|", "\\|");
        String often = option.isRepeated() ? "; may be repeated" : "";
        String more = option.more().isEmpty() ? "" : " ([more](" + option.more() + "))";
        String changed = isKey ? " | " + (option.scope() == Option.Scope.LIFE ? "start" : "deploy") : "";
        return "| `" + name + "` | " + usual(option) + changed + " | " + option.about().replace("|", "\\|") + often + more + " |\n";
    }

    private static String usual(Option option) {
        if (!option.otherwise().isEmpty()) return option.otherwise();
        return option.fallback().isEmpty() ? "" : "`" + option.fallback() + "`";
    }
}
