@org.jspecify.annotations.NullMarked
package nary.rollout;
