package nary.config;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where an app's environment comes from; what is named later counts before what is named earlier.
 *
 * @param inherited from the command that started the app, or from a deploy that took its caller's over
 * @param files of {@code --env-file}, absolute; read again at each deploy
 * @param fromFiles what they held when this was made
 * @param set by {@code --env}, and {@code env} in the app's file
 */
public record Variables(Map<String, String> inherited, List<String> files, Map<String, String> fromFiles, Map<String, String> set) {
    public Variables {
        inherited = Map.copyOf(inherited);
        files = List.copyOf(files);
        fromFiles = Map.copyOf(fromFiles);
        set = Map.copyOf(set);
    }

    /** All inherited. */
    public static Variables inherited(Map<String, String> environment) {
        return new Variables(environment, List.of(), Map.of(), Map.of());
    }

    /** The environment that they make. */
    public Map<String, String> all() {
        Map<String, String> all = new LinkedHashMap<>(inherited);
        all.putAll(fromFiles);
        all.putAll(set);
        return all;
    }

    /** With the files as they are now. @throws ConfigException with all that is wrong in them; @throws IOException if one cannot be read */
    public Variables read() throws ConfigException, IOException {
        return files.isEmpty() ? this : new Variables(inherited, files, EnvFile.read(files), set);
    }

    /** A whole environment is taken over: it counts before whatever was set until now. */
    public Variables takingOver(Map<String, String> environment) {
        Map<String, String> left = new LinkedHashMap<>(set);
        left.keySet().removeAll(environment.keySet());
        Map<String, String> both = new LinkedHashMap<>(inherited);
        both.putAll(environment);
        return new Variables(both, files, fromFiles, left);
    }

    public Variables setting(Map<String, String> more) {
        Map<String, String> both = new LinkedHashMap<>(set);
        both.putAll(more);
        return new Variables(inherited, files, fromFiles, both);
    }

    /** What the app's file says now takes the place of what it said before; what was inherited stays. */
    public Variables redefined(List<String> itsFiles, Map<String, String> itsSet) {
        return new Variables(inherited, itsFiles, Map.of(), itsSet);
    }

    public Variables withoutInherited(Set<String> names) {
        Map<String, String> left = new LinkedHashMap<>(inherited);
        left.keySet().removeAll(names);
        return new Variables(left, files, fromFiles, set);
    }
}
