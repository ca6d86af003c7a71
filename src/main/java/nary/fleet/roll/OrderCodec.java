package nary.fleet.roll;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import nary.control.Fields;
import nary.control.WireException;
import nary.fleet.balancer.Prior;
import nary.fleet.plan.Order;
import nary.fleet.plan.Rotation;
import nary.fleet.plan.Stage;
import org.jspecify.annotations.Nullable;

/** An order as JSON values, and back. */
final class OrderCodec {
    private OrderCodec() {}

    static Map<String, @Nullable Object> encode(Order order) {
        return Fields.map(
                "run", order.run(),
                "environment", order.environment(),
                "release", order.release(),
                "stages", order.stages().stream().map(OrderCodec::stage).toList(),
                "pauses", order.pauses(),
                "keeps", order.keeps(),
                "patience", Fields.seconds(order.patience()),
                "owed", owed(order.owed()));
    }

    static Order decode(Fields fields) throws WireException {
        List<Stage> stages = new ArrayList<>();
        for (Object stage : fields.list("stages")) stages.add(stage(Fields.of(stage)));
        return new Order(
                fields.text("run"),
                fields.text("environment"),
                fields.text("release"),
                stages,
                fields.bool("pauses"),
                fields.bool("keeps"),
                fields.seconds("patience"),
                owed(fields.object("owed")));
    }

    private static Map<String, @Nullable Object> stage(Stage stage) {
        return Fields.map(
                "name", stage.name(),
                "servers", stage.servers(),
                "kind", stage.kind().name(),
                "batch", stage.batch(),
                "canary", stage.canary().orElse(null),
                "leastServing", stage.leastServing(),
                "maxFailures", stage.maxFailures());
    }

    private static Stage stage(Fields fields) throws WireException {
        return new Stage(
                fields.text("name"),
                fields.texts("servers"),
                Stage.Kind.valueOf(fields.text("kind")),
                fields.integer("batch"),
                fields.optionalText("canary"),
                fields.integer("leastServing"),
                fields.integer("maxFailures"));
    }

    private static Map<String, @Nullable Object> owed(Map<String, Rotation> owed) {
        Map<String, @Nullable Object> all = new LinkedHashMap<>();
        owed.forEach((server, rotation) -> all.put(server, rotation(rotation)));
        return all;
    }

    private static Map<String, Rotation> owed(Fields fields) throws WireException {
        Map<String, Rotation> owed = new LinkedHashMap<>();
        for (String server : fields.names()) owed.put(server, rotation(fields.object(server)));
        return owed;
    }

    static Map<String, @Nullable Object> rotation(Rotation rotation) {
        return Fields.map("in", rotation.isIn(), "prior", rotation.prior().facts());
    }

    static @Nullable Map<String, @Nullable Object> rotation(Optional<Rotation> rotation) {
        return rotation.map(OrderCodec::rotation).orElse(null);
    }

    static Rotation rotation(Fields fields) throws WireException {
        return new Rotation(fields.bool("in"), new Prior(fields.textMap("prior")));
    }

}
