package nary.fleet.transform;

/** Values of .env files, with their quotes. */
final class EnvValues {
    private EnvValues() {}

    /** A value as it may stand without quotes, or in such that hold it. */
    static String written(String value) {
        if (value.matches("[A-Za-z0-9_./:@%+,=-]*")) return value;
        boolean fitsInSingle = value.chars().noneMatch(c -> c == '\'' || c < ' ');
        return fitsInSingle ? "'" + value + "'" : "\"" + inQuotes(value) + "\"";
    }

    /** Inside double quotes. */
    static String inQuotes(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("$", "\\$").replace("\n", "\\n").replace("\r", "\\r");
    }
}
