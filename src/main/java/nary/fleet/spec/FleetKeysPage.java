package nary.fleet.spec;

/** docs/fleet/keys.md, made from the table of keys. */
final class FleetKeysPage {
    private FleetKeysPage() {}

    static String text() {
        var text = new StringBuilder("""
                # The keys of a fleet file

                Made from the table that the reader's schema, [fleet.schema.json](../fleet.schema.json), is made from. Keys that begin with `x-` are
                yours. A list of one may be written without brackets; durations are seconds, or `500ms`, `5m`.
                """);
        for (FleetKeys.Group group : FleetKeys.ALL) {
            text.append("\n## ").append(group.title()).append("\n\n| key | | default or example |\n|---|---|---|\n");
            for (FleetKeys.Key key : group.keys())
                text.append("| `").append(key.name()).append("` | ").append(key.about()).append(" | ").append(key.example().isEmpty() ? "" : "`" + key.example() + "`").append(" |\n");
        }
        return text.toString();
    }
}
