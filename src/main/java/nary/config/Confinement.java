package nary.config;

import java.util.List;
import java.util.Optional;

/**
 * As whom, and within which limits, every worker of an app runs; for all its generations.
 *
 * @param identity empty: as nary itself
 * @param nice added to nary's own niceness, -20..19; nice(1)
 * @param umask 0..0777
 */
public record Confinement(Optional<Identity> identity, List<Limit> limits, Optional<Integer> nice, Optional<Integer> umask) {
    /** As nary itself. */
    public static final Confinement NONE = new Confinement(Optional.empty(), List.of(), Optional.empty(), Optional.empty());

    public Confinement {
        limits = List.copyOf(limits);
    }

    /** @param groups all of them, {@code gid} included */
    public record Identity(String name, int uid, int gid, List<Integer> groups) {
        public Identity {
            groups = List.copyOf(groups);
        }
    }

    /** setrlimit(2). @param name as prlimit(1) has it, e.g. {@code nofile}; @param soft and hard in the kernel's units, or {@code unlimited} */
    public record Limit(String name, String soft, String hard) {
        /** What prlimit(1) sets. */
        public static final List<String> NAMES = List.of(
                "as", "core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio", "rttime", "sigpending", "stack");

        private static final String UNLIMITED = "unlimited";

        /** {@code nofile=1024}, {@code nofile=1024:4096}, {@code core=unlimited}. @throws IllegalArgumentException saying what to type instead */
        public static Limit parse(String text) {
            String name = text.replaceFirst("=.*", "");
            if (!NAMES.contains(name)) throw new IllegalArgumentException("'" + name + "' is no limit; there are " + String.join(", ", NAMES));
            String[] values = text.substring(Math.min(text.length(), name.length() + 1)).split(":", -1);
            String soft = value(text, values[0]);
            String hard = value(text, values[values.length - 1]);
            if (values.length > 2) throw wrong(text);
            boolean isUpsideDown = !hard.equals(UNLIMITED) && (soft.equals(UNLIMITED) || Long.parseLong(soft) > Long.parseLong(hard));
            if (isUpsideDown) throw new IllegalArgumentException("'" + text + "': the soft limit is above the hard one");
            return new Limit(name, soft, hard);
        }

        private static String value(String whole, String text) {
            if (text.equals(UNLIMITED) || text.equals("infinity")) return UNLIMITED;
            if (!text.matches("[0-9]{1,18}")) throw wrong(whole);
            return text;
        }

        private static IllegalArgumentException wrong(String text) {
            return new IllegalArgumentException("'" + text + "' is no limit; use e.g. nofile=4096, nofile=1024:4096 or core=unlimited");
        }

        @Override
        public String toString() {
            return name + "=" + soft + ":" + hard;
        }
    }
}
