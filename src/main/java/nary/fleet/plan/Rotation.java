package nary.fleet.plan;

import nary.fleet.balancer.Prior;

/**
 * How the balancers had a server before it was touched.
 *
 * @param isIn it was meant to get requests, healthy or not
 */
public record Rotation(boolean isIn, Prior prior) {}
