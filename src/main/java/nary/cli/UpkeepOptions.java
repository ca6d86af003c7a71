package nary.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import nary.config.Cron;
import nary.config.Expiry;
import nary.config.Glob;
import nary.config.Hooks;
import nary.config.Sizes;

/** The options of {@code nary start} for what nary does by itself: replace workers, and run commands when something has happened. */
final class UpkeepOptions {
    private static final Duration YOUNGEST = Duration.ofSeconds(1);

    private UpkeepOptions() {}

    static Options addTo(Options options) {
        return options.option("--max-memory", "SIZE|off", "replace a worker whose processes use more together (PSS), e.g. 500M, looked at every 10 s (default off)")
                .option("--max-age", "AGE|off", "replace a worker that has been ready for so long, e.g. 24h (default off)")
                .option("--cron", "SCHEDULE|off", "restart at these times, as in crontab(5): '0 4 * * *' (default off)")
                .repeated("--watch", "GLOB", "deploy when a file below the app's directory changes: *.js, 'src/**'; may be repeated")
                .pair("--on", "EVENT COMMAND", "run a shell command at ready, deployed, failed, crashed, stalled or stopped; may be repeated")
                .option("--on-timeout", "S", "how long such a command may take before it is killed (default 30)");
    }

    static Expiry expiry(Arguments arguments) throws UsageError {
        Optional<Duration> age = Values.durationOr("off", "--max-age", arguments.value("--max-age").orElse("off"));
        if (age.filter(it -> it.compareTo(YOUNGEST) < 0).isPresent()) throw new UsageError("--max-age: less than a second; use e.g. 24h");
        return new Expiry(unlessOff("--max-memory", arguments, Sizes::parse), age, unlessOff("--cron", arguments, Cron::parse), globs(arguments));
    }

    private static <T> Optional<T> unlessOff(String option, Arguments arguments, java.util.function.Function<String, T> parser) throws UsageError {
        Optional<String> typed = arguments.value(option).filter(it -> !it.equals("off"));
        return typed.isPresent() ? Optional.of(Values.parse(option, typed.get(), parser)) : Optional.empty();
    }

    private static List<Glob> globs(Arguments arguments) throws UsageError {
        List<Glob> globs = new ArrayList<>();
        for (String typed : arguments.values("--watch")) globs.add(Values.parse("--watch", typed, Glob::parse));
        return globs;
    }

    static Hooks hooks(Arguments arguments) throws UsageError {
        List<Hooks.Hook> all = new ArrayList<>();
        for (String typed : arguments.values("--on")) all.add(Values.parse("--on", typed, Hooks.Hook::parse));
        Optional<String> timeout = arguments.value("--on-timeout");
        return new Hooks(all, timeout.isPresent() ? Values.duration("--on-timeout", timeout.get()) : Hooks.NONE.timeout());
    }
}
