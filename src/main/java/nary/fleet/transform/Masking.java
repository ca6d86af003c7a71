package nary.fleet.transform;

import java.util.regex.Pattern;
import nary.config.Secrets;

/** What must not be printed: told by names, and by the form of addresses with a password in them. */
final class Masking {
    static final String STARS = Secrets.MASK;

    private static final String WORDS = "pass|pwd|secret|token|key|credential|private|auth|salt|cert|dsn|connection_?string|conn_?str";
    private static final Pattern NAME = Pattern.compile("(?i)" + WORDS);
    private static final Pattern ADDRESS = Pattern.compile("(://[^/@\\s:\"']*:)[^/@\\s\"']+(?=@)");
    /** {@code password=x}, {@code "password": "x"}, {@code DB_PASSWORD: x}; the name alone, without what {@code key="…"} is. */
    private static final Pattern ASSIGNED =
            Pattern.compile("(?i)([\\w.:-]*(?:pass|pwd|secret|token|credential|private|api_?key|access_?key|connection_?string)[\\w.:-]*[\"']?\\s*[=:]\\s*[\"']?)([^\"'\\s;,<>&]+)");
    /** {@code <add key="DbPassword" value="x"/>}. */
    private static final Pattern NAMED = Pattern.compile("(?i)((?:key|name)\\s*=\\s*[\"'][^\"']*(?:" + WORDS + ")[^\"']*[\"'][^<>]*?(?:value|connectionString)\\s*=\\s*)(\"[^\"]+\"|'[^']+')");

    private Masking() {}

    static boolean isSecret(String name, String value) {
        return NAME.matcher(name).find() || ADDRESS.matcher(value).find();
    }

    /** A line of a file with stars for what looks like a secret. */
    static String masked(String line) {
        String named = NAMED.matcher(line).replaceAll("$1\"" + STARS + "\"");
        String assigned = ASSIGNED.matcher(named).replaceAll("$1" + STARS);
        return ADDRESS.matcher(assigned).replaceAll("$1" + STARS);
    }
}
