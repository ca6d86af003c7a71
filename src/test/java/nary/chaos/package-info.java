/** {@code bench/chaos}: all commands and all faults at random, and books that must balance. */
@org.jspecify.annotations.NullMarked
package nary.chaos;
