package nary.fleet.roll;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import nary.fleet.ssh.Tree;
import org.jspecify.annotations.Nullable;

/** The files in which a release differs from the one that a server has; each sorted, without {@code ./}. */
record FileChanges(List<String> fresh, List<String> changed, List<String> gone) {
    private static final int MOST_LINES = 20;

    /**
     * @param there SHA-256 by path
     * @param shared paths that all releases share: what a package brings for them does not count
     */
    static FileChanges between(Map<String, String> there, Tree wanted, List<String> shared) {
        FileChanges changes = new FileChanges(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        SortedSet<String> paths = new TreeSet<>(there.keySet());
        paths.addAll(wanted.entries().keySet());
        for (String path : paths) {
            String name = path.substring("./".length());
            boolean isOfNary = name.equals(Parcel.NOTE);
            boolean isShared = shared.stream().anyMatch(it -> (name + "/").startsWith(it + "/"));
            if (!isOfNary && !isShared) changes.sort(name, there.get(path), wanted.entries().get(path));
        }
        return changes;
    }

    private void sort(String name, @Nullable String before, Tree.@Nullable Entry after) {
        boolean isFile = after instanceof Tree.Entry.File;
        if (before == null && isFile) fresh.add(name);
        else if (before != null && !isFile) gone.add(name);
        else if (after instanceof Tree.Entry.File file && !file.sha256().equals(before)) changed.add(name);
    }

    /** {@code 2 files change, 1 is new, 3 go}. */
    String text() {
        if (fresh.isEmpty() && changed.isEmpty() && gone.isEmpty()) return "no file changes";
        return changed.size() + " files change, " + fresh.size() + " are new, " + gone.size() + " go";
    }

    /** A line for each, with {@code ~}, {@code +} or {@code -}; of many the first. */
    List<String> lines() {
        List<String> all = new ArrayList<>();
        changed.forEach(it -> all.add("~ " + it));
        fresh.forEach(it -> all.add("+ " + it));
        gone.forEach(it -> all.add("- " + it));
        if (all.size() <= MOST_LINES) return all;
        List<String> some = new ArrayList<>(all.subList(0, MOST_LINES));
        some.add("… and " + (all.size() - MOST_LINES) + " more");
        return some;
    }
}
