/** A simulated kernel: deterministic, without threads of its own, held to the same contract as the real one. */
@org.jspecify.annotations.NullMarked
package nary.posix.sim;
