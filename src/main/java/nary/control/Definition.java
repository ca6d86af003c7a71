package nary.control;

import static nary.control.Fields.map;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Origin;
import nary.config.Settings;
import org.jspecify.annotations.Nullable;

/**
 * An app as its file defines it when it is deployed: what is not in it, is no more. What was inherited when it was started stays.
 *
 * @param directory logical, absolute
 * @param files of variables, absolute
 * @param set the variables themselves
 * @param settings what is for the app's life is as it was; its worker count does not count
 */
public record Definition(List<String> command, String directory, List<String> files, Map<String, String> set, Settings settings, Origin origin) {
    public Definition {
        command = List.copyOf(command);
        files = List.copyOf(files);
        set = Map.copyOf(set);
    }

    static @Nullable Object encode(Optional<Definition> definition) {
        return definition.map(Definition::encode).orElse(null);
    }

    private Map<String, @Nullable Object> encode() {
        return map(
                "command", command,
                "directory", directory,
                "files", files,
                "set", set,
                "settings", LaunchCodec.settings(settings),
                "origin", LaunchCodec.origin(origin));
    }

    static Definition decode(Fields in) throws WireException {
        return new Definition(
                in.texts("command"),
                in.text("directory"),
                in.texts("files"),
                in.textMap("set"),
                LaunchCodec.decodeSettings(in.object("settings")),
                LaunchCodec.decodeOrigin(in.object("origin")));
    }
}
