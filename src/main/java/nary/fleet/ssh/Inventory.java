package nary.fleet.ssh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import nary.fleet.ssh.Tree.Entry;

/** What a tree on a server holds: reads what its script prints. */
final class Inventory implements Lines {
    /** $1 the file or folder. */
    static final String SCRIPT = """
            set -e
            from=$1
            case $from in */) from=${from%/};; esac
            if [ -d "$from" ]; then
              echo kind FOLDER
              cd -- "$from"
              find . -mindepth 1 -printf 'entry %y\\t%m\\t%s\\t%p\\t%l\\n'
              echo folder
              find . -type f -exec sha256sum -- {} +
            elif [ -f "$from" ]; then
              echo kind FILE
              cd -- "$(dirname -- "$from")"
              name=./$(basename -- "$from")
              find -L "$name" -printf 'entry %y\\t%m\\t%s\\t%p\\t%l\\n'
              echo folder
              sha256sum -- "$name"
            else
              echo kind NOTHING
            fi
            """;

    private final List<String[]> rows = new ArrayList<>();
    private final Map<String, String> sums = new HashMap<>();
    private Survey.Kind kind = Survey.Kind.NOTHING;
    private boolean isOfSums;

    @Override
    public void line(Stream stream, String line) {
        if (stream == Stream.ERR) return;
        if (isOfSums) Survey.readSum(line, sums);
        else if (line.equals("folder")) isOfSums = true;
        else if (line.startsWith("kind ")) kind = Survey.Kind.valueOf(line.substring(5));
        else if (line.startsWith("entry ")) rows.add(line.substring(6).split("\t", -1));
    }

    Survey.Kind kind() {
        return kind;
    }

    /** @throws IllegalArgumentException naming what cannot be brought here */
    SortedMap<String, Entry> entries() {
        SortedMap<String, Entry> entries = new TreeMap<>();
        for (String[] row : rows) {
            if (row.length != 5) throw new IllegalArgumentException("a name with a line break or a tab cannot be brought here: " + String.join(" ", row));
            entries.put(safe(row[3]), entry(row));
        }
        return entries;
    }

    private Entry entry(String[] row) {
        int mode = Integer.parseInt(row[1], 8) & 0777;
        return switch (row[0]) {
            case "f" -> new Entry.File(mode, Long.parseLong(row[2]), sum(row[3]));
            case "d" -> new Entry.Folder(mode);
            case "l" -> new Entry.Link(row[4]);
            default -> throw new IllegalArgumentException(row[3] + " is neither file, folder nor symbolic link");
        };
    }

    private String sum(String path) {
        String sum = sums.get(path);
        if (sum == null) throw new IllegalArgumentException(path + " could not be read");
        return sum;
    }

    /** A server does not choose where we write. */
    private static String safe(String path) {
        boolean isSafe = path.startsWith("./") && path.length() > 2 && !("/" + path + "/").contains("/../");
        if (!isSafe) throw new IllegalArgumentException("'" + path + "' is no path below the folder");
        return path;
    }
}
