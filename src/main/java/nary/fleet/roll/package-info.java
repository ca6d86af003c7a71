/** The engine of a fleet's run: what the plan wants done is done here, on servers and balancers, and is in the journal before it is done. */
@org.jspecify.annotations.NullMarked
package nary.fleet.roll;
