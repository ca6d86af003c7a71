/** A bounded load generator that can tell the outcomes of a request apart. */
@org.jspecify.annotations.NullMarked
package nary.demo.load;
