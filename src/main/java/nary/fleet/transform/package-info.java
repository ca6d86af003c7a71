/** Configuration files and what changes them for one environment; whatever is not changed keeps its bytes. */
@org.jspecify.annotations.NullMarked
package nary.fleet.transform;
