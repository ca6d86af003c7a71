package nary.posix;

import java.util.Map;

/** Signal numbers, Linux x86-64 and aarch64. */
public final class Signals {
    private static final Map<String, Integer> NUMBERS = Map.ofEntries(
            Map.entry("HUP", 1), Map.entry("INT", 2), Map.entry("QUIT", 3), Map.entry("ILL", 4), Map.entry("TRAP", 5), Map.entry("ABRT", 6),
            Map.entry("BUS", 7), Map.entry("FPE", 8), Map.entry("KILL", 9), Map.entry("USR1", 10), Map.entry("SEGV", 11),
            Map.entry("USR2", 12), Map.entry("PIPE", 13), Map.entry("ALRM", 14), Map.entry("TERM", 15), Map.entry("CHLD", 17),
            Map.entry("CONT", 18), Map.entry("STOP", 19), Map.entry("TSTP", 20), Map.entry("TTIN", 21), Map.entry("TTOU", 22),
            Map.entry("WINCH", 28), Map.entry("SYS", 31));
    public static final int QUIT = 3;
    public static final int KILL = 9;
    public static final int TERM = 15;

    private Signals() {}

    /** {@code SIGTERM} for 15; {@code SIG42} for one without a name here. */
    public static String name(int number) {
        for (var entry : NUMBERS.entrySet()) if (entry.getValue() == number) return "SIG" + entry.getKey();
        return "SIG" + number;
    }

    /** Accepts {@code TERM}, {@code SIGTERM}, {@code 15}. @throws IllegalArgumentException if it is none */
    public static int number(String name) {
        String bare = name.toUpperCase(java.util.Locale.ROOT).replaceFirst("^SIG", "");
        Integer number = NUMBERS.get(bare);
        if (number != null) return number;
        if (bare.matches("[1-9][0-9]?") && Integer.parseInt(bare) <= 64) return Integer.parseInt(bare);
        throw new IllegalArgumentException("no such signal: " + name);
    }
}
