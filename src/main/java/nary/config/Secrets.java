package nary.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** What is not shown of an environment: values whose name says that they are secret, and passwords inside of others. */
public final class Secrets {
    /** Stands for it, whatever its length. */
    public static final String MASK = "********";

    private static final Pattern NAME = Pattern.compile("PASS|SECRET|TOKEN|KEY|CREDENTIAL");

    /** {@code scheme://user:password@host}; a password that has an @ or a / too. */
    private static final Pattern IN_URL = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*://[^\\s:/@?#]*:)\\S*(?=@)");

    /** {@code ?password=…}, {@code ;password=…} */
    private static final Pattern IN_PARAMETER = Pattern.compile("(?i)([?&;][a-z_.-]*(?:pass|secret|token|key|credential)[a-z_.-]*=)[^&;\\s]*");

    private Secrets() {}

    /** The value as it may be shown. */
    public static String masked(String name, String value) {
        if (value.isEmpty()) return value;
        if (NAME.matcher(name.toUpperCase(Locale.ROOT)).find()) return MASK;
        String withoutUser = IN_URL.matcher(value).replaceAll("$1" + MASK);
        return IN_PARAMETER.matcher(withoutUser).replaceAll("$1" + MASK);
    }
}
