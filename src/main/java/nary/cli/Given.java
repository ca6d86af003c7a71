package nary.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import nary.config.ConfigException;
import nary.config.FileApp;
import nary.config.Option;
import nary.config.OptionTable;
import nary.config.Place;
import nary.config.Problems;

/**
 * What is said about an app: on the command line, and in the file where the command line is silent; variables of both count, the command
 * line's before the file's. A wrong value of the line ends the command; those of the file are collected.
 */
final class Given {
    /** Set one by one. */
    private static final String ENV = "--env";

    private final Map<String, List<Said>> said = new HashMap<>();
    private final List<String> typed = new ArrayList<>();
    private final List<String> command;
    private boolean isDaemon = true;
    private final Path base;
    private final Path home;
    private final Optional<FileApp> app;
    private final Problems problems;

    /** @param base relative paths begin there; @param place in the file; empty: typed */
    private record Said(String text, Path base, Optional<Place> place) {}

    private Given(List<String> command, Path base, Path home, Optional<FileApp> app, Problems problems) {
        this.command = command;
        this.base = base;
        this.home = home;
        this.app = app;
        this.problems = problems;
    }

    /** By the command line alone. */
    static Given typed(Arguments line, Caller caller) throws UsageError {
        Given given = new Given(line.words(), caller.directory(), caller.directory(), Optional.empty(), new Problems());
        given.take(line, caller.directory());
        return given;
    }

    /** @param problems get what is wrong in the file */
    static Given of(FileApp app, Arguments line, Caller caller, Problems problems) throws UsageError {
        Given given = new Given(app.command(), app.base(), app.home(), Optional.of(app), problems);
        app.options().forEach((name, values) -> given.said.put(name, values.stream().map(it -> new Said(it.text(), app.base(), Optional.of(it.place()))).toList()));
        given.take(line, caller.directory());
        return given;
    }

    private void take(Arguments line, Path directory) throws UsageError {
        isDaemon = StartOptions.isDaemon(line);
        for (Option option : OptionTable.of("start")) {
            List<Said> values = line.values(option.name()).stream().map(text -> new Said(text, directory, Optional.empty())).toList();
            if (values.isEmpty()) continue;
            List<Said> all = new ArrayList<>(option.name().equals(ENV) ? said.getOrDefault(ENV, List.of()) : List.of());
            all.addAll(values);
            said.put(option.name(), all);
            if (!option.name().equals("--file")) values.forEach(it -> typed.add(option.name() + "=" + text(option, it)));
        }
    }

    /** A path as it is meant, wherever it is read. */
    private static String text(Option option, Said value) {
        boolean isRelative = option.kind() == Option.Kind.PATH && !value.text().equals("-");
        return isRelative ? value.base().resolve(value.text()).normalize().toString() : value.text();
    }

    /** What was typed, each {@code --name=value}, paths absolute. */
    List<String> typed() {
        return List.copyOf(typed);
    }

    /** Where the app is defined. */
    Optional<FileApp> app() {
        return app;
    }

    List<String> command() {
        return command;
    }

    /** The app's directory unless it is named. */
    Path base() {
        return base;
    }

    /** The folder of the app's files unless they are named. */
    Path home() {
        return home;
    }

    boolean has(String option) {
        return said.containsKey(option);
    }

    Optional<String> value(String option) {
        return said(option).stream().findFirst().map(Said::text);
    }

    private List<Said> said(String option) {
        return said.getOrDefault(option, List.of());
    }

    /** The option's path, from where it was said. */
    Optional<Path> path(String option) {
        return paths(option).stream().findFirst();
    }

    List<Path> paths(String option) {
        return said(option).stream().map(it -> it.base().resolve(it.text()).normalize()).toList();
    }

    /** @param parser its IllegalArgumentException says what is wrong, and what to type instead; @return empty too if the file's value is wrong */
    <T> Optional<T> read(String option, Function<String, T> parser) throws UsageError {
        return readAll(option, parser).stream().findFirst();
    }

    <T> List<T> readAll(String option, Function<String, T> parser) throws UsageError {
        List<T> all = new ArrayList<>();
        for (Said each : said(option)) {
            try {
                all.add(parser.apply(each.text()));
            } catch (IllegalArgumentException e) {
                wrong(option, each, String.valueOf(e.getMessage()));
            }
        }
        return all;
    }

    /** The option, as it was said first, does not go. */
    void wrong(String option, String what) throws UsageError {
        if (said(option).isEmpty()) throw new UsageError(option + ": " + what);
        wrong(option, said(option).getFirst(), what);
    }

    private void wrong(String option, Said where, String what) throws UsageError {
        if (where.place().isEmpty()) throw new UsageError(option + ": " + what);
        problems.add(where.place().get(), option.substring(2) + ": " + what);
    }

    /** Nobody will see what goes to this command's own output. */
    boolean isDaemon() {
        return isDaemon;
    }

    /** To be called before what was read is used. @throws ConfigException with all that is wrong in the file */
    void check() throws ConfigException {
        problems.orThrow();
    }
}
