/** Words that all parts of the fleet share. It is their ground: the parts (configuration, plan, engine, balancers, ssh) are packages above it. */
@org.jspecify.annotations.NullMarked
package nary.fleet;
