/** The roll of a release over many servers as a pure state machine: what happened in, what is to be done out. */
@org.jspecify.annotations.NullMarked
package nary.fleet.plan;
