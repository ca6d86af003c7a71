/** {@code nary demo}: the main job, shown on real processes. */
@org.jspecify.annotations.NullMarked
package nary.demo;
