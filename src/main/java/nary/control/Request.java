package nary.control;

import static nary.control.Fields.map;
import static nary.control.Fields.seconds;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import nary.config.Maintenance;
import org.jspecify.annotations.Nullable;

/** What a client asks; each is answered once. */
public sealed interface Request {

    /** As it goes over the wire. Each encodes itself: a pattern switch is linked anew at each start, 10 ms of {@code nary status}. */
    Map<String, @Nullable Object> encode();

    record GetStatus() implements Request {
        static final String NAME = "status";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME);
        }
    }

    /** What the app was started with, as it is now. */
    record GetLaunch() implements Request {
        static final String NAME = "launch";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME);
        }
    }

    /** Where the environment of the generation that serves comes from. */
    record GetVariables() implements Request {
        static final String NAME = "variables";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME);
        }
    }

    /** From now on every notice, as {@link Message.Event}, until the connection closes. */
    record Follow() implements Request {
        static final String NAME = "follow";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME);
        }
    }

    record Deploy(DeployChange change) implements Request {
        static final String NAME = "deploy";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME, "change", Wire.encode(change));
        }
    }

    record Scale(ScaleChange change) implements Request {
        static final String NAME = "scale";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME, "change", Wire.encode(change));
        }
    }

    record Abort() implements Request {
        static final String NAME = "abort";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME);
        }
    }

    /** The files of the logs were moved away. */
    record ReopenLogs() implements Request {
        static final String NAME = "reopenLogs";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME);
        }
    }

    /** @param how empty: it opens again */
    record Close(Optional<Maintenance> how, String by) implements Request {
        static final String NAME = "close";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME, "how", how.map(MaintenanceCodec::encode).orElse(null), "by", by);
        }
    }

    record Stop(Optional<Duration> timeout, String by) implements Request {
        static final String NAME = "stop";

        @Override
        public Map<String, @Nullable Object> encode() {
            return map(DO, NAME, "timeoutSeconds", seconds(timeout), "by", by);
        }
    }

    /** The field that names the request. */
    String DO = "do";
}
