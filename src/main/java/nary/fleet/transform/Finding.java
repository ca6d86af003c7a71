package nary.fleet.transform;

/** What is wrong, in one line that begins with the place. It never holds the value of a variable. */
public record Finding(Severity severity, Place place, String text) {
    /** Parsers quote what they have read, over several lines perhaps. */
    public Finding {
        text = text.replaceAll("\\s*[\\r\\n\\u0085\\u2028\\u2029]\\s*", " ");
    }

    /** An error leaves every output as it was. */
    public enum Severity {
        WARNING,
        ERROR
    }

    static Finding error(Place place, String text) {
        return new Finding(Severity.ERROR, place, text);
    }

    static Finding warning(Place place, String text) {
        return new Finding(Severity.WARNING, place, text);
    }

    public boolean isError() {
        return severity == Severity.ERROR;
    }

    @Override
    public String toString() {
        return place + ": " + (isError() ? "" : "warning: ") + text;
    }
}
