package nary.control;

import static nary.control.Fields.map;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.config.Confinement;
import nary.config.Confinement.Identity;
import nary.config.Confinement.Limit;
import org.jspecify.annotations.Nullable;

/** {@link Confinement} as a JSON object. */
final class ConfinementCodec {
    private ConfinementCodec() {}

    static Map<String, @Nullable Object> encode(Confinement confinement) {
        return map(
                "identity", confinement.identity().map(ConfinementCodec::identity).orElse(null),
                "limits", confinement.limits().stream().map(Limit::toString).toList(),
                "nice", confinement.nice().orElse(null),
                "umask", confinement.umask().orElse(null));
    }

    private static Map<String, @Nullable Object> identity(Identity identity) {
        return map("name", identity.name(), "uid", identity.uid(), "gid", identity.gid(), "groups", identity.groups());
    }

    static Confinement decode(Fields in) throws WireException {
        try {
            return new Confinement(
                    in.has("identity") ? Optional.of(decodeIdentity(in.object("identity"))) : Optional.empty(),
                    in.texts("limits").stream().map(Limit::parse).toList(),
                    optionalInteger(in, "nice"),
                    optionalInteger(in, "umask"));
        } catch (IllegalArgumentException e) {
            throw new WireException(String.valueOf(e.getMessage()));
        }
    }

    private static Identity decodeIdentity(Fields in) throws WireException {
        List<Integer> groups = new ArrayList<>();
        for (Object each : in.list("groups")) groups.add(new Fields(map("group", each)).integer("group"));
        return new Identity(in.text("name"), in.integer("uid"), in.integer("gid"), groups);
    }

    private static Optional<Integer> optionalInteger(Fields in, String name) throws WireException {
        return in.has(name) ? Optional.of(in.integer(name)) : Optional.empty();
    }
}
