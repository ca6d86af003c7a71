package nary.fleet.spec;

import java.util.Locale;

/** Names of builds and environments: the case of their letters makes no difference. */
public final class Names {
    private Names() {}

    public static boolean same(String one, String other) {
        return fold(one).equals(fold(other));
    }

    /** Equal for names that are the same. */
    public static String fold(String name) {
        return name.strip().toLowerCase(Locale.ROOT);
    }

    /** For paths: {@code MyWebsite (Pkg)} is {@code mywebsite}. */
    public static String slug(String name) {
        String bare = fold(name).replaceFirst("\\s*\\(pkg\\)$", "");
        String slug = bare.replaceAll("[^a-z0-9._]+", "-").replaceAll("^[-.]+|[-.]+$", "");
        return slug.isEmpty() ? "app" : slug;
    }
}
