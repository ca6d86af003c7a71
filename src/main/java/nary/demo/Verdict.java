package nary.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import nary.demo.load.Outcome;
import nary.demo.load.Recording;

/**
 * What the demo saw.
 *
 * @param accepted connections that the killed worker held when it was killed
 */
record Verdict(Recording deploying, Recording quiet, Recording killing, List<Duration> deploys, int planned, int accepted) {
    private static final Set<Outcome> LOST_WITH_A_WORKER = Set.of(Outcome.RESET, Outcome.CUT, Outcome.CLOSED_WHILE_IDLE);

    boolean deployedCleanly() {
        return deploys.size() == planned
                && deploying.ok() > 0
                && deploying.failures().isEmpty()
                && quiet.failures().isEmpty()
                && versions().size() == 2;
    }

    boolean crashedCleanly() {
        boolean onlyLost = killing.failures().stream().allMatch(a -> LOST_WITH_A_WORKER.contains(a.outcome()));
        return killing.ok() > 0 && onlyLost && lost() <= accepted;
    }

    boolean isGood() {
        return deployedCleanly() && crashedCleanly();
    }

    void print(PrintStream out) {
        out.printf("%n%-34s%16s%16s%16s%n", "", "while deploying", "while not", "worker killed");
        for (String version : versions()) row(out, "answers of " + version, r -> count(r.byVersion().getOrDefault(version, 0L)));
        for (Outcome outcome : Outcome.values()) {
            if (outcome != Outcome.OK) row(out, outcome.text(), r -> count(r.count(outcome)));
        }
        row(out, "median answer", r -> millis(r.histogram().percentile(0.5)));
        row(out, "99th percentile", r -> millis(r.histogram().percentile(0.99)));
        row(out, "slowest answer", r -> millis(r.slowest()));
        out.printf("%ndeploys done: %d of %d%s%n", deploys.size(), planned, deployTimes());
        out.printf("killed worker: had accepted %d connections, %d of them were lost%n", accepted, lost());
        deploying.failures().stream().limit(5).forEach(a -> out.println("failed while deploying: " + a.outcome() + " " + a.detail()));
        quiet.failures().stream().limit(5).forEach(a -> out.println("failed: " + a.outcome() + " " + a.detail()));
        out.printf("%n%s: %s%n", isGood() ? "PASSED" : "FAILED", summary());
    }

    private String summary() {
        long failed = deploying.failures().size() + quiet.failures().size();
        return String.format(
                Locale.ROOT,
                "%d deploys, %d of %d requests failed; %s",
                deploys.size(),
                failed,
                deploying.ok() + quiet.ok() + failed,
                crashedCleanly() ? "the killed worker took no more than what it had accepted" : "the crash cost more than the worker had accepted");
    }

    private String deployTimes() {
        if (deploys.isEmpty()) return "";
        List<Duration> sorted = deploys.stream().sorted().toList();
        return ", median " + millis(sorted.get(sorted.size() / 2)) + ", slowest " + millis(sorted.getLast());
    }

    private long lost() {
        return LOST_WITH_A_WORKER.stream().mapToLong(killing::count).sum();
    }

    private Set<String> versions() {
        Set<String> versions = new TreeSet<>(deploying.byVersion().keySet());
        versions.addAll(quiet.byVersion().keySet());
        return versions;
    }

    private void row(PrintStream out, String name, Function<Recording, String> cell) {
        out.printf("%-34s%16s%16s%16s%n", name, cell.apply(deploying), cell.apply(quiet), cell.apply(killing));
    }

    private static String count(long count) {
        return Long.toString(count);
    }

    private static String millis(Duration time) {
        return String.format(Locale.ROOT, "%.1f ms", time.toNanos() / 1e6);
    }
}
