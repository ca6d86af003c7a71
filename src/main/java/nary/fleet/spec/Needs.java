package nary.fleet.spec;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Section;

/**
 * What a server must have under an app; the key {@code prepare} of a fleet file.
 *
 * @param user the app runs as; {@code DOMAIN\\user} works
 * @param groups that the user must be in
 * @param limits as in limits.conf, for the user
 * @param packages of the server's own package manager
 * @param freeMegabytes that the disk must have for a release, 0 or more
 */
public record Needs(Optional<String> user, List<String> groups, List<Folder> folders, Map<String, String> limits, List<String> packages, int freeMegabytes) {
    private static final int USUAL_FREE = 500;
    private static final int MOST_FREE = 100_000_000;
    public static final Needs NONE = new Needs(Optional.empty(), List.of(), List.of(), Map.of(), List.of(), USUAL_FREE);

    public Needs {
        groups = List.copyOf(groups);
        folders = List.copyOf(folders);
        limits = Map.copyOf(limits);
        packages = List.copyOf(packages);
    }

    /** @param path absolute @param mode octal, without leading zeros */
    public record Folder(String path, Optional<String> owner, Optional<String> group, Optional<String> mode) {}

    static Needs read(Section section) {
        Optional<String> user = section.parsed("user", text -> name("user", text));
        List<String> groups = checked(section, "groups");
        List<String> packages = checked(section, "packages");
        List<Folder> folders = new ArrayList<>();
        for (Section each : section.sections("folders")) folder(each).ifPresent(folders::add);
        Map<String, String> limits = section.textMap("limits");
        limits.forEach((name, value) -> {
            boolean isGood = name.matches("[a-z]+") && value.matches("[0-9]+|unlimited");
            if (!isGood) section.complain("limits", "'" + name + ": " + value + "' is no limit, e.g. nofile: 65536");
        });
        if (!limits.isEmpty() && user.isEmpty()) section.complain("limits", "limits are a user's: say which, user: shop");
        if (!groups.isEmpty() && user.isEmpty()) section.complain("groups", "who is to be in them? user: shop");
        int free = section.integer("freeMegabytes", 0, MOST_FREE).orElse(USUAL_FREE);
        section.end();
        return new Needs(user, groups, folders, limits, packages, free);
    }

    private static List<String> checked(Section section, String key) {
        List<String> names = section.texts(key);
        for (String name : names) {
            try {
                name(key, name);
            } catch (IllegalArgumentException e) {
                section.complain(key, String.valueOf(e.getMessage()));
            }
        }
        return names;
    }

    private static String name(String what, String text) {
        boolean isGood = !text.isBlank() && !text.startsWith("-") && text.chars().noneMatch(c -> Character.isISOControl(c) || c == ':' || c == '/');
        if (isGood) return text;
        throw new IllegalArgumentException(what + ": '" + text + "' is no name");
    }

    private static Optional<Folder> folder(Section section) {
        section.require("path", "path: /var/lib/shop");
        Optional<String> path = section.parsed("path", Needs::absolute);
        Optional<String> owner = section.parsed("owner", text -> name("owner", text));
        Optional<String> group = section.parsed("group", text -> name("group", text));
        Optional<String> mode = section.parsed("mode", Needs::octal);
        section.end();
        return path.map(it -> new Folder(it, owner, group, mode));
    }

    private static String absolute(String text) {
        boolean isGood = text.startsWith("/") && text.chars().noneMatch(Character::isISOControl);
        if (isGood) return text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        throw new IllegalArgumentException("'" + text + "' is no absolute path");
    }

    private static String octal(String text) {
        if (text.matches("[0-7]{3,5}")) return text.replaceFirst("^0+(?=.{3})", "");
        throw new IllegalArgumentException("'" + text + "' is no mode like \"0750\"");
    }
}
