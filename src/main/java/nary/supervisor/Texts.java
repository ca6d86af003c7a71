package nary.supervisor;

import java.time.Duration;
import java.time.Instant;
import nary.config.Durations;
import nary.rollout.Rollout;

/** Sentences for people. */
final class Texts {
    private Texts() {}

    static String count(int number, String thing) {
        return number + " " + thing + (number == 1 ? "" : "s");
    }

    /** {@code generation 2 serves with 2 workers}, or {@code … with 1 of 2 workers}. */
    static String serves(Generation generation) {
        int all = generation.slots().size();
        int serving = generation.serving();
        String workers = serving == all ? count(all, "worker") : serving + " of " + count(all, "worker");
        return "generation " + generation.number() + " serves with " + workers;
    }

    static String inProgress(Rollout rollout, Instant now) {
        return "a deploy of generation " + rollout.to() + " is in progress for " + Durations.text(Duration.between(rollout.since(), now))
                + " (since " + rollout.since() + ", by " + rollout.by() + ", " + rollout.stage().text() + ")";
    }
}
