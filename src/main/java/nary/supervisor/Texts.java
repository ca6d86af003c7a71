package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Collectors;
import nary.config.Durations;
import nary.rollout.Rollout;

/** Sentences for people. */
final class Texts {
    private Texts() {}

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code generation 2 serves with 2 workers}; where a failed rollout left two: {@code generation 1 serves with 1 worker and generation 2 …}. */
    static String serves(App app) {
        String all = app.generations().values().stream().filter(it -> it.hasSlots() || it.serving() > 0).map(Texts::serves).collect(Collectors.joining(" and "));
        return all.isEmpty() ? "nothing serves" : all;
    }

    /** {@code generation 2 serves with 2 workers}, or {@code … with 1 of 2 workers}. */
    private static String serves(Generation generation) {
        int all = (int) generation.kept().count();
        int serving = generation.serving();
        String workers = serving == all ? count(all, "worker") : serving + " of " + count(all, "worker");
        return "generation " + generation.number() + " serves with " + workers;
    }

    static String inProgress(Rollout rollout, Instant now) {
        return "a deploy of generation " + rollout.to() + " is in progress for " + Durations.text(Duration.between(rollout.since(), now))
                + " (since " + rollout.since() + ", by " + rollout.by() + ", " + rollout.text() + ")";
    }
}
