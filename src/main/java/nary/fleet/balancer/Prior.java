package nary.fleet.balancer;

import java.util.Map;

/**
 * How a server stood before it was touched; plain data for a journal.
 *
 * @param facts the driver's own names and values
 */
public record Prior(Map<String, String> facts) {
    public Prior {
        facts = Map.copyOf(facts);
    }
}
