package nary.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import nary.config.Hooks;
import org.jspecify.annotations.Nullable;

/** {@link Hooks} as JSON. */
final class HooksCodec {
    private HooksCodec() {}

    static Map<String, @Nullable Object> encode(Hooks hooks) {
        return Fields.map("on", hooks.all().stream().map(Hooks.Hook::text).toList(), "timeout", Fields.seconds(hooks.timeout()));
    }

    static Hooks decode(Fields in) throws WireException {
        try {
            List<Hooks.Hook> all = new ArrayList<>();
            for (String text : in.texts("on")) all.add(Hooks.Hook.parse(text));
            return new Hooks(all, in.seconds("timeout"));
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }
}
