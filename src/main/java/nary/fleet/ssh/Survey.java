package nary.fleet.ssh;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is on the server where something is to go: reads what its script prints. */
final class Survey implements Lines {
    enum Kind {
        NOTHING,
        FILE,
        FOLDER
    }

    /**
     * $1 the place, $2 the name of the one file that is to go there or nothing, then each basis. What an interrupted upload left is in $staging.
     * A file that goes to where a folder is goes into it.
     */
    static final String SCRIPT = """
            set -e
            place=$1; file=$2; shift 2
            case $place in */) mkdir -p -- "$place";; esac
            if [ -n "$file" ] && [ -d "$place" ]; then place=$place/$file; fi
            mkdir -p -- "$(dirname -- "$place")"
            place=$(realpath -m -- "$place")
            staging=$(dirname -- "$place")/.$(basename -- "$place").nary-partial
            echo "place $place"
            if [ -d "$place" ]; then echo kind FOLDER; elif [ -e "$place" ]; then echo kind FILE; else echo kind NOTHING; fi
            echo "free $(df -Pk -- "$(dirname -- "$place")" | awk 'NR == 2 { print $4 }')"
            sums() {
              echo folder
              cd "$HOME"
              if [ -d "$1" ]; then cd -- "$1"; find . -type f -exec sha256sum -- {} +; fi
            }
            if [ -d "$staging" ]; then cd -- "$staging"; find . -type f -printf 'size %s %p\\n'; fi
            sums "$staging"
            if [ -n "$file" ]; then
              echo folder
              if [ -f "$place" ]; then sha256sum -- "$place"; fi
              exit 0
            fi
            sums "$place"
            for basis in "$@"; do sums "$basis"; done
            """;

    private static final int SUM_CHARS = 64;

    private String place = "";
    private Kind kind = Kind.NOTHING;
    private long freeBytes = Long.MAX_VALUE;
    private final Map<String, Long> sizes = new HashMap<>();
    private final List<Map<String, String>> folders = new ArrayList<>();

    @Override
    public void line(Stream stream, String line) {
        if (stream == Stream.ERR) return;
        if (line.equals("folder")) folders.add(new HashMap<>());
        else if (!folders.isEmpty()) readSum(line, folders.getLast());
        else readFact(line);
    }

    private void readFact(String line) {
        int blank = line.indexOf(' ');
        String value = line.substring(blank + 1);
        switch (blank < 0 ? "" : line.substring(0, blank)) {
            case "place" -> place = value;
            case "kind" -> kind = Kind.valueOf(value);
            case "free" -> freeBytes = value.isBlank() ? Long.MAX_VALUE : Long.parseLong(value) * 1024;
            case "size" -> sizes.put(value.substring(value.indexOf(' ') + 1), Long.parseLong(value.substring(0, value.indexOf(' '))));
            default -> {
                // what a login script says
            }
        }
    }

    /** A line of sha256sum; one that begins with a backslash has its name escaped. */
    static void readSum(String line, Map<String, String> sums) {
        boolean isEscaped = line.startsWith("\\");
        String bare = isEscaped ? line.substring(1) : line;
        if (bare.length() < SUM_CHARS + 3) return;
        String name = bare.substring(SUM_CHARS + 2);
        sums.put(isEscaped ? name.replace("\\\\", "\\") : name, bare.substring(0, SUM_CHARS));
    }

    /** A line for {@code sha256sum -c}. */
    static String sumLine(String sha256, String name) {
        return name.indexOf('\\') < 0 ? sha256 + "  " + name : "\\" + sha256 + "  " + name.replace("\\", "\\\\");
    }

    boolean isWhole() {
        return !place.isEmpty() && folders.size() >= 2;
    }

    /** The path without symbolic links. */
    String place() {
        return place;
    }

    Kind kind() {
        return kind;
    }

    /** Of its file system, for this user. */
    long freeBytes() {
        return freeBytes;
    }

    /** Of what an interrupted upload has left. */
    Map<String, Long> partialSizes() {
        return sizes;
    }

    /** SHA-256 by path of what an interrupted upload has left. */
    Map<String, String> partial() {
        return folders.get(0);
    }

    /** SHA-256 by path of what is there. */
    Map<String, String> present() {
        return folders.get(1);
    }

    /** SHA-256 by path of each basis, in order. */
    List<Map<String, String>> bases() {
        return folders.subList(2, folders.size());
    }

    String staging() {
        int slash = place.lastIndexOf('/');
        return place.substring(0, slash + 1) + "." + place.substring(slash + 1) + ".nary-partial";
    }
}
