package nary.control;

import java.util.Map;
import java.util.Optional;
import nary.config.Output;
import org.jspecify.annotations.Nullable;

/** {@link Output} as JSON. */
final class OutputCodec {
    private OutputCodec() {}

    static Map<String, @Nullable Object> encode(Output output) {
        return Fields.map(
                "format", output.format().text(),
                "maxSize", output.maxSize().orElse(null),
                "maxFiles", output.maxFiles().orElse(null),
                "maxAge", Fields.seconds(output.maxAge()),
                "overflow", output.overflow().text());
    }

    static Output decode(Fields in) throws WireException {
        try {
            return new Output(
                    Output.Format.parse(in.text("format")),
                    in.has("maxSize") ? Optional.of(in.number("maxSize")) : Optional.empty(),
                    in.has("maxFiles") ? Optional.of(in.integer("maxFiles")) : Optional.empty(),
                    in.optionalSeconds("maxAge"),
                    Output.Overflow.parse(in.text("overflow")));
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }
}
