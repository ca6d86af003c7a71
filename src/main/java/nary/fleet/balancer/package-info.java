/** Load balancers: taking a server out of rotation and bringing it back. One file a driver. */
@org.jspecify.annotations.NullMarked
package nary.fleet.balancer;
