package nary.control;

import static nary.control.Fields.map;
import static nary.control.Fields.seconds;

import java.util.Map;
import nary.config.Maintenance;
import org.jspecify.annotations.Nullable;

/** {@link Maintenance} as JSON. */
final class MaintenanceCodec {
    private MaintenanceCodec() {}

    static Map<String, @Nullable Object> encode(Maintenance how) {
        return map(
                "page", how.page().orElse(null),
                "retrySeconds", seconds(how.retryAfter()),
                "monitor", how.monitor().orElse(null),
                "monitorPasses", how.monitorPasses());
    }

    static Maintenance decode(Fields in) throws WireException {
        return new Maintenance(in.optionalText("page"), in.seconds("retrySeconds"), in.optionalText("monitor"), in.bool("monitorPasses"));
    }
}
