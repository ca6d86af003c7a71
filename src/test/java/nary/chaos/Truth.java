package nary.chaos;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether what commands said is what was seen. */
final class Truth {
    private static final Pattern SERVES = Pattern.compile("generation (\\d+) serves with (?:\\d+ of )?(\\d+) workers?");
    private static final Pattern ONLINE = Pattern.compile("(\\d+) workers? online");

    private final Imbalances imbalances;

    Truth(Imbalances imbalances) {
        this.imbalances = imbalances;
    }

    /** The generations that an outcome names, each with its workers. */
    static Map<Integer, Integer> named(String outcome) {
        Map<Integer, Integer> named = new TreeMap<>();
        for (Matcher it = SERVES.matcher(outcome); it.find(); ) named.put(Integer.valueOf(it.group(1)), Integer.valueOf(it.group(2)));
        return named;
    }

    /** One that ran alone. @param newest the greatest number of a generation before it */
    void judge(Step step, Order order, Command.End end, Scene.Calm before, Scene.Calm after, int newest) {
        codeIsPossible(step, order, end);
        if (end.exit() == 3) same(end, before, after);
        else if (order.verb() == Order.Verb.SCALE) scaled(order, end, before, after);
        else rolledOut(order, end, before, after, newest);
    }

    /** Of several only one at a time may be at work; the last that was decides. */
    void judgeTogether(Map<Order, Command.End> ends, Scene.Calm after) {
        Command.End last = null;
        for (var each : ends.entrySet()) {
            Command.End end = each.getValue();
            expect(Set.of(0, 1, 3).contains(end.exit()), "exit code", end);
            boolean overlaps = ends.values().stream().anyMatch(it -> it != end && it.begun() < end.ended() && end.begun() < it.ended());
            expect(end.exit() != 3 || overlaps, "refused although nothing was in progress", end);
            expect(each.getKey().isGood() || end.exit() != 0, "a bad version was deployed", end);
            if (end.exit() != 3 && (last == null || end.ended() > last.ended())) last = end;
        }
        if (last == null) {
            imbalances.add("each was refused because of the other: " + ends.values());
            return;
        }
        Map<Integer, Integer> named = named(last.said());
        expect(named.isEmpty() || named.equals(after.workers()), "it named " + named + ", what serves is " + after.workers(), last);
    }

    private void codeIsPossible(Step step, Order order, Command.End end) {
        Set<Integer> possible = new TreeSet<>();
        if (order.isGood()) possible.add(0);
        if (!order.isGood() || !step.faults().isEmpty()) possible.add(1);
        if (order.hasTimeout()) possible.add(5);
        if (step.aborts()) possible.add(130);
        expect(possible.contains(end.exit()), "exit code " + end.exit() + " is none of " + possible, end);
        expect(end.exit() == 0 || end.exit() == 130 || !end.said().isBlank(), "no reason", end);
    }

    private void same(Command.End end, Scene.Calm before, Scene.Calm after) {
        expect(before.workers().equals(after.workers()), "refused, and yet " + before.workers() + " became " + after.workers(), end);
    }

    private void scaled(Order order, Command.End end, Scene.Calm before, Scene.Calm after) {
        Matcher online = ONLINE.matcher(end.said());
        int workers = after.workers().values().stream().mapToInt(Integer::intValue).sum();
        int was = before.workers().values().stream().mapToInt(Integer::intValue).sum();
        String wish = order.words().get(1);
        int wanted = wish.startsWith("+") ? was + Integer.parseInt(wish.substring(1)) : Integer.parseInt(wish);
        // who is interrupted twice leaves without an answer; fewer workers is what cannot be called back
        boolean hasLeft = end.exit() == 130 && (workers == was || workers == wanted);
        if (online.find()) expect(Integer.parseInt(online.group(1)) == workers, "there are " + workers + " workers", end);
        else expect(hasLeft || end.exit() == 0 && end.said().startsWith("already"), "no count of workers", end);
        expect(end.exit() != 0 || workers == wanted, "done, with " + workers + " workers", end);
        expect(end.exit() == 0 || workers == was || workers == wanted, "neither as before nor as wanted: " + was + ", now " + workers, end);
        expect(before.workers().keySet().containsAll(after.workers().keySet()), "another version", end);
    }

    private void rolledOut(Order order, Command.End end, Scene.Calm before, Scene.Calm after, int newest) {
        Map<Integer, Integer> named = named(end.said());
        if (named.isEmpty()) {
            // left by Ctrl+C before it had asked
            expect(end.exit() == 130, "it names nobody who serves", end);
            same(end, before, after);
            return;
        }
        expect(named.equals(after.workers()), "it named " + named + ", what serves is " + after.workers(), end);
        Set<Integer> possible = new TreeSet<>(before.workers().keySet());
        possible.add(newest + 1);
        expect(possible.containsAll(after.workers().keySet()), "serving now: " + after.workers() + "; before: " + before.workers(), end);
        boolean isNewAlone = after.workers().keySet().equals(Set.of(newest + 1));
        expect(end.exit() != 0 || isNewAlone, "done, and yet others serve: " + after.workers(), end);
        expect(order.isGood() || !after.workers().containsKey(newest + 1), "a bad version serves", end);
        if (end.said().endsWith("as before")) expect(after.workers().equals(before.workers()), "not as before: " + before.workers(), end);
    }

    private void expect(boolean holds, String what, Command.End end) {
        imbalances.expect(holds, what + "\n" + end);
    }
}
