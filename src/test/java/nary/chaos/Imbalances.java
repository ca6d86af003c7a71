package nary.chaos;

import java.util.ArrayList;
import java.util.List;

/** What is not as it has to be, each with its evidence. Thread-safe. */
final class Imbalances {
    private static final int ENOUGH = 30;

    private final List<String> all = new ArrayList<>();

    synchronized void add(String what) {
        all.add(what);
    }

    synchronized void expect(boolean holds, String what) {
        if (!holds) all.add(what);
    }

    synchronized boolean isEmpty() {
        return all.isEmpty();
    }

    synchronized List<String> shown() {
        List<String> shown = new ArrayList<>(all.subList(0, Math.min(ENOUGH, all.size())));
        if (all.size() > ENOUGH) shown.add("and " + (all.size() - ENOUGH) + " more");
        return shown;
    }
}
