package nary.fleet.ssh;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import nary.fleet.ssh.Tree.Entry;

/** The script that verifies what has arrived in the staging folder ($1) and renames it into its place ($2). */
record Placing(Tree tree, Shipment shipment, Survey.Kind kind) {
    /** Exit status: something is not as it was here. */
    static final int CORRUPT = 64;

    /** Each list ends with this line; all names begin with a dot, all sums with a digit or a backslash. */
    private static final String END = "NARY_LIST_ENDS";

    String script() {
        return String.join("\n", "set -e", "staging=$1; place=$2", "cd -- \"$staging\"", verify(), links(), modes(shipment.staged()), move());
    }

    private String verify() {
        List<String> written = new ArrayList<>(shipment.staged());
        written.removeAll(new HashSet<>(shipment.waiting()));
        if (written.isEmpty()) return ":";
        return "sha256sum --quiet -c - " + list(written.stream().map(this::sum).toList(), " || exit " + CORRUPT);
    }

    private String sum(String path) {
        return Survey.sumLine(((Entry.File) entry(path)).sha256(), path);
    }

    private String links() {
        return paths(Entry.Link.class::isInstance).stream()
                .map(path -> "ln -s -- " + Quoting.word(((Entry.Link) entry(path)).target()) + " " + Quoting.word(path))
                .collect(Collectors.joining("\n"));
    }

    private String move() {
        if (!tree.isFolder()) return moveFile();
        return kind == Survey.Kind.FOLDER ? merge() : modes(deepestFirst()) + "\nmv -T -- \"$staging\" \"$place\"";
    }

    private String moveFile() {
        String name = tree.entries().firstKey();
        boolean isThere = !shipment.settled().isEmpty();
        String move = isThere ? "chmod " + mode(name) + " -- \"$place\"" : "mv -f -T -- " + Quoting.word(name) + " \"$place\"";
        return String.join("\n", move, "cd /", "rm -rf -- \"$staging\"");
    }

    private String merge() {
        List<String> moved = new ArrayList<>(shipment.staged());
        moved.addAll(paths(Entry.Link.class::isInstance));
        String moves = moved.isEmpty() ? ":" : "while IFS= read -r each; do mv -f -T -- \"$staging/$each\" \"$each\"; done " + list(moved, "");
        String settled = modes(shipment.settled());
        return String.join("\n", "cd -- \"$place\"", each("mkdir -p --", folders(tree)), moves, settled, modes(deepestFirst()), "rm -rf -- \"$staging\"");
    }

    /** A folder may lose its write permission only after what is in it has. */
    private List<String> deepestFirst() {
        return folders(tree).reversed();
    }

    private String modes(List<String> paths) {
        SortedMap<String, List<String>> byMode = new TreeMap<>();
        for (String path : paths) byMode.computeIfAbsent(mode(path), _ -> new ArrayList<>()).add(path);
        return byMode.entrySet().stream().map(same -> each("chmod " + same.getKey() + " --", same.getValue())).collect(Collectors.joining("\n"));
    }

    private String mode(String path) {
        int mode =
                switch (entry(path)) {
                    case Entry.File file -> file.mode();
                    case Entry.Folder folder -> folder.mode();
                    case Entry.Link _ -> throw new IllegalArgumentException(path + " has no mode");
                };
        return Integer.toOctalString(mode);
    }

    private Entry entry(String path) {
        Entry entry = tree.entries().get(path);
        if (entry == null) throw new IllegalArgumentException(path + " is not in the tree");
        return entry;
    }

    private List<String> paths(Predicate<Entry> which) {
        return tree.entries().entrySet().stream().filter(each -> which.test(each.getValue())).map(Map.Entry::getKey).toList();
    }

    static List<String> folders(Tree tree) {
        return tree.entries().entrySet().stream().filter(each -> each.getValue() instanceof Entry.Folder).map(Map.Entry::getKey).toList();
    }

    /** Runs a command on all names, on so many at once as go on a command line. */
    static String each(String command, List<String> names) {
        return names.isEmpty() ? ":" : "xargs -d '\\n' " + command + " " + list(names, "");
    }

    /** As the stdin of what stands before it. @param after on the same line */
    private static String list(List<String> lines, String after) {
        return "<<'" + END + "'" + after + "\n" + String.join("\n", lines) + "\n" + END;
    }
}
