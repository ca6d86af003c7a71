package nary.control;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Cron;
import nary.config.Expiry;
import nary.config.Glob;
import org.jspecify.annotations.Nullable;

/** {@link Expiry} as JSON. */
final class ExpiryCodec {
    private ExpiryCodec() {}

    static Map<String, @Nullable Object> encode(Expiry expiry) {
        return Fields.map(
                "maxMemory", expiry.maxMemory().orElse(null),
                "maxAge", Fields.seconds(expiry.maxAge()),
                "cron", expiry.cron().map(Cron::text).orElse(null),
                "watch", expiry.watch().stream().map(Glob::text).toList());
    }

    /** @throws IllegalArgumentException where a value is none */
    static Expiry decode(Fields in) throws WireException {
        List<Glob> watch = new ArrayList<>();
        for (String text : in.texts("watch")) watch.add(Glob.parse(text));
        return new Expiry(
                in.has("maxMemory") ? Optional.of(in.number("maxMemory")) : Optional.empty(),
                in.optionalSeconds("maxAge"),
                in.optionalText("cron").map(Cron::parse),
                watch);
    }
}
