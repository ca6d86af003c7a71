package nary.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What a file says about an app now, held against what it said when the app's present generation was made. */
public final class Differences {
    private final Map<String, List<String>> before = new LinkedHashMap<>();
    private final FileApp now;

    public Differences(Origin before, FileApp now) {
        this.now = now;
        for (String said : before.said()) {
            int equals = said.indexOf('=');
            this.before.computeIfAbsent(said.substring(0, equals), _ -> new ArrayList<>()).add(said.substring(equals + 1));
        }
    }

    /**
     * One line for each option that has changed and is for the app's life.
     *
     * @param typed options of the command line, which count before the file's
     */
    public List<String> needingStart(Collection<String> typed) {
        List<String> lines = new ArrayList<>();
        for (Option option : OptionTable.keys()) {
            boolean isFixed = option.scope() == Option.Scope.LIFE && !typed.contains(option.name());
            if (isFixed && hasChanged(option)) lines.add(line(option));
        }
        return lines;
    }

    private String line(Option option) {
        List<FileApp.Value> values = now.options().getOrDefault(option.name(), List.of());
        Place place = values.isEmpty() ? now.place() : values.getFirst().place();
        String its = now.name().isEmpty() ? "" : " " + now.name();
        return place + ": " + option.key() + ": a deploy cannot change it: nary stop" + its + ", then nary start" + its;
    }

    /** The value of an option that has changed; empty where it has not, or is not there any more. */
    public Optional<String> changed(String option) {
        Option row = OptionTable.startOption(option).orElseThrow();
        return hasChanged(row) ? values(option).stream().findFirst() : Optional.empty();
    }

    private boolean hasChanged(Option option) {
        List<String> then = before.getOrDefault(option.name(), List.of());
        return !usual(option, then).equals(usual(option, values(option.name())));
    }

    private List<String> values(String option) {
        return now.options().getOrDefault(option, List.of()).stream().map(FileApp.Value::text).toList();
    }

    /** The default where there is nothing, each quantity in one form, and pairs in any order. */
    private static List<String> usual(Option option, List<String> values) {
        if (values.isEmpty()) return option.fallback().isEmpty() ? List.of() : List.of(form(option, option.fallback()));
        Stream<String> forms = values.stream().map(value -> form(option, value));
        return option.kind() == Option.Kind.PAIR ? forms.sorted().toList() : forms.toList();
    }

    private static String form(Option option, String value) {
        if (option.words().contains(value)) return value;
        return switch (option.kind()) {
            case DURATION -> Durations.text(Durations.parse(value));
            case SIZE -> Long.toString(Sizes.parse(value));
            case FLAG, WORD, TEXT, PAIR, PATH, NUMBER -> value;
        };
    }
}
