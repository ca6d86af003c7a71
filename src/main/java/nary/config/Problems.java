package nary.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with a file: collected, so that the user sees all of it at once. Not for several threads. */
public final class Problems {
    private static final int MOST = 50;

    private final List<Problem> all = new ArrayList<>();

    private record Problem(Place place, String what) {}

    /** @param what one line: what is wrong, and what to type instead */
    public void add(Place place, String what) {
        Problem problem = new Problem(place, what);
        if (!all.contains(problem)) all.add(problem);
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** In the file's order. */
    public List<String> lines() {
        List<String> lines = new ArrayList<>();
        all.stream().sorted(Comparator.comparing(Problem::place)).limit(MOST).forEach(it -> lines.add(it.place() + ": " + it.what()));
        if (all.size() > MOST) lines.add(all.getFirst().place().file() + ": and " + (all.size() - MOST) + " more");
        return lines;
    }

    /** To be called before anything that was read is used. @throws ConfigException with all problems, if there are any */
    public void orThrow() throws ConfigException {
        if (!all.isEmpty()) throw new ConfigException(lines());
    }
}
