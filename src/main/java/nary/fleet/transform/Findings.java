package nary.fleet.transform;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that one run tells of all of it. */
final class Findings {
    private final boolean isStrict;
    private final List<Finding> all = new ArrayList<>();

    /** @param isStrict what is missed is an error, not a warning */
    Findings(boolean isStrict) {
        this.isStrict = isStrict;
    }

    void error(Place place, String text) {
        add(Finding.error(place, text));
    }

    void warning(Place place, String text) {
        add(Finding.warning(place, text));
    }

    /** A transform that has no effect, or not the one that was meant. */
    void missed(Place place, String text) {
        add(isStrict ? Finding.error(place, text) : Finding.warning(place, text));
    }

    /** Each thing is said once. */
    void add(Finding finding) {
        if (!all.contains(finding)) all.add(finding);
    }

    boolean hasErrors() {
        return all.stream().anyMatch(Finding::isError);
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
