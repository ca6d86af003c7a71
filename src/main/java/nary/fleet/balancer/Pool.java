package nary.fleet.balancer;

/**
 * The servers beside one, by the balancer's own view. With several balancers or pools: of the one that has the fewest up.
 *
 * @param up others that get requests now
 * @param total others that there are
 */
public record Pool(int up, int total) {}
