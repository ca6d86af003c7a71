package nary.fleet.plan;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What an operator asked for.
 *
 * @param run its name, unique
 * @param release the id that all servers are to have
 * @param pauses whether the operator is asked after the canary, or after the first that is done
 * @param keeps on failure: those that are done keep the new release
 * @param patience how long a server waits until the balancers see enough others as up
 * @param owed what the balancers had before an earlier run that ended with these servers out of rotation, by server
 */
public record Order(
        String run,
        String environment,
        String release,
        List<Stage> stages,
        boolean pauses,
        boolean keeps,
        Duration patience,
        Map<String, Rotation> owed) {
    public Order {
        stages = List.copyOf(stages);
        owed = Map.copyOf(owed);
    }
}
